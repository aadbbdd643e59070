"""Scene to TikZ."""

from lorafig.render.tikz.picture import render

__all__ = ["render"]
