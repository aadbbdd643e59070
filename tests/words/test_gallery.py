"""The gallery in words: its texts to the letter."""

from __future__ import annotations

import pathlib
import re

import pytest

from lorafig.language import load
from lorafig.language.model import Figure
from lorafig.verify import verify
from lorafig.verify.report import report
from lorafig.words import describe
from tests.words.reading import OWN, dollars, headings, markup, section, tables

ROOT = pathlib.Path(__file__).parents[2]
GALLERY = sorted((ROOT / "figures").glob("*.yaml"))


def told(figure: Figure) -> str:
    return describe(figure, verify(figure, floating=False))


def unchecked(figure: Figure) -> str:
    return describe(figure, report(figure.id, None, ()))


@pytest.fixture(scope="module")
def two_panel() -> str:
    return told(load(ROOT / "figures" / "lora-two-panel.yaml"))


def test_the_sections(two_panel: str) -> None:
    assert headings(two_panel) == [
        "h1 LoRA (low-rank adaptation), during and after training",
        "h2 Components", "h3 During training", "h3 After training",
        "h2 Data flow", "h3 During training", "h3 After training",
        "h2 At the start of training", "h2 Merged", "h2 Equations", "h2 Entities", "h2 Numbers",
        "h2 Checked", "h2 About",
    ]  # fmt: skip


def test_the_components(two_panel: str) -> None:
    normal = "the normal distribution with mean 0 and variance sigma squared"
    assert section(two_panel, "During training") == (
        "From the input to the output, which is from bottom to top:\n"
        "\n"
        "1. $x$: a bar, with the label $x \\in \\mathbb{R}^d$ (x in R of dimension d); a vector of 768,"
        " input.\n"
        "2. Side by side, 2 branches:\n"
        "   - $W$: a square, “Pretrained Weights”, with the label $W \\in \\mathbb{R}^{d \\times d}$"
        " (W in R, d by d); a matrix of 768 × 768, 589,824 parameters, frozen, pretrained.\n"
        "   - A bottleneck, 2 trapezoids, with a mark that says its waist is $r$:\n"
        "     1. $A$: a trapezoid, with the label $A = \\mathcal{N}(0, \\sigma^2)$ (A equals"
        f" {normal}); a matrix of 8 × 768, 6,144 parameters, trained, at the start drawn from"
        " $\\mathcal{N}(0, \\sigma^2)$, a normal distribution.\n"
        "     2. $B$: a trapezoid, with the label $B = 0$ (B equals 0); a matrix of 768 × 8,"
        " 6,144 parameters, trained, at the start $0$.\n"
        "3. $+$: the terms $Wx$ and $BAx$ are added.\n"
        "4. $h$: a bar, with the label $h \\in \\mathbb{R}^d$ (h in R of dimension d); a vector of 768,"
        " output."
    )


def test_the_data_flow(two_panel: str) -> None:
    flow = two_panel[two_panel.index("## Data flow") :]
    assert section(flow, "During training") == (
        "1. $x$ comes in: 768 numbers ($d$).\n"
        "2. It splits: all of it goes into each of 2 branches.\n"
        "   - Branch 1: through $W$, which gives $Wx$, 768 numbers ($d$).\n"
        "   - Branch 2: through $A$, which gives $Ax$, 8 numbers ($r$);"
        " then through $B$, which gives $BAx$, 768 numbers ($d$).\n"
        "3. The branches are added: $Wx + BAx$ (W x plus B A x), 768 numbers ($d$).\n"
        "4. $h = Wx + BAx$ goes out: 768 numbers ($d$)."
    )
    assert section(flow[flow.index("### After") :], "After training") == (
        "1. $x$ comes in: 768 numbers ($d$).\n"
        "2. Through $W_{\\mathrm{merged}}$, which gives $W_{\\mathrm{merged}}x$, 768 numbers ($d$).\n"
        "3. $h = W_{\\mathrm{merged}}x$ goes out: 768 numbers ($d$)."
    )


def test_the_start_and_the_end(two_panel: str) -> None:
    assert section(two_panel, "At the start of training") == (
        "- $A$ is drawn from $\\mathcal{N}(0, \\sigma^2)$, a normal distribution.\n"
        "- $B$ is $0$.\n"
        "- So the update is 0: $\\Delta W = BA = 0$ (delta W equals B A equals 0).\n"
        "- So $h = Wx$ (h equals W x): the output is that of the pretrained weight alone."
    )
    assert section(two_panel, "Merged") == (
        "- One weight does the work of both: $W_{\\mathrm{merged}} = W + BA$ (W merged equals W plus B A).\n"
        "- One pass takes 589,824 multiply-adds, against 602,112 before."
    )
    assert section(two_panel, "Equations") == (
        "1. $h = Wx + BAx$ (h equals W x plus B A x).\n"
        "2. $h = (W + BA)x$ (h equals the quantity W plus B A, times x);"
        " the brace under $W + BA$ reads $W_{\\mathrm{merged}}$ (W merged)."
    )


def test_the_entities_and_the_numbers(two_panel: str) -> None:
    (table,) = tables(two_panel)
    normal = "drawn from $\\mathcal{N}(0, \\sigma^2)$, a normal distribution"
    down, up = "a down-projection: from $d$ down to $r$", "an up-projection: from $r$ up to $d$"
    merged, square = "$W_{\\mathrm{merged}}$", "$d \\times d$"
    assert table == [
        ["Symbol", "Spoken", "What it is", "Shape", "Size", "Parameters", "Property", "At the start"],
        ["$x$", "x", "the input vector", "$d$", "768", "", "input", ""],
        ["$W$", "W", "the weight", square, "768 × 768", "589,824", "frozen", "pretrained"],
        ["$A$", "A", down, "$r \\times d$", "8 × 768", "6,144", "trained", normal],
        ["$B$", "B", up, "$d \\times r$", "768 × 8", "6,144", "trained", "$0$"],
        ["$h$", "h", "the output vector", "$d$", "768", "", "output", ""],
        [merged, "W merged", "a matrix: $W + BA$", square, "768 × 768", "", "computed", ""],
        ["$d$", "d", "a dimension", "", "768", "", "given", ""],
        ["$r$", "r", "the rank, a dimension", "", "8", "", "given", ""],
        ["$\\sigma$", "sigma", "a symbol that stands for any value", "", "", "", "left open", ""],
    ]
    assert section(two_panel, "Numbers") == (
        "- The weight has 589,824 parameters ($d^2$), and they are frozen.\n"
        "- Trained are 12,288 parameters ($r(d + k)$ with $k = d$): those of $A$ (6,144) and $B$ (6,144).\n"
        "- That is 2.08% of the weight's parameters, 48× fewer."
    )


def test_the_reparametrization() -> None:
    text = told(load(ROOT / "figures" / "lora-reparametrization.yaml"))
    assert "   - A bottleneck, 2 trapezoids, with a mark that says its waist is $r$:\n" in text
    assert "3. The branches are added: $Wx + BAx$ (W x plus B A x), 768 numbers ($d$).\n" in text
    assert "## Merged" not in text  # nothing on it is merged
    assert "## Equations" not in text
    assert "- So $h = Wx$ (h equals W x): the output is that of the pretrained weight alone.\n" in text


def test_the_flow() -> None:
    text = unchecked(load(ROOT / "figures" / "lora-flow.yaml"))
    assert section(text, "Data flow") == (
        "1. $x$ goes to $W$ and $A$. It splits in 2.\n"
        "2. $W$ gives $Wx$, 256 numbers ($d$), and goes to $+$.\n"
        "3. $A$ gives $Ax$, 4 numbers ($r$), and goes to $r$.\n"
        "4. $r$ passes on $Ax$, 4 numbers ($r$), and goes to $B$.\n"
        "5. $B$ gives $BAx$, 256 numbers ($d$), and goes to $+$.\n"
        "6. $+$ joins what comes from $W$ and $B$, gives $Wx + BAx$, 256 numbers ($d$), and goes to $h$.\n"
        "7. $h$ is an end."
    )
    assert (
        "2. Layer 2 of 6:\n"
        "   - $W$: a rounded box, with the note “$d \\times d$”, marked as frozen by a snowflake;"
        " a matrix of 256 × 256, 65,536 parameters, frozen, pretrained.\n"
    ) in text
    assert (
        "The card “Parameters” reads:\n\n"
        "- W: $d^2 = 65{,}536$ (W: d squared equals 65,536)\n"
        "- A + B: $2dr = 2{,}048$ (A + B: 2 d r equals 2,048)\n"
        "- $32{\\times}$ fewer (32 times fewer)\n"
    ) in text


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_the_gallery(path: pathlib.Path) -> None:
    figure = load(path)
    text = unchecked(figure)
    assert text == unchecked(figure)  # the same bytes
    assert markup(text) <= OWN
    assert all(dollars(line) % 2 == 0 for line in text.splitlines())
    # an independent look at the file for its symbols: single letters and Greek commands
    source = re.sub(r"(?s)\nabout:.*?\n(?=[a-z])", "\n", path.read_text())
    found = re.findall(
        r"(?:^|[\s:,\[{(])(?:bar|square|scale|trapezoid|brace|box|rounded|circle): '?([^\n}]*)", source
    )
    found += re.findall(r"'([^'\n]*[=\\][^'\n]*)'", source)
    found = [re.sub(r"\\Delta [A-Z]", " ", label) for label in found]  # one symbol
    plain = re.sub(
        r"\\math(?:bb|cal|rm)\{\w+\}|\\(?:times|in|frac|sqrt|num|lVert|rVert|sim|text)", " ", " ".join(found)
    )
    plain = re.sub(
        r"\b[a-zA-Z]{2,}: |(?<![\\A-Za-z])[a-z]{4,}|[A-Z][a-z]+|rVert_c|\b[AW](?: \+ B)?:", " ", plain
    )
    letters = set(re.findall(r"\\(?:alpha|sigma|lambda|Lambda|Delta)(?![a-z])", plain))
    # A figure with several models has a table for each.
    table = " ".join(row[0] for rows in tables(text) for row in rows)
    for letter in letters:
        assert letter in table, letter
    for letter in "xWABhr":
        if re.search(rf"(?<![A-Za-z\\]){letter}(?![a-z_']|\^\{{\()", plain):  # x^{(l)} is another one
            assert f"${letter}$" in table, letter
