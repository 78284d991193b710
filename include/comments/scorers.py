"""The scorer that the desk uses unless it is given another."""

from functools import cache

from include.comments.model import LinearScorer
from include.domain.comments import Scorer


@cache
def default() -> Scorer:
    """The model that ships with the project; read once, at the first call."""
    return LinearScorer.load()
