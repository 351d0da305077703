"""What is kept of training: words and one vector each."""

from w2v.vectors.nearest import Neighbour
from w2v.vectors.queryable import Question
from w2v.vectors.vectors import Vectors, load

__all__ = ["Neighbour", "Question", "Vectors", "load"]
