"""parse(to_tex(tree)) == tree for trees that were not made by the parser, and no crash on any input."""

from __future__ import annotations

import contextlib
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import walk
from lorafig.notation.read.commands import CHARACTERS, COMMANDS
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import (
    Accent,
    Apply,
    Big,
    Braced,
    Fenced,
    Fraction,
    Listing,
    Node,
    Number,
    Prefix,
    Product,
    Range,
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
from lorafig.notation.write.plain import to_plain
from lorafig.notation.write.speech import to_speech
from lorafig.notation.write.tex import text_to_tex, to_tex

# f, g, φ, ψ, σ, N, O before brackets are functions, and so are words: the grammar would read an Apply.
LETTERS = "WABXxhdkrsmalntuLMTK"
letters = st.sampled_from(LETTERS).map(Symbol)
greek = st.sampled_from("αβγδηλμρτωΘΛΣΩℓ").map(Symbol)
fonts = st.builds(Symbol, st.sampled_from("WABxh"), st.sampled_from(["bf", "bm", "rm", "sf", "tt", "it"]))
words = st.sampled_from(["scale", "scaling"]).map(Symbol)
symbols = st.one_of(letters, letters, greek, fonts, words)
prefixes = st.builds(Prefix, st.just("Δ"), st.one_of(letters, fonts))
accents = st.builds(Accent, st.sampled_from(["hat", "tilde", "bar", "vec", "dot", "ddot"]), letters)
numbers = st.sampled_from(["0", "1", "2", "16", "768", "0.39", "65,536", "1,234,567", "65 536", "1e-4"]).map(
    Number
)
spaces = st.sampled_from(["", "", "", "", "\\,", "\\;", "\\:", "\\!", "\\ ", "\\quad", "\\qquad"])
operators = st.sampled_from(["", "", "", "", "·", "×", "*", "⊗", "⊙", "∘"])

subscripts = st.one_of(
    st.sampled_from(["0", "1", "10"]).map(Number),
    st.sampled_from(["merged", "in", "out", "max", "i", "F", "pre-trained"]).map(Symbol),
    st.just(Product((Symbol("i"), Symbol("j")), ("",), ("",))),
    st.just(Listing((Symbol("i"), Symbol("j")), (",",), ("",))),
    st.just(Words("pre trained")),
    st.just(Range(None, Symbol("b"))),
    st.just(Listing((Range(), Range(Number("1"), Symbol("r"))), (",",), ("",))),
    st.just(Fenced("[", "]", Listing((Range(), Range(Symbol("r"))), (",",), ("",)))),
)
superscripts = st.one_of(
    st.sampled_from(["2", "10"]).map(Number),
    st.sampled_from(["T", "⊤", "*", "†", "+", "-", "k"]).map(Symbol),
    st.just(Sum((Number("1"),), ("-",))),
    st.just(Fenced("(", ")", Symbol("l"))),
    st.just(Product((Symbol("d"), Symbol("k")), ("×",), ("",))),
)


def scripted(base: Node, sub: Node | None, sup: Node | None, primes: int) -> Node:
    return base if sub is None and sup is None and primes == 0 else Script(base, sub, sup, primes)


def scripts(bases: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(
        scripted,
        bases,
        st.one_of(st.none(), subscripts),
        st.one_of(st.none(), superscripts),
        st.sampled_from([0, 0, 0, 1, 2]),
    )


def products(factors: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    @st.composite
    def build(draw: st.DrawFn) -> Node:
        count = draw(st.integers(2, 4))
        first = draw(st.one_of(factors, numbers))
        chosen, ops, blanks = [first], [], []
        for _ in range(count - 1):
            op = draw(operators)
            chosen.append(draw(factors if op == "" else st.one_of(factors, numbers)))
            ops.append(op)
            blanks.append(draw(spaces) if op == "" else "")
        return Product(tuple(chosen), tuple(ops), tuple(blanks))

    return build()


def quotients(atoms: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    below = st.one_of(
        atoms, st.builds(lambda a, b: Product((a, b), ("",), ("",)), st.one_of(atoms, numbers), atoms)
    )
    return st.builds(
        lambda a, b, c: Product((a, b, c), ("/", ""), ("", "\\,")), st.one_of(atoms, numbers), below, letters
    )


def sums(terms: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    @st.composite
    def build(draw: st.DrawFn) -> Node:
        chosen = draw(st.lists(terms, min_size=2, max_size=3))
        signs = [draw(st.sampled_from(["", "-", "+"]))]
        signs += [draw(st.sampled_from("+-±")) for _ in chosen[1:]]
        return Sum(tuple(chosen), tuple(signs))

    return build()


brackets = st.sampled_from(["()", "[]", "{}", "‖‖", "⌊⌋", "⌈⌉", "⟨⟩"])


def fences(bodies: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.builds(
        lambda pair, body, wide: Fenced(pair[0], pair[1], body, wide), brackets, bodies, st.booleans()
    )


def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    total = sums(inner.filter(lambda node: not isinstance(node, Sum)))
    factor = st.one_of(
        scripts(st.one_of(symbols, prefixes, accents)),
        scripts(fences(total)),
        st.builds(Fraction, inner, inner),
        st.builds(Root, inner, st.one_of(st.none(), numbers)),
        st.builds(
            Apply,
            st.sampled_from(["rank", "min", "max", "diag", "log"]).map(Symbol),
            st.lists(st.one_of(symbols, total), min_size=2, max_size=2).map(tuple),
        ),
        st.builds(Apply, st.just(Symbol("rank")), st.tuples(inner), st.just("("), st.booleans()),
        st.builds(Braced, inner, st.one_of(st.none(), symbols), st.booleans()),
        st.just(Styled("bf", Product((Symbol("B"), Symbol("A")), ("",), ("",)))),
    )
    big = st.builds(
        Big, st.sampled_from("∑∏"), factor, st.one_of(st.none(), symbols), st.one_of(st.none(), symbols)
    )
    return st.one_of(factor, products(factor), sums(products(factor)), quotients(symbols), big)


expressions = st.recursive(st.one_of(symbols, numbers, prefixes, accents), grow, max_leaves=8)
relations = st.builds(
    lambda left, op, right: Relation((left, right), (op,)),
    expressions,
    st.sampled_from("=≈≡≔≠<>≤≥≪≫→←∝~"),
    expressions,
)
shapes = st.builds(
    lambda name, sizes: Relation((name, Shape(tuple(sizes))), (":",)),
    symbols,
    st.lists(st.sampled_from("dkrmnL").map(Symbol), min_size=1, max_size=3),
)
counts = st.builds(
    lambda number, unit, words_: Relation(
        (Symbol("d"), Product((Number(number, unit), Words(words_)), ("",), ("",))), ("=",)
    ),
    st.sampled_from(["16.8", "65,536", "0.39"]),
    st.sampled_from(["K", "M", "B", "T", "%", "×"]),
    st.sampled_from([" fewer", " of the parameters", " trainable parameters"]),
)
statements = st.one_of(relations, relations, shapes, counts)
listings = st.builds(
    lambda items, sep: Listing(tuple(items), (sep,) * (len(items) - 1), ("",) * (len(items) - 1)),
    st.lists(statements, min_size=2, max_size=3),
    st.sampled_from(",;"),
)
labels = st.one_of(statements, listings)


@settings(max_examples=400, deadline=None)
@given(labels)
def test_tex_reads_back(tree: Node) -> None:
    tex = to_tex(tree)
    assert tex.isascii()
    assert parse_math(tex) == tree


@settings(max_examples=200, deadline=None)
@given(labels)
def test_every_writer_takes_every_tree(tree: Node) -> None:
    assert to_plain(tree) != ""
    assert to_speech(tree) != ""
    for node in walk(tree):
        key(node)
    assert bare(bare(tree)) == bare(tree)


names = st.sampled_from([letter for letter in LETTERS if letter not in "KMBT"]).map(Symbol)
plain_factors = st.one_of(
    names,
    names,
    st.builds(Script, names, st.sampled_from("01").map(Number)),
    prefixes.filter(
        lambda node: isinstance(node, Prefix) and isinstance(node.body, Symbol) and node.body.font == ""
    ),
)
plain_products = products(plain_factors)


@settings(max_examples=300, deadline=None)
@given(sums(plain_products))
def test_plain_text_reads_back(tree: Node) -> None:
    """Sums of products of symbols, but for the width of spaces."""
    again = parse_math(f"h = {to_plain(tree)}")
    assert isinstance(again, Relation)
    assert bare_spaces(again.sides[1]) == bare_spaces(tree)


def bare_spaces(node: Node) -> Node:
    if isinstance(node, Product):
        return Product(tuple(map(bare_spaces, node.factors)), node.ops, ("",) * len(node.ops))
    if isinstance(node, Sum):
        return Sum(tuple(map(bare_spaces, node.terms)), node.signs)
    return node


pieces = st.one_of(
    st.sampled_from(["\\" + name for name in COMMANDS]),
    st.sampled_from(list(CHARACTERS)),
    st.sampled_from(list("WABxhdkr0123456789 {}()[]^_|,.;~$&\\")),
    st.sampled_from(
        ["\\frac{a}{b}", "\\left(", "\\right)", "\\text{ab}", "merged", "scale", "fewer", "65,536", "ᵀ", "²"]
    ),
)


@settings(max_examples=600, deadline=None)
@given(st.lists(pieces, max_size=12).map("".join))
def test_any_mixture_is_a_tree_or_an_error(source: str) -> None:
    try:
        tree = parse_math(source)
    except LorafigError:
        return
    to_plain(tree), to_speech(tree)
    assert tree.span[1] <= len(source)
    for node in walk(tree):
        assert 0 <= node.span[0] <= node.span[1] <= len(source)
    to_tex(tree)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_runs_or_an_error(source: str) -> None:
    for parse in (parse_math, parse_text):
        with contextlib.suppress(LorafigError):
            parse(source)


printable = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=30)


@settings(max_examples=300, deadline=None)
@given(printable)
def test_words_become_tex_that_reads_back(source: str) -> None:
    """Nothing of the words acts as TeX: read as text again, they are the same words."""
    try:
        runs = parse_text(source)
    except LorafigError:
        return
    if len(runs) != 1 or runs[0].math is not None or runs[0].bold:
        return
    tex = text_to_tex(runs)
    bare_tex = re.sub(r"\\[{}$&#%_]|\$\\?[A-Za-z^0-9-]+\$", "", tex)
    assert not set(bare_tex) & set("$&#%_")
    assert bare_tex.count("{") == bare_tex.count("}")
    assert "^" not in bare_tex.replace("\\^", "")
    assert text_to_tex((Run(runs[0].text),)) == tex
