"""A layered layout of boxes and arrows: pure geometry in, pure geometry out.

The way of Sugiyama, Tagawa and Toda (1981) in the steps that Gansner, Koutsofios, North and Vo (1993) gave
it: break cycles, give ranks, order each layer, find coordinates, route. Nothing here knows of specs,
labels or backends; nothing is drawn at random, so the same input gives the same numbers.
"""

from lorafig.layered.arrange import arrange
from lorafig.layered.diagram import Arrangement, Box, Cluster, Direction, Edge, Gaps, Outline, Point, Route

__all__ = [
    "Arrangement",
    "Box",
    "Cluster",
    "Direction",
    "Edge",
    "Gaps",
    "Outline",
    "Point",
    "Route",
    "arrange",
]
