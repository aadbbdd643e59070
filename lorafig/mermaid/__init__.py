"""Mermaid flowcharts, in and out: `read` and `to_figure` make a figure of one, `write.render` writes one."""

from lorafig.mermaid.read.parse import read
from lorafig.mermaid.to_figure import to_figure

__all__ = ["read", "to_figure"]
