"""What is kept of training: words and one vector each."""

from w2v.vectors.nearest import Neighbour
from w2v.vectors.query import Query
from w2v.vectors.vectors import Vectors

__all__ = ["Neighbour", "Query", "Vectors", "load"]

load = Vectors.load
