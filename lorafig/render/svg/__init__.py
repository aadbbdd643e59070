"""Scene to SVG. svgwrite, the serialiser, is imported in this folder alone."""

from lorafig.render.svg.numbers import number
from lorafig.render.svg.picture import Text, identity, render

__all__ = ["Text", "identity", "number", "render"]
