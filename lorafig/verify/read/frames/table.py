"""What a clause asserts: each frame takes the clauses that are made of certain sorts of concepts, and of
nothing else. A clause with a word of any other sort is none of its kind: nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from lorafig.verify.read import ellipsis
from lorafig.verify.read.assertions import (
    Assertion,
)
from lorafig.verify.read.clause import (
    Clause,
    Context,
)
from lorafig.verify.read.frames import making, memory, merging, moving, naming, sizes, starting, ways, worked
from lorafig.verify.read.frames.comparisons import (
    as_many,
    begins_from,
    branches,
    compared_sizes,
    listed_shapes,
    module_shapes,
    multiplied,
)
from lorafig.verify.read.frames.measures import (
    contrast,
    counts,
    differs,
    none_of,
    of_network,
    part_of,
    per_each,
    ratios,
    rows,
    share,
)

Frame: TypeAlias = Callable[[Clause, Context], "list[Assertion] | None"]


FRAMES: Mapping[str, Frame] = {
    "likewise": ellipsis.likewise,
    "together": ellipsis.together,
    "in bits": ellipsis.in_bits,
    "than a size": ellipsis.than_a_size,
    "in another": memory.in_another,
    "in total": memory.in_total,
    "shrinks": memory.shrinks,
    "states": memory.states,
    "kept for": memory.kept_for,
    "product": worked.product,
    "quotient": worked.quotient,
    "each takes": worked.each_takes,
    "per_layer": ways.per_layer,
    "targeted": ways.targeted,
    "placed": ways.placed,
    "passes": ways.passes,
    "removes": merging.removes,
    "sets_out": ways.sets_out,
    "marked": naming.marked,
    "per number": memory.per_number,
    "of so many": memory.of_so_many,
    "stored": memory.stored,
    "begins from": begins_from,
    "as many": as_many,
    "branches": branches,
    "moves": moving.moves,
    "per each": per_each,
    "counts": counts,
    "of_network": of_network,
    "rows": rows,
    "none_of": none_of,
    "part_of": part_of,
    "contrast": contrast,
    "enlarges": ways.enlarges,
    "differs": differs,
    "ratios": ratios,
    "share": share,
    "compared sizes": compared_sizes,
    "sized": sizes.sized,
    "listed shapes": listed_shapes,
    "multiplied": multiplied,
    "module shapes": module_shapes,
    "shaped": sizes.shaped,
    "scaled": sizes.scaled,
    "grows": sizes.grows,
    "full_rank": sizes.full_rank,
    "starts": starting.starts,
    "computed": making.computed,
    "faces": making.faces,
    "maps": making.maps,
    "projects": making.projects,
    "joins": making.joins,
    "adds to the weight": merging.adds,
    "leaves": merging.leaves,
    "merges": merging.merges,
    "latency": merging.latency,
    "equals": naming.equals,
    "is_a": naming.is_a,
    "names": naming.names,
    "merged": naming.merged,
    "stateless": naming.stateless,
    "shows": naming.shows,
    "titles": naming.titles,
    "stated": naming.stated,
    "alike": ways.alike,
    "takes": ways.takes,
    "proportioned": ways.proportioned,
    "first_output": ways.first_output,
    "paces": merging.paces,
}
