"""The networks that have a name, one row of `table.json` each: the title, the id under which its
`config.json` is public, and what that file says that its class does not say already.

The sources are these files; for GPT-3, which has none, Brown et al. (2020), table 2.1, without the two rows
(1.3B and 13B) whose numbers contradict each other. A network that is added is one more row.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from lorafig.values import read_table


class Row(Struct, frozen=True):
    """`config` is what the file says; in the table `sizes` are values, of the keys that its group names."""

    title: str
    hub: str
    config: dict[str, object]
    sizes: tuple[int, ...] = ()


class _Group(Struct):
    source: str
    sizes: tuple[str, ...]
    rows: dict[str, Row]


TABLE: Mapping[str, Row] = {
    name: Row(row.title, row.hub, {**row.config, **dict(zip(group.sizes, row.sizes, strict=False))})
    for group in read_table(__file__, "table.json", list[_Group])
    for name, row in group.rows.items()
}
