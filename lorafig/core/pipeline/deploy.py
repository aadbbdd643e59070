"""The steps of a pipeline after training: the adapter as a file, loaded again, merged, and taken apart.

Files are real ones; each step is held to what it is said to do.
"""

from __future__ import annotations

import hashlib
import os
from fractions import Fraction

from msgspec.structs import replace

from lorafig.core.arrays import gamma
from lorafig.core.files import checkpoint
from lorafig.core.files.folder import WEIGHTS
from lorafig.core.pipeline import rounding
from lorafig.core.pipeline.attention import PROJECTIONS, Block, Line, Projection, forward, heads_of
from lorafig.core.pipeline.stage import Impossible, Outcome, Saved, Stage
from lorafig.core.pipeline.workshop import (
    Result,
    Workshop,
    listed,
    loaded,
    module,
    read_only,
    started,
    verdict,
)
from lorafig.core.steady import steady


def save(workshop: Workshop, stage: Stage, projections: tuple[Projection, ...]) -> Result:
    """A file with the adapters' arrays and nothing else, to the byte."""
    block = loaded(stage, "save has nothing to save")
    if stage.apart is not None:
        what = "save has no adapter to save: the adapters were merged into the weights before it"
        raise Impossible(what, "save the adapter before merging it")
    if not block.adapted:
        raise Impossible(
            "save has no adapter to save: none was injected before it", "inject one: does: {inject: [q, v]}"
        )
    setting = workshop.setting
    folder = os.path.join(workshop.folder, f"adapter-{workshop.files}")
    workshop.files += 1
    states = {module(name): block.lines[name].state for name in block.adapted}
    header = checkpoint.save(folder, setting.adapter, states, setting.rank, setting.alpha_there)
    trained, kept = setting.stored(*setting.sides, setting.rank, block.adapted)
    item = 8
    owned = all(
        name.startswith("base_model.") and not name.endswith("_proj.weight") for name in header.tensors
    )
    exact = header.entries == trained + kept and header.size == header.length + item * (trained + kept)
    base = os.path.getsize(workshop.base)
    if owned and exact:
        parts = [f"{trained:,} trained parameters × {item} bytes"]
        if kept:
            laws = {law for symbol, law in setting.row.laws.items() if symbol not in setting.row.trainable}
            made_by = "made of the weights" if "singular" in laws else "drawn"
            parts.append(f"{kept:,} that are {made_by} and not trained × {item}")
        made = f"a header of {header.length:,} + {' + '.join(parts)}"
        detail = f"{header.size:,} bytes = {made}, where the model has {base:,}"
    else:
        held = f"the file has {header.size:,} bytes and {header.entries:,} entries"
        detail = f"{held}, and the adapter has {trained + kept:,}"
    whole = 4 * setting.d * setting.k
    share = Fraction(sum(setting.stored(setting.d, setting.k, setting.r, block.adapted)), whole)
    detail += f"; at the figure's size {_percent(share)} of the weights"
    if stage.rounds == 0:
        detail += "; the adapter is not trained yet"
    with open(os.path.join(folder, WEIGHTS), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    x, _ = workshop.tokens()
    saved = Saved(folder, digest, stage.rounds, forward(block, x).y)
    return replace(stage, saved=saved, current=True), verdict(
        owned and exact, detail, value=f"{header.size:,} bytes"
    )


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.3g} %"


def load_adapter(workshop: Workshop, stage: Stage, projections: tuple[Projection, ...]) -> Result:
    """A fresh frozen base and the file give what the trained block gave, bit for bit."""
    import numpy as np

    if stage.saved is None:
        what = "load_adapter has no file to load: no adapter was saved before it"
        raise Impossible(what, "save it before: does: save")
    if stage.apart is not None:
        what = (
            "load_adapter comes after merge: the weights hold the adapters already, which would count twice"
        )
        raise Impossible(what, "branch off before merging, or unmerge")
    if not stage.current and stage.block is not None and stage.block.adapted:
        what = "load_adapter loads what was saved, and the adapters beside the weights are not that any more"
        raise Impossible(what, "save after training, before loading")
    weights = workshop.read_base()
    columns = {module(name): W.shape[1] for name, W in weights.items()}
    _, states = checkpoint.load(stage.saved.folder, columns)
    adapted: tuple[Projection, ...] = tuple(name for name in PROJECTIONS if module(name) in states)
    frozen = started(workshop.setting, {name: weights[name] for name in adapted})
    lines = {name: Line(read_only(W)) for name, W in weights.items()}
    for name in adapted:  # PiSSA and QLoRA keep another weight than W, made of W alone
        lines[name] = Line(read_only(frozen[name][0]), steady(states[module(name)]))
    block = Block(lines, heads_of(workshop.setting.sides[0]), workshop.setting.row)
    x, _ = workshop.tokens()
    y = forward(block, x).y
    then = replace(stage, block=block, frozen=True, rounds=stage.saved.rounds, current=True)
    if np.array_equal(y, stage.saved.y):
        detail = "the base from its file and the adapter from its own give what was saved, bit for bit"
        return then, Outcome("holds", detail)
    gap = float(np.max(np.abs(y - stage.saved.y)))
    detail = f"the base from its file and the adapter from its own are off by {gap:.1g} from what was saved"
    return then, Outcome("fails", detail, hint="the adapter was trained beside other weights than the base's")


def merge(workshop: Workshop, stage: Stage, projections: tuple[Projection, ...]) -> Result:
    """One weight for each projection: the same output up to rounding, and not one multiply-add more."""
    from lorafig.core.counted import multiply_adds

    block = loaded(stage, "merge has nothing to merge")
    if stage.apart is not None:
        raise Impossible("merge has nothing to merge: the adapters were merged before it", "merge once")
    if not block.adapted:
        what = "merge has nothing to merge: no adapter was injected before it"
        raise Impossible(what, "put adapters beside projections before: does: {inject: [q, v]}")
    lines = {name: Line(read_only(line.merged(block.adapter))) for name, line in block.lines.items()}
    merged = replace(block, lines=lines)
    x, _ = workshop.tokens()
    apart, together = forward(block, x), forward(merged, x)
    residual, bound = rounding.distance(apart, together, rounding.sizes(block), x)
    bare = replace(block, lines={name: Line(W) for name, W in workshop.read_base().items()})
    cost, before = multiply_adds(merged, x), multiply_adds(bare, x)
    agree = "agree" if residual <= bound else "do not agree"
    more = "as many as the pretrained block" if cost == before else f"and the pretrained block {before:,}"
    detail = f"merged and apart {agree}; the merged block takes {cost:,} multiply-adds, {more}"
    holds = residual <= bound and cost == before
    then = replace(stage, block=merged, apart=block)
    return then, verdict(holds, detail, residual=residual, bound=bound)


def unmerge(workshop: Workshop, stage: Stage, projections: tuple[Projection, ...]) -> Result:
    """The frozen weights back, up to rounding."""
    import numpy as np

    block = loaded(stage, "unmerge has nothing to take apart")
    apart, row = stage.apart, workshop.setting.row
    if apart is None:
        raise Impossible(
            "unmerge has nothing to take apart: no adapter was merged before it", "merge first: does: merge"
        )
    if row.unmerged is None:
        what = f"unmerge cannot give W back: {row.lost}"
        raise Impossible(what, "keep the pretrained weights, or the adapter apart")
    lines = dict(apart.lines)
    worst = (0.0, 0.0)
    for name in apart.adapted:
        merged, state = block.lines[name].W, apart.lines[name].state
        back = row.unmerged(merged, state)
        # The update is added and taken away with the same bits; each time one rounding is left, of what
        # comes out. (IA)³ multiplies by l and by 1 / l: three, of W's size.
        found = rounding.worst(back - apart.lines[name].W, gamma(4) * (np.abs(merged) + np.abs(back)))
        worst = max(worst, found, key=rounding.share)
        lines[name] = Line(read_only(back), state)
    holds = worst[0] <= worst[1]
    detail = f"the weights of {listed(apart.adapted)} are {'' if holds else 'not '}back, up to rounding"
    then = replace(stage, block=replace(apart, lines=lines), apart=None)
    return then, verdict(holds, detail, residual=worst[0], bound=worst[1])
