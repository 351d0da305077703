"""From a corpus to trained vectors."""

from w2v.training.model import Model
from w2v.training.pipeline import train_vectors
from w2v.training.report import Report
from w2v.training.trainer import train

__all__ = ["Model", "Report", "train", "train_vectors"]
