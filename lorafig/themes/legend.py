"""The words of a legend for what an author gives no words of one's own: `legend.json`.

What has no word there stands in a legend only if the author gives it one.
"""

from __future__ import annotations

from collections.abc import Mapping

from lorafig.scene import Dash
from lorafig.values import read_table

WORDS: Mapping[str, str] = read_table(__file__, "legend.json", dict[str, str])
# The palette's role of the areas that a key of the legend is about.
AREAS: Mapping[str, str] = {
    "frozen": "frozen",
    "trained": "adapter",
    "merged": "merged",
    "activation": "activation",
    "plain": "plain",
}
# How a line of a kind is broken; any other is whole.
DASHES: Mapping[str, Dash] = {"gradient": "dashed", "control": "dashed", "memory": "dotted"}
LINES = ("data", "skip", "gradient", "update", "control", "memory")
# What badges say in the words of a key; the other badges have a word of their own.
BADGES: Mapping[str, str] = {"frozen": "frozen", "lock": "frozen", "trainable": "trained"}
