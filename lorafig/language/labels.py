"""The part of the reference that is about labels: what they may say, and how each claim is decided."""

# ruff: noqa: E501  (a row of a Markdown table is one line)

from __future__ import annotations

from collections.abc import Iterable

from lorafig.core.adapters import ADAPTERS
from lorafig.core.functions import FUNCTIONS
from lorafig.notation.read import commands

_CLAIMS = """A label with mathematics or a digit in it is a claim, or names a symbol of the figure. Each is decided before
anything is drawn:

| a claim | looks like | decided by |
|---|---|---|
| equation | `h = Wx + BAx`, `W' = W + \\frac{\\alpha}{r} BA` | exactly, over a prime field; `check` and `json` also tell what float64 makes of it at the figure's own dimensions |
| function | `z = \\mathrm{ReLU}(Wx)`, `\\gamma(W x)` | exactly: it holds for every function, equal arguments giving equal values; otherwise in float64 with the function itself, see below |
| shape | `W \\in \\mathbb{R}^{d \\times k}`, `A: r \\times k`, `d \\times r` on an element | dimensions by name: `AB` is wrong even where d = k = r |
| start | `A = \\mathcal{N}(0, \\sigma^2)`, `B = 0` | the core's own initialiser |
| count, ratio | `d^2 = 65{,}536`, `2dr/d^2 = 3.1\\%`, `32\\times` | integers and fractions; the digits shown are rounded to nearest, K is 1,000 |
| inequality | `r < d`, `r \\ll \\min(d, k)` | integers; `\\ll` is a factor of 8 |
| drawing | bars, boxes, splits, sums | it is run from the first bar to the last, and must give what the labels say |
| geometry | a trapezoid's sides, a brace | a brace's label is the dimension of the edge that it spans |

Labels may use the symbols of the adapter, d, k and r, with `alpha` also α and s, what `sizes` and `symbols` declare, and
what `let` defines, in any order: `let: ['W_m = W + BA']`. W' is the merged weight unless `let` says what else, `|A|` and
`\\text{params}(A)` are the number of A's entries, and what follows from a start by `\\Rightarrow` is so at the start. Where `alpha` is given the scaling must be written, in a sum's term too:
`sum: [Wx, '\\frac{\\alpha}{r} BAx']`.

With `adapter: none` there are the author's own symbols alone. A family, `A_i` over `i = 1..N`, is called A_i (any of
them), A_2, or stands in a sum: `\\sum_{i=1}^{N} g_i B_i A_i x`, or `\\sum_i` where the range is known; g_i is an entry of
a vector g, G(x)_i and (Wx)_2 those of other vectors, b_i and a_i a column of B and a row of A. What `let` defines by members, `z_i = B_i A_i x`, is a family
too; a member may be made of the one in front of it, `W_i = W_{i-1} + B_i A_i` beside a W_0, or `x_{l+1} = f_l(x_l)` beside an x_1. A family may have two indices, `A_{i,j}` or `B_i^{(l)}`: its members are A_{1,2} and B_1^{(2)}, and `\\sum_{i,j}` adds over both.
An output that is declared, `y: {shape: [d], role: output}`, and that no `let` defines is what first comes out under its
name. A matrix may be put together from blocks: `B = \\begin{bmatrix} B_1 & B_2 \\end{bmatrix}`.
A beside a family A_i, and a vector x_1 beside x, may be defined; a text that says A where there is none means any A_i. Sums are written out at the figure's sizes, of matrices and
vectors up to 512 terms. `\\nabla_A L` and `\\partial L / \\partial A` have the shape of A. W is the new weight where `let`
says `W = W_0 + \\Delta W`, and `W \\leftarrow W + BA` says what is merged into it;
`A \\leftarrow A - \\eta \\nabla_A L` is a step of training, of what is trained and by its own gradient.

`A_{:b}` or `A[:b]` are the first b rows of A, `B[:, :b]` the first b columns of B, and `U_{[:, r:]}` the columns behind
the first r. Ranges count from 0 and leave the end out, as in Python; one such as `A_{1:b}` or `A_{r+1:2r}` counts from 1
and has both ends. Bounds are sizes and numbers. A part is a matrix wherever one can stand: `bottleneck: ['A[:b]', 'B[:, :b]']`.

A symbol's role says how it is drawn: frozen and random ones, trained ones, merged ones, and what flows. What `let`
defines has the role of what it is made of: of trained symbols, and random ones beside them, an update, of frozen ones too
a merged weight. A badge,
or a class of style with a `like`, that says otherwise fails.

`bits` of a symbol say in how many bits each of its entries is kept: `adapter: dora` and `symbols: {W: {bits: 4}}` make
QDoRA. A box with `bits: 4`, and a text such as `W is stored in 4 bits`, is held to that; where nobody says it, fewer than 16
bits are undetermined. Memory is counted by them: `W takes 8.4 MB`. Equations are about the weight as it is kept.

What is `given` is taken as true where a claim needs it, and reported as assumed. It is solved for one symbol exactly:
`W = U \\Sigma V^\\top`, a sum such as `\\sum_{i=1}^{N} g_i = 1`, `P^\\top P = I`. One that cannot be solved so is
undetermined, and one that contradicts the rest fails. `\\approx` may be given too, and says only that.

What cannot be decided stops the figure, unless its element says why it is so: `unverified: measured on our runs`.
The reason stands in the report, the alternative text, the words and the metadata of every output, and with `marks: true` a
dagger stands at the label, and the reason below the figure. `unverified` of the figure is for what it says as a whole: its
title, its caption and what stands in no element, and excuses no label. Neither excuses what is decidedly false. Words are
read too: what a sentence says of roles, counts, starts and methods is decided, names such as GPT-2 or Figure 3, years and citations
are not claims, and the rest is prose, which `check` lists as such and `--strict` refuses.
"""


def _family() -> str:
    """The adapters and what their symbols mean, from the core's own table."""
    lines = [
        "### Adapters\n",
        "x, W and h are in all of them; s is the scaling, 1 where `alpha` is not given.\n",
        "| `adapter` | its symbols | h | s | trained parameters | source, and what is trained |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in ADAPTERS.items():
        shapes = ", ".join(
            f"{symbol}: {' × '.join(sizes)}" for symbol, sizes in row.symbols.items() if symbol != "x"
        )
        trained = f"trained: {', '.join(row.trainable)}"
        source = row.source.partition(",")[0]
        scale = f"`{row.scale}`" if row.scale != "" else ""
        h = row.defined["h"].replace("|", "\\|")
        lines.append(f"| `{name}` | {shapes} | `{h}` | {scale} | `{row.count}` | {source}; {trained} |")
    return "\n".join([*lines, ""])


def _functions() -> str:
    """The functions that are known, from the core's own table."""
    lines = [
        "### Functions\n",
        "A function acts by entries, on each column of its argument (on each row in `\\mathrm{softmax}(QK^\\top) V`,"
        " where the rows weigh what stands to the right), or on its arguments as a whole. An equation that is true of"
        " every function holds. One that is not fails where float64, with the function itself, shows sides further"
        " apart than rounding brings them; otherwise it is undetermined: `\\mathrm{ReLU}(2x) = 2\\mathrm{ReLU}(x)`"
        " is so for a reason that nothing here proves. Dropout is the identity at inference alone:"
        " write it where it stands.\n",
        "`functions:` of the model gives further ones: `\\sigma: sigmoid` another name, `\\gamma: entrywise` one of"
        " which nothing is known but that it acts by entries, `V \\mapsto \\frac{V}{\\lVert V \\rVert_c}` and `q, K \\mapsto"
        " K^\\top q` one by its formula, in which the other symbols of the figure may stand; `f: d -> k`, `f: 'd, k"
        " -> r'` and `q: 'd × k -> d × k'` one of which nothing is known but what it takes and gives.\n",
        "| function | spelt too | acts on | is short for |",
        "|---|---|---|---|",
    ]
    for name, row in FUNCTIONS.items():
        spelt = " ".join(f"`{spelling}`" for spelling in row.spellings)
        short = f"`{row.means[0].formula}`" if row.means else ""
        acts = {"entries": "entries", "columns": "columns", "whole": "its arguments as a whole"}[row.acts]
        lines.append(f"| `{name}` | {spelt} | {acts} | {short} |")
    return "\n".join([*lines, ""])


def labels() -> str:
    """The section of the reference on labels."""
    parts = [
        "## Labels\n",
        _CLAIMS,
        _family(),
        _functions(),
        "### Notation\n",
        "LaTeX or Unicode, and these commands alone; another one is an error that suggests the nearest.\n",
        "| kind | commands |",
        "|---|---|",
        _row("letters and signs", commands.SYMBOLS),
        _row("relations", commands.RELATIONS),
        _row("between statements", commands.IMPLICATIONS),
        _row("operators", ["pm", *commands.OPERATORS]),
        _row("functions", sorted(commands.TEX_FUNCTIONS)),
        _row("functions, in `\\mathrm`", sorted(commands.OWN_FUNCTIONS), ""),
        _row("fonts", [*commands.FONTS, *commands.TEXT_COMMANDS]),
        _row("accents", commands.ACCENTS),
        _row("structure", sorted(commands.STRUCTURE)),
        _row("matrices, between `\\begin{…}` and `\\end{…}`", commands.MATRICES, ""),
        _row("brackets", [name for name in commands.DELIMITERS if name.isalpha()]),
        "",
        "`\\num{2dr}` is replaced by the value of its expression; `\\num[K]`, `[M]`, `[B]`, `[T]`, `[%]` and `[x]` choose the"
        " unit, a number after it the significant digits (`\\num[M 3]`), and one after a point the decimals"
        " (`\\num[% .2]`). In text, `**bold**` is bold, and `\\$ \\% \\& \\# \\_ \\{ \\} \\\\ \\*` are the characters.\n",
    ]
    return "\n".join(parts)


def _row(name: str, names: Iterable[str], slash: str = "\\") -> str:
    return f"| {name} | " + " ".join(f"`{slash}{command}`" for command in dict.fromkeys(names)) + " |"
