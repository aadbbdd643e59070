"""Sources and the trees that they must give, spelled out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import (
    Accent,
    Apply,
    Big,
    Braced,
    Computed,
    Fenced,
    Fraction,
    Listing,
    Node,
    Number,
    Prefix,
    Product,
    Relation,
    Root,
    Run,
    Script,
    Shape,
    Styled,
    Sum,
    Symbol,
    Words,
)
from tests.counting import calls
from tests.notation.labels import LABELS

W, A, B, x, h, d, k, r, s, R = (Symbol(letter) for letter in "WABxhdkrsR")
alpha, sigma = Symbol("α"), Symbol("σ")
reals = Symbol("R", "bb")
zero, two = Number("0"), Number("2")


def product(
    *factors: Node, ops: tuple[str, ...] | None = None, spaces: tuple[str, ...] | None = None
) -> Product:
    none = ("",) * (len(factors) - 1)
    return Product(factors, none if ops is None else ops, none if spaces is None else spaces)


def plus(*terms: Node) -> Sum:
    return Sum(terms, ("",) + ("+",) * (len(terms) - 1))


def equal(*sides: Node) -> Relation:
    return Relation(sides, ("=",) * (len(sides) - 1))


def bracket(body: Node) -> Fenced:
    return Fenced("(", ")", body)


def real(*sizes: Node) -> Script:
    return Script(reals, None, product(*sizes, ops=("×",) * (len(sizes) - 1)))


BA, BAx, Wx = product(B, A), product(B, A, x), product(W, x)
normal = Apply(Symbol("N", "cal"), (zero, Script(sigma, None, two)))
merged = Script(W, Symbol("merged"))
delta = Prefix("Δ", W)

TREES: tuple[tuple[str, Node], ...] = (
    ("h = Wx + BAx", equal(h, plus(Wx, BAx))),
    ("h=Wx+BAx", equal(h, plus(Wx, BAx))),
    (
        r"h = W_0 x + \frac{\alpha}{r} B A x",
        equal(h, plus(product(Script(W, zero), x), product(Fraction(alpha, r), B, A, x))),
    ),
    (r"W' = W + \Delta W", equal(Script(W, primes=1), plus(W, delta))),
    ("W′ = W + ΔW", equal(Script(W, primes=1), plus(W, delta))),
    (r"W^{\prime} = W", equal(Script(W, primes=1), W)),
    (r"\Delta W = BA", equal(delta, BA)),
    (
        r"\mathbf{h} = \mathbf{W}_0\mathbf{x}",
        equal(Symbol("h", "bf"), product(Script(Symbol("W", "bf"), zero), Symbol("x", "bf"))),
    ),
    (r"\mathbf{BA}", Styled("bf", BA)),
    (r"\underbrace{BA}_{\Delta W}", Braced(BA, delta)),
    (r"\overbrace{BA}^{r}x", product(Braced(BA, r, True), x)),
    (r"xW^\top", product(x, Script(W, None, Symbol("⊤")))),
    ("xWᵀ", product(x, Script(W, None, Symbol("⊤")))),
    ("x W.T", product(x, Script(W, None, Symbol("T")))),
    (r"(W + BA)^{T}", Script(bracket(plus(W, BA)), None, Symbol("T"))),
    (r"\left(W + BA\right)x", product(Fenced("(", ")", plus(W, BA), True), x)),
    (r"W + s \cdot BA", plus(W, product(s, B, A, ops=("·", "")))),
    (
        "W(x) + scale · B(A(x))",
        plus(Apply(W, (x,)), product(Symbol("scale"), Apply(B, (Apply(A, (x,)),)), ops=("·",))),
    ),
    ("A ∈ R^{r×d}", Relation((A, real(r, d)), ("∈",))),
    (r"A \in \mathbb{R}^{r\times d}", Relation((A, real(r, d)), ("∈",))),
    ("A ∈ ℝʳˣᵈ", Relation((A, real(r, d)), ("∈",))),
    ("A ∈ ℝ^(r×d)", Relation((A, real(r, d)), ("∈",))),
    ("A in R^{r x d}", Relation((A, real(r, d)), ("∈",))),
    ("A: r × d", Relation((A, Shape((r, d))), (":",))),
    ("A: r x d", Relation((A, Shape((r, d))), (":",))),
    ("x: k", Relation((x, Shape((k,))), (":",))),
    ("W: 2d × k", Relation((W, Shape((product(two, d), k))), (":",))),
    ("d × k", Shape((d, k))),
    ("A ~ N(0, σ²)", Relation((A, normal), ("~",))),
    (r"A \sim \mathcal{N}(0, \sigma^2)", Relation((A, normal), ("~",))),
    (r"A = \mathcal{N}(0,\sigma^2)", equal(A, normal)),
    ("B = 0", equal(B, zero)),
    ("r ≪ min(d, k)", Relation((r, Apply(Symbol("min"), (d, k))), ("≪",))),
    ("d² = 65,536", equal(Script(d, None, two), Number("65,536"))),
    ("65.5K", Number("65.5", "K")),
    ("16.8 M", Number("16.8", "M")),
    (r"16.8\mathrm{M}", Number("16.8", "M")),
    ("0.39 %", Number("0.39", "%")),
    (r"0.39\,\%", Number("0.39", "%")),
    ("32×", Number("32", "×")),
    (r"32\times", Number("32", "×")),
    ("10,000× fewer", product(Number("10,000", "×"), Words(" fewer"))),
    ("32x fewer", product(Number("32", "×"), Words(" fewer"))),
    (r"10{,}000{\times}\text{ fewer}", product(Number("10,000", "×"), Words(" fewer"))),
    (r"0.4\% of the parameters", product(Number("0.4", "%"), Words(" of the parameters"))),
    ("r(d+k)", product(r, bracket(plus(d, k)))),
    ("r(d+k)/dk", product(r, bracket(plus(d, k)), product(d, k), ops=("", "/"))),
    ("2 · d · r", product(two, d, r, ops=("·", "·"))),
    ("2dr/d^2", product(two, d, r, Script(d, None, two), ops=("", "", "/"))),
    ("α/r BA", product(alpha, r, B, A, ops=("/", "", ""), spaces=("", r"\,", ""))),
    (r"\|W\|_F", Script(Fenced("‖", "‖", W), Symbol("F"))),
    ("|x| |h|", product(Fenced("|", "|", x), Fenced("|", "|", h))),
    (r"A \otimes B", product(A, B, ops=("⊗",))),
    (r"A \odot B", product(A, B, ops=("⊙",))),
    ("diag(·)", Apply(Symbol("diag"), (Symbol("·"),))),
    (r"\mathrm{rank}(BA) \le r", Relation((Apply(Symbol("rank"), (BA,)), r), ("≤",))),
    (r"\operatorname{rank} BA <= r", Relation((Apply(Symbol("rank"), (BA,), ""), r), ("≤",))),
    (r"W_{\mathrm{merged}}", merged),
    (r"W_\text{merged}", merged),
    ("W_merged", merged),
    ("BAx", BAx),
    ("scaleBA", product(Symbol("scale"), B, A)),
    ("dkr", product(d, k, r)),
    ("W₀", Script(W, zero)),
    ("W0", Script(W, zero)),
    ("W_10", Script(W, Number("10"))),
    ("x_{ij}", Script(x, product(Symbol("i"), Symbol("j")))),
    ("x_{i,j}", Script(x, Listing((Symbol("i"), Symbol("j")), (",",), ("",)))),
    (r"\num{d^2}", Computed(Script(d, None, two))),
    (r"\num[M]{d^2}", Computed(Script(d, None, two), "M")),
    (r"\num{d}\times", product(Computed(d), Symbol("×"))),
    ("65{,}536", Number("65,536")),
    (r"65\,536", Number("65 536")),
    ("65 536", Number("65 536")),
    ("d = 4,r = 2", Listing((equal(d, Number("4")), equal(r, two)), (",",), ("",))),
    ("(0,1)", bracket(Listing((zero, Number("1")), (",",), ("",)))),
    ("N(0,1)", Apply(Symbol("N", "cal"), (zero, Number("1")))),
    ("min(256,768)", Apply(Symbol("min"), (Number("256"), Number("768")))),
    ("max(65,536, 4,096)", Apply(Symbol("max"), (Number("65,536"), Number("4,096")))),
    (r"\log_2 r", Apply(Script(Symbol("log"), two), (r,), "")),
    (r"\sqrt[3]{d}", Root(d, Number("3"))),
    ("√d", Root(d)),
    (r"\hat W", Accent("hat", W)),
    ("Ŵ", Accent("hat", W)),
    ("W̃", Accent("tilde", W)),
    (
        r"\sum_{l=1}^{L} r_l",
        Big("∑", Script(r, Symbol("l")), equal(Symbol("l"), Number("1")), Symbol("L")),
    ),
    ("-x", Sum((x,), ("-",))),
    ("W − BA", Sum((W, BA), ("", "-"))),
    (r"h = -1 \cdot -x", equal(h, Sum((product(Number("1"), Sum((x,), ("-",)), ops=("·",)),), ("-",)))),
    ("W^{-1}", Script(W, None, Sum((Number("1"),), ("-",)))),
    ("10^-4", Script(Number("10"), None, Sum((Number("4"),), ("-",)))),
    ("1e-4", Number("1e-4")),
    ("W^*", Script(W, None, Symbol("*"))),
    ("x^(l)", Script(x, None, bracket(Symbol("l")))),
    (r"W\,x", product(W, x, spaces=(r"\,",))),
    (r"\Delta W_0^\top", Script(delta, zero, Symbol("⊤"))),
    ("7B parameters", product(Number("7", "B"), Words(" parameters"))),
    ("W + 2B = W + B + B", equal(plus(W, product(two, B)), plus(W, B, B))),
    ("W + 2B", plus(W, product(two, B))),
    ("65K + 4K = 69K", equal(plus(Number("65", "K"), Number("4", "K")), Number("69", "K"))),
    ("768 × a", product(Number("768"), Symbol("a"), ops=("×",))),
    ("≈ 65K", Relation((Words(""), Number("65", "K")), ("≈",))),
    ("h = {W + BA}", equal(h, plus(W, BA))),
    ("{BA}x", BAx),
    ("alpha/r", product(alpha, r, ops=("/",))),
    (r"h~=~W~x", equal(h, product(W, x, spaces=("\\ ",)))),
    ("W → W + BA", Relation((W, plus(W, BA)), ("→",))),
)  # fmt: skip


@pytest.mark.parametrize(("source", "tree"), TREES, ids=[source for source, _ in TREES])
def test_tree(source: str, tree: Node) -> None:
    assert parse_math(source) == tree


@pytest.mark.parametrize("source", LABELS)
def test_every_label_parses(source: str) -> None:
    parse_math(source)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("h = Wx + BAx", r"h\;=\;W x\,+\,B A x".replace(r"\,+", "+").replace(r"+\,", "+")),
        ("A ∈ ℝ^{r×d}", r"A\in\mathbb{R}^{r\times d}"),
        ("d ≤ k", r"d \leq k"),
        ("d ≥ k", "d >= k"),
        ("W − BA", "W - BA"),
        ("W ← W + BA", r"W \gets W + BA"),
        ("A ⊙ B", r"A\odot B"),
        ("σ²", r"\sigma^{2}"),
        ("W_{merged}", r"W_{\mathrm{merged}}"),
        ("r ≪ d", "r << d"),
        ("𝐖x", r"\mathbf{W}x"),
        ("𝒩(0, 1)", r"\mathcal{N}(0,1)"),
        ("‖W‖", r"\lVert W \rVert"),
        ("x ≔ h", "x := h"),
        (r"\displaystyle \frac{\alpha}{r}", r"\tfrac{\alpha}{r}"),
        (r"\bigl(W + BA\bigr)x", "(W + BA)x"),
    ],
)
def test_spellings_agree(one: str, other: str) -> None:
    assert parse_math(one) == parse_math(other)


def test_spans_are_offsets_into_the_source() -> None:
    source = r"h = W_0x + \frac{\alpha}{r}BAx"
    tree = parse_math(source)
    assert isinstance(tree, Relation)
    right = tree.sides[1]
    assert isinstance(right, Sum)
    assert [source[slice(*term.span)] for term in right.terms] == ["W_0x", r"\frac{\alpha}{r}BAx"]
    last = right.terms[1]
    assert isinstance(last, Product)
    assert [source[slice(*factor.span)] for factor in last.factors] == [r"\frac{\alpha}{r}", "B", "A", "x"]


def test_spans_of_raised_characters() -> None:
    tree = parse_math("d² = Wᵀ")
    assert isinstance(tree, Relation)
    assert [side.span for side in tree.sides] == [(0, 2), (5, 7)]


@pytest.mark.parametrize(
    ("source", "several"),
    [
        ("r=8 alpha=16", "r=8, alpha=16"),
        ("d = 64 rank = 8", "d = 64, rank = 8"),
        ("d_1=2 d_2=3", "d_1=2, d_2=3"),
        ("r=8 α=16 d=64", "r=8, α=16, d=64"),
        ("(r=8 s=2)", "(r=8, s=2)"),
    ],
)
def test_statements_beside_one_another(source: str, several: str) -> None:
    assert parse_math(source) == parse_math(several)


@pytest.mark.parametrize(
    ("source", "product"),
    [("n = 4 d = 64", "n = 4d = 64"), ("|A|=4 d=64", "|A|=4d=64"), ("s=2 r", "s=2r"), ("h=2 W x", "h=2Wx")],
)
def test_a_factor_behind_a_number_begins_no_statement(source: str, product: str) -> None:
    assert parse_math(source) == parse_math(product)


@pytest.mark.parametrize(
    "source",
    [lambda count: "W(x + " * count + "x" + ")" * count, lambda count: "+".join(["BAx"] * count)],
    ids=["nested brackets", "a long label"],
)
def test_twice_as_much_is_twice_the_work(source: Callable[[int], str]) -> None:
    few, many = (calls(lambda count=count: parse_math(source(count))) for count in (15, 30))
    assert many < 2.5 * few


# Text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("Pretrained Weights", (Run("Pretrained Weights"),)),
        ("W: $d$ wide", (Run("W: "), Run("", d), Run(" wide"))),
        ("**Frozen** $W$", (Run("Frozen", bold=True), Run(" "), Run("", W))),
        ("**all $W$**", (Run("all ", bold=True), Run("", W, bold=True))),
        (r"5 \$ \& 3 \% \_ \# \{\} \\ \*", (Run(r"5 $ & 3 % _ # {} \ *"),)),
        ("100 % a_b & #1 {x} ^ ~", (Run("100 % a_b & #1 {x} ^ ~"),)),
        ("two  \n words\n", (Run("two words"),)),
        ("预训练权重", (Run("预训练权重"),)),
        (r"Schr\"odinger \ss{}", (Run("Schrödinger ß"),)),
    ],
)
def test_text(source: str, runs: tuple[Run, ...]) -> None:
    assert tuple(Run(run.text, run.math, run.bold) for run in parse_text(source)) == runs


def test_text_offsets() -> None:
    runs = parse_text("W: $d^2$ **x**")
    assert [run.offset for run in runs] == [0, 3, 8, 11]
    assert runs[1].math is not None
    assert runs[1].math.span == (4, 7)
