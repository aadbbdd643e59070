"""Pages that list what there is: errors, methods, functions, networks, venues; and llms.txt."""

from __future__ import annotations

from collections.abc import Iterable

from lorafig.cli.explained import explained
from lorafig.codes import codes, whole
from lorafig.core.adapters import ADAPTERS
from lorafig.core.functions import FUNCTIONS
from lorafig.core.networks.table import TABLE
from lorafig.documentation.pages import MARK, text
from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.plain import to_plain
from lorafig.themes import venues as themes_venues


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def errors() -> str:
    """Every code, with its examples."""
    own = codes()
    parts = [
        "# Errors and findings\n",
        MARK.format("lorafig/codes.toml and the rules in lorafig/lint") + "\n",
        "Every problem has a code. It stands in the JSON of every command as `code`; on a terminal, the last line after"
        " errors names it. `lorafig explain CODE` shows what is below.\n",
    ]
    for name, code in explained().items():
        if name not in own:
            continue
        parts += [f"## {name}\n", f"{text(code.title)}. {text(code.meaning)}\n"]
        for word, example in (("Wrong", code.wrong), ("Right", code.right)):
            if example:
                parts += [f"{word}:\n", f"```yaml\n{whole(example)}```\n"]
    rows = [(f"`{name}`", f"{text(code.title)}.") for name, code in explained().items() if name not in own]
    parts += ["## Rules of lint\n", "`lorafig lint` looks at the picture, and not at its truth.\n"]
    return "\n".join([*parts, _table(("rule", "what it finds"), rows)])


def methods() -> str:
    """Every adapter with its symbols and equations."""
    parts = [
        "# Methods\n",
        MARK.format("the files in lorafig/core/adapters") + "\n",
        "`model: {adapter: NAME}` gives the symbols of a method their shapes, the equations their meaning and the counts"
        " their numbers. x has k entries, W is d × k, and r is the rank.\n",
    ]
    for name, row in ADAPTERS.items():
        parts.append(f"## {name}\n")
        parts.append(f"{text(row.title)}. {text(row.source)}.\n" if row.source else f"{text(row.title)}.\n")
        symbols = [
            (
                f"`{symbol}`",
                " × ".join(shape) or "a number",
                "trained" if symbol in row.trainable else "frozen" if symbol in row.frozen else "input",
            )
            for symbol, shape in row.symbols.items()
        ]
        if symbols:
            parts.append(_table(("symbol", "shape", "role"), symbols))
        equations = [f"- `{symbol} = {to_plain(parse_math(means))}`" for symbol, means in row.defined.items()]
        if equations:
            parts.append("\n".join(equations) + "\n")
    return "\n".join(parts)


_ACTS = {"entries": "each entry", "columns": "each vector", "whole": "its arguments as a whole"}


def functions() -> str:
    """Every function that figures apply."""
    rows = [
        (
            f"`{name}`",
            ", ".join(f"`{spelling}`" for spelling in row.spellings),
            _ACTS[row.acts],
            "; ".join(f"`{short.formula}`" for short in row.means),
        )
        for name, row in FUNCTIONS.items()
        if name == row.name
    ]
    return "\n".join(
        [
            "# Functions\n",
            MARK.format("the rows in lorafig/core/functions.py") + "\n",
            "These functions have a meaning on every figure: in a label, and as `apply:` of an element or a node. Others are"
            " declared under [`model.functions`](language.md#function); what they compute is then an unknown but fixed"
            " function.\n",
            _table(("function", "also written", "acts on", "short for"), rows),
        ]
    )


def networks() -> str:
    """Every network by name."""
    rows = [(f"`{name}`", text(row.title), f"`{row.hub}`" if row.hub else "") for name, row in TABLE.items()]
    return "\n".join(
        [
            "# Networks\n",
            MARK.format("the rows in lorafig/core/networks/table.json") + "\n",
            "`model: {network: NAME, targets: [q_proj, v_proj]}` gives layers, totals, shares and bytes their values."
            " Capitals and hyphens make no difference, and the id under which a network is public works too. Any other"
            " network: the path of its `config.json`, beside the spec.\n",
            _table(("name", "network", "public as"), rows),
        ]
    )


def venues() -> str:
    """Every venue with its widths, its height if it has one, and the sizes of its text."""
    rows = [
        (
            row.name,
            ", ".join(row.aliases),
            ", ".join(row.widths),
            row.height or "",
            f"{row.text[-1]:g} to {row.text[0]:g} pt",
            f"`{row.source}`",
        )
        for row in themes_venues.venues()
    ]
    return "\n".join(
        [
            "# Venues\n",
            MARK.format("lorafig/themes/venues.json") + "\n",
            "`lorafig render --venue NAME` lays a figure out with the largest text at which it fits one of the widths of the"
            " venue, and its height if it has one. It is never scaled.\n",
            _table(("venue", "also", "widths of column and page", "height", "text", "from"), rows),
        ]
    )


def llms() -> str:
    """A page for language models that write specs: what there is to read, and the loop that converges."""
    return f"""# lorafig

> Figures of low-rank adaptation (LoRA) that are checked before they are drawn. A figure is a spec in YAML; a NumPy core
> verifies every equation, shape and number on it; the outputs are TikZ, SVG, PDF, PNG, HTML, Mermaid and Markdown.

Write a spec, run `lorafig check SPEC --json`, mend what `errors` and `claims` say, and repeat until the exit status is 0.
Each problem has `file`, `line`, `column`, `what`, `hint` and `code`. Do what `hint` says; `lorafig explain CODE --json` has
an example of each code, wrong and right. Then run `lorafig render SPEC -f svg,tikz,pdf --json`.

The smallest spec:

```yaml
{whole("model: {d: 256, r: 4}" + chr(10) + "stack: [{bar: x}, {split: [{square: W}, {bottleneck: [A, B], brace: r}]}, {sum: [Wx, BAx]}, {bar: h}]")}```

Rules: single quotes round every text with a backslash, `#` or `: ` in it. BA, not AB. Let `\\num{{…}}` compute numbers.

## Read

- [For programs that write specs](programs.md): the loop, the schema, exit status
- [The language](language.md): every key, with an example of every element
- [Errors](errors.md): {len(codes())} codes
- [Methods](methods.md): {", ".join(ADAPTERS)}
- [Functions](functions.md), [networks](networks.md), [venues](venues.md)
- [The command line](command-line.md), [the Python API](python.md)
- [The gallery](gallery.md): figures with their specs
- `lorafig schema`: the JSON Schema of the language
"""
