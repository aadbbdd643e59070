"""The steps of a pipeline up to training, each run on the block, and each held to what it is said to do.

A step is given where the pipeline is and gives where it then is, with what it found. One that cannot be done
there raises Impossible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from lorafig.core.arrays import random
from lorafig.core.pipeline import rounding
from lorafig.core.pipeline.attention import (
    PROJECTIONS,
    SEED,
    Block,
    Line,
    Projection,
    descend,
    forward,
    heads_of,
    pretrained,
    slopes,
)
from lorafig.core.pipeline.stage import Impossible, Outcome, Stage
from lorafig.core.pipeline.workshop import (
    TOKENS,
    Result,
    Workshop,
    listed,
    loaded,
    read_only,
    started,
    verdict,
)

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

STEPS = 6  # of gradient descent; the third one moves every factor of every method


def load(workshop: Workshop, stage: Stage, projections: tuple[Projection, ...]) -> Result:
    """The weights of the block, from a real file, bit for bit."""
    import numpy as np

    if stage.apart is not None:
        what = "load comes after merge: it replaces the merged weights by the pretrained ones"
        raise Impossible(what, "load the model once, at the beginning")
    if stage.block is not None and (stage.saved is None or not stage.current):
        lost = ", and the adapters beside it are not saved" if stage.block.adapted else ""
        raise Impossible(
            f"load loads a model that was loaded before{lost}", "load the model once, at the beginning"
        )
    weights, wanted = workshop.read_base(), pretrained(*workshop.setting.sides)
    same = all(np.array_equal(weights[name], wanted[name]) for name in PROJECTIONS)
    lines = {name: Line(weights[name]) for name in PROJECTIONS}
    block = Block(lines, heads_of(workshop.setting.sides[0]), workshop.setting.row)
    entries = sum(one.size for one in wanted.values())
    compared = (
        "bit for bit the ones that were written" if same else "and they are not those that were written"
    )
    there = f"q, k, v and o at {workshop.setting.place}"
    detail = f"{entries:,} weights of {there}, read from a safetensors file, {compared}"
    return replace(stage, block=block, frozen=False, rounds=0), verdict(same, detail)


def freeze(workshop: Workshop, stage: Stage, projections: tuple[Projection, ...]) -> Result:
    """Nothing of the base is trainable: from here on, its arrays cannot be written."""
    block = loaded(stage, "freeze has nothing to freeze")
    lines = {name: replace(line, W=read_only(line.W)) for name, line in block.lines.items()}
    block = replace(block, lines=lines)
    writable = [name for name in PROJECTIONS if _can_be_written(block.lines[name].W)]
    if writable:
        return stage, Outcome("fails", f"the weights of {listed(tuple(writable))} can still be written")
    entries = sum(line.W.size for line in block.lines.values())
    trained = sum(array.size for _, _, array in block.arrays())
    rest = f", {trained:,} parameters of the adapters are" if trained else ""
    again = "were frozen already, and still are" if stage.frozen else "cannot be written any more"
    detail = f"all {entries:,} weights {again}; none is trainable{rest}"
    return replace(stage, block=block, frozen=True), Outcome("holds", detail)


def _can_be_written(array: Array) -> bool:
    try:
        array += 0.0
    except ValueError:
        return False
    return True


def inject(workshop: Workshop, stage: Stage, projections: tuple[Projection, ...]) -> Result:
    """Adapters beside the projections. Where the method starts at W, the output does not change by a bit."""
    import numpy as np

    block = loaded(stage, "inject has nothing to put an adapter beside")
    twice = [name for at, name in enumerate(projections) if name in block.adapted + projections[:at]]
    if twice:
        what = f"inject puts a second adapter beside {listed(tuple(twice))}"
        raise Impossible(what, "name each projection once")
    setting, row = workshop.setting, workshop.setting.row
    lines = dict(block.lines)
    for name, (W, state) in started(setting, {name: lines[name].W for name in projections}).items():
        lines[name] = Line(read_only(W) if stage.frozen else W, state)
    after = replace(block, lines=lines)
    x, _ = workshop.tokens()
    one, other = forward(block, x), forward(after, x)
    size = sum(array.size for name, _, array in after.arrays() if name in projections)
    counted, _ = setting.stored(*setting.sides, setting.rank, projections)
    if size != counted:
        detail = f"{size:,} parameters stand beside the weights, and {row.name} has {counted:,}"
        return stage, Outcome("fails", detail)
    made = f"{size:,} trained parameters beside {sum(lines[name].W.size for name in projections):,} weights"
    then = replace(stage, block=after, apart=None, rounds=0, current=False)
    if np.array_equal(one.y, other.y):
        return then, Outcome("holds", f"{made}; the output is the same, bit for bit")
    if row.kept != "":
        bare = replace(after, lines={**lines, **{name: Line(lines[name].W) for name in projections}})
        same = np.array_equal(forward(bare, x).y, other.y)
        said = f"which are kept {row.kept}; the output is {'' if same else 'not '}that of these weights"
        return then, verdict(same, f"{made}, {said}{', bit for bit' if same else ''}")
    compared = "the same up to rounding"
    if not row.at_weight:
        off = float(np.max(np.abs(one.y - other.y)))
        whole = replace(after, lines={name: Line(line.merged(row)) for name, line in lines.items()})
        one = forward(whole, x)
        compared = f"off by {off:.1g}, as the update does not start at 0"
    residual, bound = rounding.distance(one, other, rounding.sizes(after), x)
    compared = compared if residual <= bound else "not the same"
    return then, verdict(
        residual <= bound, f"{made}; the output is {compared}", residual=residual, bound=bound
    )


def run_forward(workshop: Workshop, stage: Stage, projections: tuple[Projection, ...]) -> Result:
    """What an adapted layer gives is what its merged weight gives, at its own arrays and at random ones."""
    import numpy as np

    block = loaded(stage, "forward has nothing to run")
    x, _ = workshop.tokens()
    trace = forward(block, x)
    if not block.adapted:
        finite = bool(np.isfinite(trace.y).all())
        merged = (
            "with the adapters merged into the weights" if stage.apart is not None else "without adapters"
        )
        return stage, verdict(finite, f"{TOKENS} tokens go through the block, {merged}")
    worst = (0.0, 0.0)
    for state in (block, shaken(block)):
        for name in block.adapted:
            line = state.lines[name]
            given = trace.O.reshape(-1, TOKENS) if name == "o" else x
            size = rounding.size(block.adapter, line)
            apart, merged_h = line.apply(block.adapter, given), line.merged(block.adapter) @ given
            found = rounding.worst(apart - merged_h, 2 * size.error(given, 0.0))
            worst = max(worst, found, key=rounding.share)
    holds = worst[0] <= worst[1]
    compared = "what its merged weight gives" if holds else "not what its merged weight gives"
    detail = f"each of {listed(block.adapted)} gives {compared}, as it stands and at random arrays"
    return stage, verdict(holds, detail, residual=worst[0], bound=worst[1])


def shaken(block: Block) -> Block:
    """The block with random numbers, none near 0, in all trained arrays: untrained ones hide what they do."""
    generator = random(SEED + 9)
    lines = dict(block.lines)
    for name, symbol, array in block.arrays():
        state: Any = lines[name].state
        drawn = generator.uniform(0.25, 1.0, array.shape) * generator.choice((-1.0, 1.0), array.shape)
        lines[name] = replace(lines[name], state=replace(state, **{symbol: drawn.view(type(array))}))
    return replace(block, lines=lines)


def train(workshop: Workshop, stage: Stage, projections: tuple[Projection, ...]) -> Result:
    """Gradient descent: the loss falls, every trained array moves, the weights do not by a bit."""
    import numpy as np

    block = loaded(stage, "train has nothing to train")
    x, target = workshop.tokens()
    if not stage.frozen:
        by = slopes(block, forward(block, x), x, target)
        moving = tuple(name for name in PROJECTIONS if np.any(by[name]))
        what = f"train moves the pretrained weights of {listed(moving)}: nothing froze them before it"
        raise Impossible(what, "freeze them before it: does: freeze")
    if stage.apart is not None:
        raise Impossible(
            "train has nothing to train: the adapters were merged before it", "train before merging"
        )
    if not block.adapted:
        what = "train has nothing to train: all is frozen, and no adapter was injected before it"
        raise Impossible(what, "put adapters beside projections: does: {inject: [q, v]}")
    before = _weights(block)
    after, losses = descend(block, x, target, STEPS)
    moved, still = set(), []
    for (name, symbol, old), (_, _, new) in zip(block.arrays(), after.arrays(), strict=True):
        if np.array_equal(old, new):
            still.append(f"{symbol} of {name}")
        else:
            moved.add(symbol)
    changed = _weights(after) != before
    fell = len(losses) > 1 and losses[-1] < losses[0]
    facts = [
        f"{len(losses) - 1} steps of gradient descent take the loss from {losses[0]:.2g} to {losses[-1]:.2g}",
        f"{' and '.join(still)} did not move" if still else f"{_symbols(moved, block)} moved",
        "the weights moved" if changed else "the weights did not by a bit",
    ]
    holds = fell and not still and not changed
    then = replace(stage, block=after, rounds=stage.rounds + 1, current=False)
    return then, verdict(holds, ", ".join(facts))


def _symbols(moved: set[str], block: Block) -> str:
    return " and ".join(symbol for symbol in block.adapter.trainable if symbol in moved)


def _weights(block: Block) -> bytes:
    return b"".join(block.lines[name].W.tobytes() for name in PROJECTIONS)
