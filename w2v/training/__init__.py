"""From a corpus to trained vectors.

`pipeline` has all steps in order: `starting_point` says where the run starts, `model` makes the matrices, `trainer`
trains them, `checkpoint` saves them, `report` says what came out. Within the trainer, `schedule` gives the order of the
blocks and their learning rates, and `workers` are the threads that take them. How they share the model is a scheme:
`hogwild`, where all change the same rows, or `synchronous`, in rounds; `kernel_setup` is what both hand to the kernels.
`run_state` adds up what was done. `training_corpus` is what they need of a text.
"""

from w2v.training.model import Model
from w2v.training.pipeline import train_vectors
from w2v.training.report import Report, TrainingResult
from w2v.training.run_state import RunState
from w2v.training.trainer import train
from w2v.training.training_corpus import Corpus

__all__ = ["Corpus", "Model", "Report", "RunState", "TrainingResult", "train", "train_vectors"]
