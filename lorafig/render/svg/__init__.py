"""Scene to SVG. svgwrite, the serialiser, is imported in this folder alone."""

from lorafig.render.svg.numbers import number
from lorafig.render.svg.picture import Text, identity, render
from lorafig.render.svg.schemes import following

__all__ = ["Text", "following", "identity", "number", "render"]
