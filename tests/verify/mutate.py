"""Changes every claim and every drawn relation of every figure, and counts what the verifier makes of it.

`python -m tests.verify.mutate` prints the score. Whether a change made the figure false is worked out by
`oracle`, which shares no code with the verifier; a change on which it has no opinion is not counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct

from lorafig.errors import LorafigError
from lorafig.language.load import load
from lorafig.language.model import Bottleneck, Brace, Equation, Figure, Model, Panel, Sum, Trapezoid
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.children import children, rebuild, walk
from lorafig.notation.named import symbols_in
from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.plain import to_plain
from lorafig.notation.write.tex import to_tex
from lorafig.values import replace
from lorafig.verify import verify
from tests.verify import mutate_flow, oracle

GALLERY = Path(__file__).parents[2] / "figures"
# Strings of a spec that are not mathematics.
NO_MATH = frozenset(
    {"id", "name", "title", "text", "caption", "panel", "unverified", "about", "theme", "numbers", "adapter"}
    | {"side", "as_", "where", "lorafig", "controls", "lesson", "card", "of", "level", "levels", "legend"}
    | {"flow"}  # which mutate_flow changes
    | {"symbols", "sizes", "functions", "given"}  # what is declared is no claim
)
SIGNS = frozenset(("=", "+", "-", "\\times", "\\odot", "\\otimes", "\\approx", "≈", "all"))  # of a product
Path_ = tuple[Any, ...]


def gallery() -> dict[str, Figure]:
    found = [load(path) for path in sorted(GALLERY.glob("*.yaml"))]
    return {str(figure.id): figure for figure in [*found, crowded(), *mutate_flow.crowded()]}


def judged() -> dict[str, Figure]:
    """The figures that the other judge can follow: what is changed in them can be held against it."""
    return {name: figure for name, figure in gallery().items() if oracle.judge(figure) is not None}


def crowded() -> Figure:
    """The two-panel figure with a claim of every other kind beside its equations."""
    from tests.verify.figures import two_panel

    claims = (
        r"h = W_0 x + \frac{\alpha}{r} B A x",
        r"\Delta W = \frac{\alpha}{r} BA \in \mathbb{R}^{d \times k}",
        r"h^\top = x^\top (W + 2BA)^\top",
        "r(d + k) = 10,240",
        "dk = 393K",
        "dk = 393,216 = 0.39M",
        r"\frac{r(d+k)}{dk} = 2.6\%",
        r"\frac{dk}{r(d+k)} = 38.4\times",
        r"38.4\times \text{ fewer}",
        r"r \ll \min(d, k)",
        r"A: r \times k",
        r"BA \neq W",
        "r < d",
    )
    figure = two_panel(
        d=768,
        k=512,
        alpha=16.0,
        let=(r"W_{\mathrm{merged}} = W + 2BA",),
        W_math=r"W \in \mathbb{R}^{d\times k}",
        first=r"h = Wx + \frac{\alpha}{r}BAx",
        second="h = (W + 2BA)x",
        under="W + 2BA",
        factors=(Trapezoid("A", from_="k", to="r"), Trapezoid("B", from_="r", to="d")),
        sum=Sum(("Wx", r"\frac{\alpha}{r}BAx")),
        more=claims,
    )
    after = figure.row[-1]
    stack = getattr(after, "stack", ())
    square = replace(stack[1], math=r"W_{\mathrm{merged}} \in \mathbb{R}^{d\times k}", brace=Brace("k"))
    bar = replace(stack[0], brace=Brace("k"))
    return replace(
        figure, id="crowded", row=(*figure.row[:-1], replace(after, stack=(bar, square, *stack[2:])))
    )


# Where the mathematics of a figure stands ----------------------------------------------------


def strings(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    if isinstance(value, str):
        if value not in SIGNS:
            yield path, value
    elif isinstance(value, tuple):
        for i, one in enumerate(value):
            yield from strings(one, (*path, i))
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in NO_MATH and not (isinstance(value, Sum) and value.sum == "arrows"):
                yield from strings(getattr(value, name), (*path, name))


def tuples(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, tuple[Any, ...]]]:
    if isinstance(value, tuple):
        yield path, value
        for i, one in enumerate(value):
            yield from tuples(one, (*path, i))
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            if name not in NO_MATH:
                yield from tuples(getattr(value, name), (*path, name))


def elements(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    if isinstance(value, tuple):
        for i, one in enumerate(value):
            yield from elements(one, (*path, i))
    elif isinstance(value, Struct):
        yield path, value
        for name in value.__struct_fields__:
            if name not in NO_MATH:
                yield from elements(getattr(value, name), (*path, name))


def put(value: Any, path: Path_, new: Any) -> Any:
    if not path:
        return new
    first, *rest = path
    if isinstance(first, int):
        return (*value[:first], put(value[first], tuple(rest), new), *value[first + 1 :])
    return replace(value, **{first: put(getattr(value, first), tuple(rest), new)})


# Changes of a label --------------------------------------------------------------------------

SYMBOLS = ("x", "h", "W", "A", "B", "d", "k", "r", "W_{\\mathrm{merged}}", "\\alpha")
OPS = ("=", "≠", "<", ">", "≤", "≥", "≪", "≫", "∈", "~", ":", "≈")


def changes(node: Any) -> Iterator[tuple[str, Any]]:
    """The node with one thing in it changed, and what was."""
    yield from _here(node)
    below = children(node)
    for i, child in enumerate(below):
        for what, new in changes(child):
            turn = iter(range(len(below)))
            yield what, rebuild(node, lambda one, turn=turn, i=i, new=new: new if next(turn) == i else one)


def _here(node: Any) -> Iterator[tuple[str, Any]]:
    if key(node) is not None and not isinstance(node, tree.Prefix):
        for name in SYMBOLS:
            other = parse_math(name)
            if key(other) != key(node):
                yield "symbol", other
        if isinstance(node, tree.Symbol):
            yield "index", tree.Script(node, tree.Number("1"))
            yield "prime", tree.Script(node, primes=1)
            if node.name.isupper():
                yield "transpose", tree.Script(node, None, tree.Symbol("⊤"))
            yield "exponent", tree.Script(node, None, tree.Number("2"))
            yield "factor", tree.Product((tree.Number("2"), node), ("",), ("",))
    match node:
        case tree.Number(digits, unit):
            for i, digit in enumerate(digits):
                if digit.isdigit():
                    for new in {str((int(digit) + 1) % 10), str((int(digit) + 9) % 10)}:
                        if not (i == 0 and new == "0" and len(digits) > 1):
                            yield "digit", replace(node, digits=digits[:i] + new + digits[i + 1 :])
            for new in ("", "K", "M", "%", "×"):
                if new != unit:
                    yield "unit", replace(node, unit=new)
        case tree.Script(base, sub, sup, primes):
            if sup is not None:
                yield "exponent dropped", base if sub is None and primes == 0 else replace(node, sup=None)
                if isinstance(sup, tree.Number):
                    yield "exponent", replace(node, sup=tree.Number(str(int(sup.digits) + 1)))
                if isinstance(sup, tree.Product):
                    yield "shape", replace(node, sup=tree.Product(sup.factors[::-1], sup.ops, sup.spaces))
                    yield "shape", replace(node, sup=sup.factors[0])
                    factors = (*sup.factors, sup.factors[0])
                    yield (
                        "shape",
                        replace(node, sup=tree.Product(factors, (*sup.ops, "×"), (*sup.spaces, ""))),
                    )
            if sub is not None:
                yield "index dropped", base if sup is None and primes == 0 else replace(node, sub=None)
        case tree.Product(factors, ops):
            for i in range(len(factors) - 1):
                swapped = (*factors[:i], factors[i + 1], factors[i], *factors[i + 2 :])
                yield "order", replace(node, factors=swapped)
                if ops[i] in ("", "·"):
                    for op in ("⊙", "/"):
                        yield "operator", replace(node, ops=(*ops[:i], op, *ops[i + 1 :]))
                    terms = (_product(factors[: i + 1], ops[:i]), _product(factors[i + 1 :], ops[i + 1 :]))
                    yield "operator", tree.Fenced("(", ")", tree.Sum(terms, ("", "+")))
                if ops[i] == "/":
                    yield "operator", replace(node, ops=(*ops[:i], "·", *ops[i + 1 :]))
            for i in range(len(factors)):
                kept = (*factors[:i], *factors[i + 1 :])
                yield "factor dropped", _product(kept, ops[1:] if i == 0 else (*ops[: i - 1], *ops[i:]))
                twice = (*factors[: i + 1], *factors[i:])
                yield "factor twice", _product(twice, (*ops[:i], "", *ops[i:]))
        case tree.Sum(terms, signs):
            for i, sign in enumerate(signs):
                flipped = "-" if sign != "-" else ("" if i == 0 else "+")
                yield "sign", replace(node, signs=(*signs[:i], flipped, *signs[i + 1 :]))
                kept, left = (*terms[:i], *terms[i + 1 :]), (*signs[:i], *signs[i + 1 :])
                if kept:
                    left = ("" if left[0] == "+" else left[0], *left[1:])
                    single = len(kept) == 1 and left[0] == ""
                    yield "term dropped", kept[0] if single else tree.Sum(kept, left)
                more = "-" if sign == "-" else "+"
                yield "term twice", tree.Sum((*terms, terms[i]), (*signs, more))
        case tree.Relation(sides, ops):
            for i, op in enumerate(ops):
                for new in OPS:
                    if new != op:
                        yield "relation", replace(node, ops=(*ops[:i], new, *ops[i + 1 :]))
            yield "sides swapped", tree.Relation(sides[::-1], ops[::-1])
        case tree.Fraction(above, below):
            yield "fraction", tree.Fraction(below, above)
            yield "fraction", above
        case tree.Fenced("(", ")", body):
            yield "brackets dropped", body
        case tree.Shape(sizes):
            yield "shape", tree.Shape(sizes[::-1])
        case tree.Apply(function, arguments):
            yield "arguments", replace(node, arguments=arguments[::-1])
            for name in ("max", "min"):
                if key(function) in ("min", "max") and key(function) != name:
                    yield "function", replace(node, function=tree.Symbol(name))


def _product(factors: tuple[Any, ...], ops: tuple[str, ...]) -> Any:
    return factors[0] if len(factors) == 1 else tree.Product(factors, ops, ("",) * len(ops))


# Changes of the drawing ----------------------------------------------------------------------


def redrawn(figure: Figure) -> Iterator[tuple[str, Figure]]:
    for path, found in tuples(figure):
        if path and path[-1] in ("row", "let", "equations"):
            continue
        for i in range(len(found)):
            if len(found) > 1:
                yield f"dropped {path}", put(figure, path, (*found[:i], *found[i + 1 :]))
            yield f"twice {path}", put(figure, path, (*found[: i + 1], *found[i:]))
            if i + 1 < len(found):
                swapped = (*found[:i], found[i + 1], found[i], *found[i + 2 :])
                yield f"swapped {path}", put(figure, path, swapped)
    for path, element in elements(figure):
        match element:
            case Trapezoid(from_=start, to=end) if start is not None:
                for sides in ((end, start), (start, start), (end, end), (None, start), (end, None)):
                    yield f"sides {path}", put(figure, path, replace(element, from_=sides[0], to=sides[1]))
            case Bottleneck(bottleneck=parts):
                for i, part in enumerate(parts):
                    if not isinstance(part, Trapezoid):
                        for sides in (("d", "r"), ("r", "d"), ("d", "d"), ("r", "r"), ("k", "r"), ("r", "k")):
                            new = Trapezoid(part, from_=sides[0], to=sides[1])
                            changed = (*parts[:i], new, *parts[i + 1 :])
                            yield f"sides {path}", put(figure, path, replace(element, bottleneck=changed))
            case Brace(under=str()):
                yield (
                    f"brace over {path}",
                    put(figure, path, replace(element, under=None, over=element.under)),
                )
            case Sum(sum=terms):
                if terms == "arrows":
                    for new in (("Wx", "BAx"), ("BAx", "Wx"), ("Wx",), ("Wx", "BA"), ("Wx", "ABx")):
                        yield f"terms {path}", put(figure, path, replace(element, sum=new))
                else:
                    yield f"terms {path}", put(figure, path, replace(element, sum="arrows"))
            case Model(d=int(), r=int()):
                for sizes in (
                    {"d": element.d + 1},
                    {"k": element.d + 1},
                    {"k": element.d},
                    {"r": element.d},
                    {"r": 4 * element.d},
                    {"r": element.r + 1},
                    {"alpha": 16.0},
                    {"alpha": float(element.r)},
                    {"alpha": None},
                    {"let": ()},
                ):
                    yield f"model {sizes}", put(figure, path, replace(element, **sizes))


# Rewrites that keep the meaning --------------------------------------------------------------


def _deep(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def visit(node: Any) -> Any:
        return change(rebuild(node, visit))

    return visit


def _font(font: str) -> Callable[[Any], Any]:
    def change(node: Any) -> Any:
        plain = isinstance(node, tree.Symbol) and len(node.name) == 1 and node.font == ""
        return replace(node, font=font) if plain and node.name.isascii() and node.name.isalpha() else node

    return change


def _commuted(node: Any) -> Any:
    if not isinstance(node, tree.Sum) or len(node.terms) < 2:
        return node
    signs = ["+" if sign == "" else sign for sign in node.signs[::-1]]
    return tree.Sum(node.terms[::-1], ("" if signs[0] == "+" else signs[0], *signs[1:]))


def _dotted(node: Any) -> Any:
    if not isinstance(node, tree.Product) or any(isinstance(one, tree.Words) for one in node.factors):
        return node
    if "/" in node.ops:
        return node
    return replace(node, ops=tuple("·" if op == "" else op for op in node.ops))


def _spaced(node: Any) -> Any:
    if not isinstance(node, tree.Product) or "/" in node.ops:
        return node
    spaces = tuple("\\," if op == "" else space for op, space in zip(node.ops, node.spaces, strict=True))
    return replace(node, spaces=spaces)


def _stretched(node: Any) -> Any:
    return replace(node, stretch=True) if isinstance(node, tree.Fenced) else node


def _nested(node: Any) -> Any:
    """Brackets round the last two factors of a product: B A x -> B (A x)."""
    if not isinstance(node, tree.Product) or len(node.factors) < 3 or not set(node.ops) <= {"", "·"}:
        return node
    if any(isinstance(one, tree.Words) for one in node.factors):
        return node
    last = tree.Product(node.factors[-2:], node.ops[-1:], node.spaces[-1:])
    factors = (*node.factors[:-2], tree.Fenced("(", ")", last))
    return tree.Product(factors, node.ops[:-1], node.spaces[:-1])


def _bracketed(node: Any) -> Any:
    if isinstance(node, tree.Sum) and len(node.terms) > 1:
        terms = tuple(
            tree.Fenced("(", ")", term) if isinstance(term, tree.Product) else term for term in node.terms
        )
        return replace(node, terms=terms)
    return node


def _turned(node: Any) -> Any:
    if isinstance(node, tree.Relation) and set(node.ops) <= {"="}:
        right = node.sides[-1]
        if not isinstance(right, (tree.Number, tree.Apply)):
            return tree.Relation(node.sides[::-1], node.ops)
    return node


# name, how a tree is rewritten, how it is written
REWRITES: tuple[tuple[str, Callable[[Any], Any], Callable[[Any], str]], ...] = (
    ("TeX", lambda node: node, to_tex),
    ("Unicode", lambda node: node, to_plain),
    ("bold", _deep(_font("bf")), to_tex),
    ("boldsymbol", _deep(_font("bm")), to_tex),
    ("upright", _deep(_font("rm")), to_tex),
    ("sums commuted", _deep(_commuted), to_tex),
    ("dots", _deep(_dotted), to_tex),
    ("dots in Unicode", _deep(_dotted), to_plain),
    ("spaces", _deep(_spaced), to_tex),
    ("stretched", _deep(_stretched), to_tex),
    ("nested", _deep(_nested), to_tex),
    ("brackets", _deep(_bracketed), to_tex),
    ("sides turned", _turned, to_tex),
    (
        "spaced out",
        lambda node: node,
        lambda node: to_tex(node).replace(" = ", r" \;=\; ").replace("+", " + "),
    ),
)


def renamed(value: Any, old: str, new: str) -> Any:
    """The figure with one symbol called otherwise in all its mathematics."""
    for path, source in list(strings(value)):

        def change(node: Any) -> Any:
            return parse_math(new) if key(node) == old else rebuild(node, change)

        value = put(value, path, to_tex(change(parse_math(source))))
    return value


def rewritten(figure: Figure) -> Iterator[tuple[str, Figure]]:
    for path, source in strings(figure):
        node = parse_math(source)
        # The part under a brace is to be named as the equation writes it.
        if path[-1] in ("under", "over") or any(isinstance(one, tree.Braced) for one in walk(node)):
            continue
        owner = figure
        for step in path[:-1]:
            owner = owner[step] if isinstance(step, int) else getattr(owner, step)  # type: ignore[index]
        held = isinstance(owner, Equation) and owner.brace is not None
        for name, change, write in REWRITES:
            if held and name in ("sums commuted", "nested", "brackets"):
                continue
            beside = ("dots", "dots in Unicode", "spaces", "nested")
            if figure.model.functions and name in beside and "(" in source:
                continue  # what stands in brackets behind a function is what it is applied to
            if name == "nested" and any(getattr(one, "open", "") == "‖" for one in walk(node)):
                continue  # m is taken by columns: it scales the matrix, not what the matrix makes of x
            if "let" in path and name == "sides turned":  # a definition has its symbol on the left
                continue
            new = write(change(node))
            if "Unicode" in name and symbols_in(parse_math(new)) != symbols_in(node):
                continue  # LN, without its font, is L times N
            if new != source:
                yield f"{name}: {new}", put(figure, path, new)
    beside = ("product", "flow")
    if figure.model.symbols or any(getattr(entry, part, None) for entry in figure.row for part in beside):
        return  # other names stand beside it, W_0 or ΔW beside W
    yield "W renamed", renamed(figure, "W", "W_0")
    for source in figure.model.let:
        own = parse_math(source)
        assert isinstance(own, tree.Relation)
        name = key(own.sides[0])
        if name is not None:
            for new in ("V", r"\tilde{W}", r"W_{\mathrm{new}}", r"W^{*}"):
                yield f"{name} renamed {new}", renamed(figure, name, new)


def relabelled(figure: Figure) -> Iterator[tuple[str, Figure]]:
    for path, source in strings(figure):
        node = parse_math(source)
        for what, new in changes(node):
            try:
                text = to_tex(new)
            except (LorafigError, ValueError, AttributeError):
                continue
            yield f"{what}: {source} -> {text}", put(figure, path, text)
    for path, found in tuples(figure):
        if path and path[-1] in ("equations",) and isinstance(found, tuple) and len(found) > 1:
            for i in range(len(found)):
                yield "equation dropped", put(figure, path, (*found[:i], *found[i + 1 :]))


# The score -----------------------------------------------------------------------------------


@dataclass
class Score:
    lies: int = 0
    truths: int = 0
    unjudged: int = 0
    through: list[str] = field(default_factory=list)  # lies that were not caught
    refused: list[str] = field(default_factory=list)  # truths that were

    def __str__(self) -> str:
        caught, kept = self.lies - len(self.through), self.truths - len(self.refused)
        return (
            f"lies caught {caught} of {self.lies} ({caught / max(self.lies, 1):.2%}),"
            f" truths kept {kept} of {self.truths} ({kept / max(self.truths, 1):.2%}),"
            f" not judged {self.unjudged}"
        )


Change = Callable[[Figure], Iterator[tuple[str, Figure]]]
STACKS: tuple[tuple[str, Change], ...] = (
    ("rewrite", rewritten),
    ("label", relabelled),
    ("drawing", redrawn),
)
FLOWS: tuple[tuple[str, Change], ...] = (
    ("rewrite", mutate_flow.rewritten),
    ("flow", mutate_flow.changed),
)


def measure(
    figures: dict[str, Figure],
    report: Callable[[str], None] = lambda line: None,
    every: int = 1,
    start: int = 0,
) -> Score:
    """The score over every change, or over one in `every`, beginning with the one at `start`."""
    score = Score()
    for name, figure in figures.items():
        before = (score.lies, score.truths)
        kinds = STACKS if figure.flow is None else FLOWS
        if any(isinstance(entry, Panel) and entry.flow is not None for entry in figure.row):
            kinds = (*STACKS, *((kind, mutate_flow.in_panels(made)) for kind, made in FLOWS))
        for kind, made in kinds:
            for what, changed in islice(made(figure), start, None, every):
                _count(score, f"{name}: {what}", kind, changed)
        report(f"{name}: {score.lies - before[0]} lies, {score.truths - before[1]} truths")
    return score


def _count(score: Score, what: str, kind: str, figure: Figure) -> None:
    truth = oracle.judge(figure)
    if truth is None:
        score.unjudged += 1
        return
    try:
        found = verify(figure, floating=False)
        holds, says = found.verdict == "holds", "; ".join(str(one) for one in found.problems())
    except LorafigError as error:
        holds, says = False, str(error)
    if kind == "rewrite" and not truth:
        raise AssertionError(f"the oracle takes a rewrite for a lie: {what}")
    if truth:
        score.truths += 1
        if not holds:
            score.refused.append(f"{what}\n    {says}")
    else:
        score.lies += 1
        if holds:
            score.through.append(what)


def main() -> int:
    score = measure(judged(), print)
    print(score)
    for title, survivors in (("lies that got through", score.through), ("truths refused", score.refused)):
        if survivors:
            print(f"{title}:")
            for one in survivors:
                print(f"  {one}")
    return 0 if not score.through and not score.refused else 1


if __name__ == "__main__":
    sys.exit(main())
