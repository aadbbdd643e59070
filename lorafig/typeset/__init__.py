"""A label's tree becomes outlines and sizes here, and nowhere else."""

from lorafig.typeset.label import LatinModern, Typesetter
from lorafig.typeset.line import SetLine

__all__ = ["LatinModern", "SetLine", "Typesetter"]
