"""Mermaid flowcharts, in and out: `read` and `to_figure` make a figure of one, `write.render` writes one."""

from lorafig.mermaid.figure import to_figure
from lorafig.mermaid.read.parse import read

__all__ = ["read", "to_figure"]
