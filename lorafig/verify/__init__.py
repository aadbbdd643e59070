"""Claims and verdicts: what a figure says, and whether it is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lorafig.language.model import Figure
    from lorafig.scene import Scene
    from lorafig.verify.report import Claim, Report

__all__ = ["decide_claim", "verify", "verify_texts"]


def verify(figure: Figure, scene: Scene | None = None, *, floating: bool = True) -> Report:
    """Every claim of a figure with its verdict; with a scene, what is drawn is held to it too.

    `floating` is False to leave out the evaluation in float64, and with it NumPy.
    """
    from lorafig.verify.figure.claims import of_figure

    return of_figure(figure, scene, floating)


def verify_texts(figure: Figure, texts: Sequence[str]) -> Report:
    """The claims of texts that stand beside the figure, on a page say, as those of its caption are."""
    from lorafig.verify.figure.claims import beside

    return beside(figure, texts)


def decide_claim(
    text: str,
    *,
    dims: Mapping[str, int] | None = None,
    shapes: Mapping[str, tuple[str, ...]] | None = None,
    scalars: Mapping[str, Fraction] | None = None,
    lets: Sequence[str] = (),
    adapter: str = "lora",
    rounding: str = "nearest",
    network: str | None = None,
    targets: Sequence[str] = (),
) -> Claim:
    """One claim by itself. What of `dims`, `shapes` and `scalars` is given names the only symbols of its
    kind; where none are, those of the adapter hold, whatever their values. Beside shapes that fit
    the adapter's, x, h and the update are its own. A `network`, by its name or the path of its config.json,
    gives values to n_params, n_layers and its other sizes; with `targets`, to d and
    k where all have one shape, and with r to n_trained.

    Raises LorafigError for a text that cannot be read, and for definitions that do not fit.
    """
    from lorafig.verify.single import decide_one

    given = dims or {}, shapes or {}, scalars or {}, lets
    return decide_one(text, *given, adapter, rounding, network, targets)
