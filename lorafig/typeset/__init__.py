"""A label's tree becomes outlines and sizes here, and nowhere else."""

from lorafig.typeset.label import LatinModern, SetLine, Typesetter

__all__ = ["LatinModern", "SetLine", "Typesetter"]
