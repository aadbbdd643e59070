"""Lies must not get through, and truths must: each lie is the true figure with one thing changed."""

# ruff: noqa: E501  (a case is a line of a table)

from __future__ import annotations

from typing import Any

import pytest

from lorafig.language.model import Arrow, Bar, Bottleneck, Brace, Equation, Split, Square, Sum, Trapezoid
from lorafig.values import replace
from lorafig.verify import verify
from tests.verify.figures import MERGED, two_panel

W = Square("W")
AB = Bottleneck(("A", "B"))
WIDE = r"W \in \mathbb{R}^{d\times k}"
NARROW = {"W_math": WIDE, "after": (Bar("x"), Square(MERGED), Bar("h"))}

LIES: list[tuple[str, dict[str, Any], str, str]] = [
    # what, how it differs from the true figure, the verdict on the figure, what the report says
    ("A and B swapped in the bottleneck", {"factors": ("B", "A"), "labels": ()}, "ill-typed", "B maps r to d, and what flows into it is x, a vector of d"),
    ("A and B swapped, labels kept", {"factors": ("B", "A")}, "ill-typed", "it speaks of A, and stands on B"),
    ("labels swapped", {"labels": ("B = 0", r"A = \mathcal{N}(0,\sigma^2)")}, "fails", "it speaks of B, and stands on A"),
    ("a trapezoid turned round", {"factors": ("A", Trapezoid("B", from_="d", to="r"))}, "fails", "B is drawn from d to r, but it maps r to d"),
    ("the other trapezoid turned round", {"factors": (Trapezoid("A", from_="r", to="d"), "B")}, "fails", "A is drawn from r to d, but it maps d to r"),
    ("a trapezoid without a slope", {"factors": (Trapezoid("A", from_="d", to="d"), "B")}, "fails", "A is drawn from d to d, but it maps d to r"),
    ("a side that is not a dimension", {"factors": (Trapezoid("A", from_="n", to="r"), "B")}, "undetermined", "n is not a dimension of this figure"),
    ("no sum", {"sum": None}, "fails", "the two branches reach h but nothing adds them"),
    ("nothing above the branches", {"stack": (Bar("x"), Split((W, AB)))}, "fails", "the two branches reach the top but nothing adds them"),
    ("a sum without a split", {"stack": (Bar("x"), W, Sum(("Wx",)), Bar("h"))}, "fails", "a sum without a split"),
    ("one term of two", {"sum": Sum(("Wx",))}, "fails", "one term for two branches"),
    ("three terms of two", {"sum": Sum(("Wx", "BAx", "x"))}, "fails", "three terms for two branches"),
    ("terms swapped", {"sum": Sum(("BAx", "Wx"))}, "fails", "the terms are swapped, B A x comes from branch 2"),
    ("a term twice", {"sum": Sum(("Wx", "Wx"))}, "fails", "its branch gives B A x, not W x"),
    ("a term in the wrong order", {"sum": Sum(("Wx", "ABx"))}, "ill-typed", "A B x: the inner dimensions differ"),
    ("a term without x", {"sum": Sum(("Wx", "BA"))}, "fails", "its branch gives B A x, not B A"),
    ("a term with a factor", {"sum": Sum(("Wx", "2BAx"))}, "fails", "its branch gives B A x, not 2 B A x"),
    ("a split in a split", {"stack": (Bar("x"), Split((W, AB)), Split((W, AB)), Sum("arrows"), Bar("h"))}, "fails", "a split follows a split"),
    ("a branch missing", {"branches": (W,), "sum": Sum(("Wx",))}, "fails", "the drawing gives W x, and h is Wx + BAx"),
    ("the bottleneck twice", {"branches": (AB, AB), "sum": Sum("arrows")}, "fails", "the drawing gives B A x + B A x"),
    ("h at the bottom", {"x": Bar("h")}, "fails", "its branch gives W h, not W x"),
    ("x at the top", {"h": Bar("x")}, "fails", "the drawing gives W x + B A x, and that is not x"),
    ("W x at the top", {"h": Bar("Wx")}, "fails", "and that is not W x"),
    ("no bar at the bottom", {"stack": (Split((W, AB)), Sum(("Wx", "BAx")), Bar("h"))}, "fails", "nothing says what flows into it"),
    ("half a bottleneck", {"factors": ("A",), "labels": ()}, "fails", "its branch gives A x, not B A x"),
    ("B alone", {"branches": (W, Trapezoid("B"))}, "ill-typed", "B maps r to d, and what flows into it is x"),
    ("a matrix as a bar", {"h": Bar("W")}, "ill-typed", "a bar is a vector, and W is d × d"),
    ("a vector as a square", {"W": "h", "W_math": None}, "ill-typed", "a square is a matrix, and h is a vector of d"),
    ("a wrong label on an arrow", {"stack": (Bar("x"), W, Arrow("BAx"), Bar("Wx"))}, "fails", "what flows here is W x, not B A x"),
    ("a wrong dimension on an arrow", {"stack": (Bar("x"), Trapezoid("A"), Arrow("d"), Trapezoid("B"), Bar("BAx"))}, "fails", "what flows here is A x, a vector of r"),
    ("the pretrained weight after merging", {"after": (Bar("x"), Square("W"), Bar("h"))}, "fails", "the drawing gives W x, and h is Wx + BAx"),
    ("the update alone after merging", {"after": (Bar("x"), AB, Bar("h"))}, "fails", "the drawing gives B A x, and h is Wx + BAx"),
    ("h = Wx − BAx", {"first": "h = Wx - BAx"}, "fails", "it holds as h = Wx + BAx"),
    ("−Wx", {"first": "h = -Wx + BAx"}, "fails", "it holds as h = Wx + BAx"),
    ("a term dropped", {"first": "h = Wx"}, "fails", "h is not W x"),
    ("the other term dropped", {"first": "h = BAx"}, "fails", "h is not B A x"),
    ("AB for BA", {"first": "h = Wx + ABx"}, "ill-typed", "A B x: the inner dimensions differ: A B is r × r, x is d"),
    ("x on the left", {"first": "h = Wx + xBA"}, "ill-typed", "W x is a column and x B A a row"),
    ("x missing", {"first": "h = Wx + BA"}, "ill-typed", "the shapes differ: W x is d, B A is d × d"),
    ("x added", {"first": "h = W + BAx"}, "ill-typed", "the shapes differ: W is d × d, B A x is d"),
    ("a factor", {"first": "h = Wx + 2BAx"}, "fails", "it holds as h = Wx + BAx"),
    ("a factor of almost one", {"first": "h = Wx + 1.000001BAx"}, "fails", "h is not"),
    ("a multiple of the prime", {"first": "h = Wx + BAx + 170141183460469231731687303715884105727Wx"}, "fails", "h is not"),
    ("a scaling without alpha", {"first": r"h = Wx + \frac{\alpha}{r}BAx"}, "undetermined", "α is not defined on this figure"),
    ("no scaling with alpha", {"alpha": 16.0}, "fails", r"it holds as h = Wx + \frac{\alpha}{r}BAx"),
    ("a wrong scaling", {"alpha": 16.0, "first": r"h = Wx + \frac{r}{\alpha}BAx"}, "fails", "h is not"),
    ("alpha for alpha / r", {"alpha": 16.0, "first": r"h = Wx + \alpha BAx"}, "fails", "h is not"),
    ("a term twice in the bracket", {"second": "h = (W + BA + W)x", "under": "W + BA + W"}, "fails", "h is not (W + BA + W) x"),
    ("a minus in the bracket", {"second": "h = (W - BA)x", "under": "W - BA"}, "fails", "it holds as h = (W + BA)x"),
    ("x on the left of the bracket", {"second": "h = x(W + BA)", "under": "W + BA"}, "fails", "h is not x (W + BA)"),
    ("a transpose", {"second": r"h = (W + BA)^\top x", "under": "W + BA"}, "fails", "h is not"),
    ("a square", {"second": "h = (W + BA)^2 x", "under": "W + BA"}, "fails", "h is not"),
    ("a chain with one false link", {"first": "h = Wx + BAx = (W - BA)x"}, "fails", "(W − BA) x"),
    ("an unknown symbol", {"first": "h = Zx + BAx"}, "undetermined", "Z is not defined on this figure"),
    ("a symbol in the wrong case", {"first": "h = wx + BAx"}, "undetermined", "w is not defined on this figure"),
    ("an index too many", {"first": "h = W_1 x + BAx"}, "undetermined", "W_1 is not defined on this figure"),
    ("the merged weight without let", {"let": ()}, "undetermined", "W_merged is not defined on this figure"),
    ("a brace under another part", {"under": "W", "label": MERGED}, "fails", "W is not W_merged"),
    ("a brace under what is not there", {"under": "W - BA"}, "fails", "'W - BA' does not stand in 'h = (W + BA)x'"),
    ("a brace with another label", {"label": "W"}, "fails", "W + BA is not W"),
    ("a brace with a vector's label", {"label": "h"}, "ill-typed", "the shapes differ: W + BA is d × d, h is d"),
    ("a brace with a false shape", {"label": r"d \times r"}, "ill-typed", "W + BA is d × d, not d × r"),
    ("let with a minus", {"let": (MERGED + " = W - BA",)}, "fails", "W + BA is not W_merged"),
    ("let with AB", {"let": (MERGED + " = W + AB",)}, "ill-typed", "the shapes differ: W is d × d, A B is r × r"),
    ("let with its own symbol", {"let": (MERGED + f" = {MERGED} + BA",)}, "fails", "W_merged needs W_merged: nothing says what it is"),
    ("let that redefines W", {"let": (MERGED + " = W + BA", "W = W + BA")}, "fails", "W is not W + BA"),
    ("let that redefines h", {"let": (MERGED + " = W + BA", "h = Wx")}, "fails", "h is not W x"),
    ("let that redefines d", {"let": (MERGED + " = W + BA", "d = 512")}, "fails", "it is 768, not 512"),
    ("a wrong exponent", {"W_math": r"W \in \mathbb{R}^{d\times r}"}, "ill-typed", "W is d × d, not d × r"),
    ("one exponent", {"W_math": r"W \in \mathbb{R}^{d}"}, "ill-typed", "W is d × d, not d"),
    ("three exponents", {"W_math": r"W \in \mathbb{R}^{d\times d\times d}"}, "ill-typed", "W is d × d, not d × d × d"),
    ("a power for a shape", {"W_math": r"W \in \mathbb{R}^{d^2}"}, "ill-typed", "W is d × d, not d²"),
    ("d × d where k differs", {"k": 512}, "ill-typed", "W is d × k, not d × d"),
    ("k × d", {**NARROW, "k": 512, "W_math": r"W \in \mathbb{R}^{k\times d}"}, "ill-typed", "W is d × k, not k × d"),
    ("a number of another size", {"W_math": r"W \in \mathbb{R}^{768\times 512}"}, "ill-typed", "W is d × d, not 768 × 512"),
    ("d × r on A", {"labels": (r"d \times r", "B = 0")}, "ill-typed", "A is r × d, not d × r"),
    ("A: d × r", {"labels": (r"A: d \times r", "B = 0")}, "ill-typed", "A is r × d, not d × r"),
    ("r × d on B", {"labels": ("A", r"r \times d")}, "ill-typed", "B is d × r, not r × d"),
    ("d × r on the square", {"W_math": r"d \times r"}, "ill-typed", "W is d × d, not d × r"),
    ("another matrix on the square", {"W_math": r"A \in \mathbb{R}^{r\times d}"}, "fails", "it speaks of A, and stands on W"),
    ("the merged weight's label on W", {"W_math": MERGED}, "fails", "W is not W_merged"),
    ("A = 0", {"labels": ("A = 0", "B = 0")}, "fails", "at the start A is drawn from N(0, σ²), B is 0"),
    ("B drawn at random", {"labels": (r"A = \mathcal{N}(0,\sigma^2)", r"B = \mathcal{N}(0,\sigma^2)")}, "fails", "the limit for one false alarm"),
    ("both the other way round", {"labels": ("A = 0", r"B \sim \mathcal{N}(0,\sigma^2)")}, "fails", "at the start A is drawn from N(0, σ²), B is 0"),
    ("a mean of one", {"labels": (r"A = \mathcal{N}(1,\sigma^2)", "B = 0")}, "fails", "the mean of A is 0"),
    ("no variance", {"labels": (r"A = \mathcal{N}(0, 0)", "B = 0")}, "fails", "0 is not a variance: that of A is a number above 0"),
    ("a variance of alpha", {"labels": (r"A = \mathcal{N}(0, \alpha^2)", "B = 0")}, "undetermined", "a variance of α² is the author's choice"),
    ("a variance of a matrix", {"labels": (r"A = \mathcal{N}(0, {W_{\mathrm{m}}}^2)", "B = 0")}, "undetermined", "a variance of W_m² is the author's choice"),
    ("a negative variance", {"labels": (r"A = \mathcal{N}(0, -1)", "B = 0")}, "fails", "−1 is not a variance"),
    ("a matrix for a variance", {"labels": (r"A = \mathcal{N}(0, W)", "B = 0")}, "fails", "W is not a variance"),
    ("a uniform B", {"labels": ("A", r"B \sim \mathcal{U}(-a, a)")}, "fails", "B is not uniform"),
    ("B = 1", {"labels": ("A", "B = 1")}, "ill-typed", "B is d × r, and 1 is a number"),
    ("W = 0", {"W_math": "W = 0"}, "fails", "W is not 0"),
    ("a random W", {"W_math": r"W \sim \mathcal{N}(0, \sigma^2)"}, "fails", "W is pretrained"),
    ("r > d", {"r": 1024}, "fails", "r = 1,024 is greater than d = 768"),
    ("r = d", {"r": 768}, "fails", "r = 768 is no less than d = 768"),
    ("r > k", {**NARROW, "k": 4}, "fails", "r = 8 is greater than k = 4"),
    ("d at the waist", {"brace": Brace("d")}, "fails", "the waist is r, and the brace along it says d"),
    ("a wrong number at the waist", {"brace": Brace("16")}, "fails", "the waist is r = 8, and the brace along it says 16"),
    ("r = 16 at the waist", {"brace": Brace("r = 16")}, "fails", "it is 8, not 16"),
    ("a matrix at the waist", {"brace": Brace("BA")}, "ill-typed", "B A is not a dimension"),
    ("an unknown letter at the waist", {"brace": Brace("n")}, "undetermined", "n is not defined on this figure"),
    ("a brace on a bar that spans", {"x": Bar("x", span=True, brace=Brace("d"))}, "fails", "its width stands for no dimension"),
    ("r along a bar", {"x": Bar("x", brace=Brace("r"))}, "fails", "the bar of x is d, and the brace along it says r"),
    ("d along x where k differs", {**NARROW, "k": 512, "x": Bar("x", brace=Brace("d"))}, "fails", "the bar of x is k, and the brace along it says d"),
    ("r along the square", {"W_brace": Brace("r")}, "fails", "the width of W is d, and the brace along it says r"),
    ("a false count", {"more": ("2dr = 12,228",)}, "fails", "it is 12,288, not 12,228"),
    ("a count cut off", {"d": 256, "more": ("d^2 = 65K",)}, "fails", "it should read 66K"),
    ("a count rounded where it is cut off", {"d": 256, "rounding": "down", "more": ("d^2 = 66K",)}, "fails", "it should read 65K"),
    ("a count in another unit", {"d": 256, "more": ("d^2 = 66M",)}, "fails", "it is 65,536, not 66M"),
    ("K of 1000 where it is 1024", {"d": 256, "kilo": 1024, "more": ("d^2 = 65.5K",)}, "fails", "it should read 64.0K"),
    ("another exponent", {"more": ("d^3 = 589,824",)}, "fails", "not 589,824"),
    ("a false ratio", {"more": (r"\frac{d^2}{2dr} = 32\times",)}, "fails", "it should read 48×"),
    ("more than it is", {"more": (r"10,000\times \text{ fewer}",)}, "fails", "it should read 48×"),
    ("a false percentage", {"more": (r"\frac{2dr}{d^2} = 2.0\%",)}, "fails", "it should read 2.1%"),
    ("not much less", {"d": 768, "r": 128, "more": (r"r \ll d",)}, "fails", "≪ means a factor of 8 or more"),
    ("not less", {"more": ("d < r",)}, "fails", "d is 768, r is 8"),
    ("a number that nothing names", {"more": ("589,824",)}, "undetermined", "nothing says what 589,824 is"),
    ("an order of matrices", {"more": ("W < BA",)}, "ill-typed", "< is between numbers"),
    ("BA = AB", {**NARROW, "k": 512, "more": ("BA = AB",)}, "ill-typed", "A B: the inner dimensions differ: A is r × k, B is d × r"),
    ("W = BA", {"more": ("W = BA",)}, "fails", "W is not B A"),
    ("W + BA = W", {"more": ("W + BA = W",)}, "fails", "W + BA is not W"),
    ("a number in a caption", {"caption": "with 99 % fewer parameters"}, "fails", "it is 0.979167 (47/48), not 99%"),
    ("a false formula in a caption", {"caption": "where $h = Wx - BAx$"}, "fails", "it holds as h = Wx + BAx"),
    ("a false shape in a caption", {"caption": r"where $A \in \mathbb{R}^{d\times r}$"}, "ill-typed", "A is r × d, not d × r"),
    ("a formula without dollars", {"caption": "where h = Wx - BAx"}, "fails", "it holds as h = Wx + BAx"),
    ("a number in a title", {"title": "LoRA with 16 ranks"}, "fails", "it is 8, not 16"),
    ("a number in a panel's title", {"panel": "During 3 % of the parameters"}, "fails", "it is 0.0208333 (1/48), not 3%"),
    ("a false shape in a square's text", {"W_text": ("Pretrained", r"$d \times r$")}, "ill-typed", "W is d × d, not d × r"),
    ("an empty excuse", {"caption": "25 % faster than full fine-tuning", "unverified": ""}, "undetermined", "not understood"),
]  # fmt: skip

TRUTHS: list[tuple[str, dict[str, Any]]] = [
    ("the figure", {}),
    ("sums commute", {"first": "h = BAx + Wx"}),
    ("brackets", {"first": "h = (Wx) + B(Ax)"}),
    ("stretched brackets", {"second": r"h = \left(W + BA\right)x", "under": "W + BA"}),
    ("explicit products", {"first": r"h = W \cdot x + B \cdot A \cdot x"}),
    ("functions", {"first": "h = W(x) + B(A(x))"}),
    ("spacing", {"first": r"h \;=\; W\,x \, + \, B A\,x"}),
    ("fonts", {"first": r"\mathbf{h} = \mathbf{W}\mathbf{x} + \mathbf{B}\mathbf{A}\mathbf{x}"}),
    ("Unicode", {"W_math": "W ∈ ℝ^{d×d}", "labels": ("A ~ 𝒩(0, σ²)", "B = 0")}),
    ("the other name of W", {"first": "h = W_0 x + BAx"}),
    ("Hu et al.'s own", {"first": r"h = W_0 x + \Delta W x = W_0 x + BAx"}),
    ("a chain", {"first": "h = Wx + BAx = (W + BA)x"}),
    ("sides swapped", {"first": "Wx + BAx = h"}),
    ("rows", {"first": r"h = xW^\top + xA^\top B^\top"}),
    ("transposed", {"first": r"h^\top = x^\top (W + BA)^\top"}),
    ("zero terms", {"first": "h = Wx + BAx + W x - W x"}),
    ("a brace of its own", {"first": r"h = Wx + \underbrace{BA}_{\Delta W}x"}),
    ("words under a brace", {"label": r"\text{merged}"}),
    ("a shape under a brace", {"label": r"d \times d"}),
    ("the merged weight in use", {"more": (f"h = {MERGED} x", MERGED + " - W = BA")}),
    ("a prime for the merged weight", {"let": ("W' = W + BA",), "label": "W'", "after": (Bar("x"), Square("W'"), Bar("h"))}),
    ("alpha", {"alpha": 16.0, "let": (MERGED + r" = W + \frac{\alpha}{r}BA",), "first": r"h = Wx + \frac{\alpha}{r}BAx", "second": r"h = (W + sBA)x", "under": "W + sBA", "sum": Sum(("Wx", r"\frac{\alpha}{r}BAx"))}),
    ("alpha = r", {"alpha": 8.0}),
    ("words and a symbol along the waist", {"brace": Brace(r"\text{rank } r")}),
    ("a number for the scaling", {"alpha": 16.0, "let": (MERGED + " = W + 2BA",), "first": "h = Wx + 2BAx", "second": "h = (W + 2BA)x", "under": "W + 2BA", "sum": Sum(("Wx", "2BAx"))}),
    ("k", {**NARROW, "k": 512}),
    ("k along x", {**NARROW, "k": 512, "x": Bar("x", brace=Brace("k")), "h": Bar("h", brace=Brace("d"))}),
    ("shapes in numbers", {"W_math": r"W \in \mathbb{R}^{768\times 768}", "labels": (r"8 \times 768", "B: (768, 8)")}),
    ("shapes alone", {"W_math": r"d \times d", "labels": (r"r \times d", r"d \times r")}),
    ("maps", {"W_math": r"W: \mathbb{R}^d \to \mathbb{R}^d"}),
    ("sides written out", {"factors": (Trapezoid("A", from_="d", to="r"), Trapezoid("B", from_="r", to="d"))}),
    ("k for d, where they are one", {"factors": (Trapezoid("A", from_="k", to="r"), "B"), "W_math": WIDE}),
    ("arrows for bars", {"sum": Sum("arrows")}),
    ("labels on arrows", {"stack": (Bar("x"), Arrow("x"), Trapezoid("A"), Arrow("r"), Trapezoid("B"), Arrow(r"BAx"), Bar("BAx"))}),
    ("branches the other way round", {"branches": (AB, W), "sum": Sum(("BAx", "Wx"))}),
    ("a number along the waist", {"brace": Brace("8")}),
    ("an equation along the waist", {"brace": Brace("r = 8")}),
    ("d along the square", {"W_brace": Brace("d")}),
    ("counts", {"d": 256, "more": ("d^2 = 65,536", "d² = 66K", "2dr = 4,096", "2dr = r(d + k)", r"2dr = \num{2dr}")}),
    ("a chain of counts", {"d": 256, "more": (r"d^2 = 65,536 \approx 65.5K",)}),
    ("counted in 1024", {"d": 256, "kilo": 1024, "more": ("d^2 = 64K",)}),
    ("cut off where that is asked for", {"d": 256, "rounding": "down", "more": ("d^2 = 65K",)}),
    ("a uniform A, as PEFT draws it", {"labels": (r"A \sim \mathcal{U}(-a, a)", "B = 0")}),
    ("ratios", {"more": (r"\frac{d^2}{2dr} = 48\times", r"48\times \text{ fewer}", r"\frac{2dr}{d^2} = 2.08\%")}),
    ("orders", {"more": (r"r \ll d", "0 < r < d", r"r < \min(d, k)", r"d \gg r", r"r \neq d")}),
    ("what is nothing at the start", {"more": ("BA = 0", r"\Delta W = 0")}),
    ("entries", {"more": (r"W: 589,824 \text{ parameters}", r"A + B: 12.3K \text{ parameters}")}),
    ("names", {"more": ("W + BA", r"\Delta W", "r", r"\mathbb{R}^{d \times d}")[:3]}),
    ("mathematics in words", {"caption": r"$h = Wx + BAx$ with $r \ll d$, figure 1 of Hu et al., 2021 (arXiv:2106.09685)"}),
    ("citations", {"caption": "after Hu et al. (2021), section 4.1; see Figure 2 and Table 3"}),
    ("an excuse", {"caption": "25 % faster than full fine-tuning", "unverified": "from the paper's table 2"}),
    ("no caption", {"caption": None}),
    ("the label is the symbol", {"W_math": None, "labels": ()}),
    ("what the merged weight is", {"after": (Bar("x"), Square(MERGED, (), "W + BA"), Bar("h", math="Wx + BAx"))}),
]  # fmt: skip


def findings(changes: dict[str, Any]) -> tuple[str, str]:
    report = verify(two_panel(**changes), floating=False)
    return report.verdict, "\n".join(str(problem) for problem in report.problems())


@pytest.mark.parametrize(
    ("changes", "verdict", "says"), [case[1:] for case in LIES], ids=[case[0] for case in LIES]
)
def test_a_lie_is_caught(changes: dict[str, Any], verdict: str, says: str) -> None:
    found, problems = findings(changes)
    assert says in problems
    assert found == verdict


@pytest.mark.parametrize("changes", [case[1] for case in TRUTHS], ids=[case[0] for case in TRUTHS])
def test_a_truth_holds(changes: dict[str, Any]) -> None:
    assert findings(changes) == ("holds", "")


def test_there_are_enough_of_both() -> None:
    assert len(LIES) >= 60
    assert len(TRUTHS) >= 30
    assert len({case[0] for case in LIES}) == len(LIES)


def test_the_true_figure_holds_in_float64_too() -> None:
    report = verify(two_panel())
    assert report.verdict == "holds"
    measured = [claim for claim in report.claims if claim.residual is not None]
    assert {claim.text for claim in measured} >= {"h = Wx + BAx", "h = (W + BA)x"}
    assert all(0 <= (claim.residual or 0) <= (claim.bound or 0) < 1e-6 for claim in measured)


def test_an_excuse_on_an_equation_is_listed() -> None:
    figure = two_panel(more=(Equation(r"\lVert x \rVert = 1", unverified="x is normalised"),))
    report = verify(figure, floating=False)
    assert report.verdict == "holds"
    assert [(claim.text, claim.unverified) for claim in report.unverified] == [
        (r"\lVert x \rVert = 1", "x is normalised")
    ]


def test_an_excuse_does_not_cover_what_is_false() -> None:
    figure = two_panel(more=(Equation("h = Wx", unverified="because"),))
    assert verify(figure, floating=False).verdict == "fails"


def test_a_panel_of_its_own_is_a_figure() -> None:
    figure = two_panel()
    first = figure.row[0]
    alone = replace(figure, row=(), stack=getattr(first, "stack", ()))
    assert verify(alone, floating=False).verdict == "holds"
