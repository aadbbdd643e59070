"""A pipeline of steps, run on a small attention block and on files in a folder of its own.

with opened(Setting("lora", 768, 768, 8)) as workshop:
    stage, outcome = step(workshop, Stage(), Step("load"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from lorafig.core.pipeline import deploy, steps
from lorafig.core.pipeline.attention import Projection
from lorafig.core.pipeline.stage import Action, Impossible, Outcome, Setting, Stage, Step
from lorafig.core.pipeline.workshop import Result, Workshop
from lorafig.errors import LorafigError, Problem

TABLE: Mapping[Action, Callable[[Workshop, Stage, tuple[Projection, ...]], Result]] = {
    "load": steps.load,
    "freeze": steps.freeze,
    "inject": steps.inject,
    "forward": steps.run_forward,
    "train": steps.train,
    "save": deploy.save,
    "load_adapter": deploy.load_adapter,
    "merge": deploy.merge,
    "unmerge": deploy.unmerge,
}


@contextmanager
def opened(setting: Setting) -> Iterator[Workshop]:
    """A workshop with a temporary folder that nobody else may read, removed at the end."""
    from tempfile import TemporaryDirectory

    try:
        made = TemporaryDirectory(prefix="lorafig-")
    except OSError as error:
        what = f"cannot make a temporary folder: {error.strerror or error}"
        raise LorafigError(
            Problem(what, None, "set TMPDIR to a folder that can be written"), "tool"
        ) from None
    with made as folder:
        yield Workshop(setting, folder)


def step(workshop: Workshop, stage: Stage, one: Step) -> tuple[Stage | None, Outcome]:
    """Does one step: where the pipeline then is, None where the step cannot be done or does not hold."""
    import numpy as np

    try:
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            then, outcome = TABLE[one.action](workshop, stage, one.projections)
    except Impossible as reason:
        return None, Outcome("fails", reason.what, hint=reason.hint)
    except (FloatingPointError, OverflowError):
        alpha = "" if workshop.setting.alpha is None else f" with alpha = {float(workshop.setting.alpha):.3g}"
        return None, Outcome("undetermined", f"{one.action} leaves the range of float64{alpha}")
    return (then if outcome.verdict == "holds" else None), outcome


def agree(workshop: Workshop, one: Stage, other: Stage) -> tuple[float, float] | None:
    """How far the outputs of two stages are apart, and what rounding alone can make that; None where one of
    them has no model."""
    from lorafig.core.pipeline import rounding
    from lorafig.core.pipeline.attention import forward

    if one.block is None or other.block is None:
        return None
    x, _ = workshop.tokens()
    errors = []
    for stage in (one, other):
        # A merged weight hides the parts that it was rounded from: the block apart has their sizes.
        block = stage.block if stage.apart is None else stage.apart
        assert block is not None
        errors.append(rounding.error(forward(block, x), rounding.sizes(block), x))
    return rounding.worst(forward(one.block, x).y - forward(other.block, x).y, errors[0] + errors[1])
