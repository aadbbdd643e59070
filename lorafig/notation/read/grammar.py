"""Tokens -> tree: precedence climbing.

    listing   relation {(, | ;) relation}
    relation  sum {(= | ≈ | ∈ | …) sum}
    sum       [sign] product {sign product}
    product   factor {[· | × | / | …] factor}
    factor    primary {^ | _ | '}

Side by side is a product. What follows a slash without a space belongs below it (`2dr/dk`); with a
space it does not (`α/r BAx`), and the space is kept, so that what is drawn shows what is meant.
"""

from __future__ import annotations

from lorafig.notation.meaning import as_shape, is_shape, with_reals
from lorafig.notation.read.cursor import ENDS
from lorafig.notation.read.factor import Factors
from lorafig.notation.tree import Listing, Node, Number, Product, Relation, Shape, Sum, Symbol, Words

_LEADING = frozenset("≈~<>≤≥≪≫")  # `≈ 65K`: what it belongs to stands elsewhere on the figure
_SHAPE_CHAIN = frozenset({":", "=", "≈"})


class Parser(Factors):
    """Reads one label. Raises LorafigError at the first fault."""

    def label(self) -> Node:
        self.skip_spaces()
        if self.token.kind == "end":
            self.fail(0, "the label is empty", "write some mathematics, or leave the label out")
        node = self.listing()
        if self.token.kind != "end":
            self.leftover()
        if isinstance(node, Product) and is_shape(node):
            node = Shape(node.factors, span=node.span)
        return node

    def listing(self) -> Node:
        start = self.token.start
        first = self.relation()
        if self.token.kind != "sep":
            return first
        items, seps, spaces = [first], [], []
        while self.token.kind == "sep":
            seps.append(self.advance().value)
            spaces.append(self.skip_spaces())
            items.append(self.relation())
        return Listing(tuple(items), tuple(seps), tuple(spaces), span=self.span(start))

    def relation(self) -> Node:
        self.skip_spaces()
        start = self.token.start
        if self.token.kind == "relation" and self.token.value in _LEADING:
            first: Node = Words("", span=(start, start))
        else:
            first = self.sum()
        if self.token.kind != "relation":
            return first
        sides, ops = [first], []
        while self.token.kind == "relation":
            op = self.advance().value
            ops.append(op)
            self.skip_spaces()
            side = self.sum()
            sides.append(with_reals(side) if op == "∈" else side)
        if ops[0] == ":" and _SHAPE_CHAIN.issuperset(ops):
            sides[1:] = [as_shape(side) for side in sides[1:]]
        return Relation(tuple(sides), tuple(ops), span=self.span(start))

    def sum(self) -> Node:
        start = self.token.start
        first_sign = ""
        if self.token.kind == "sign":
            first_sign = self.advance().value
            self.skip_spaces()
        first = self.product()
        if first_sign == "" and self.token.kind != "sign":
            return first
        terms, signs = [first], [first_sign]
        while self.token.kind == "sign":
            signs.append(self.advance().value)
            self.skip_spaces()
            terms.append(self.product())
        return Sum(tuple(terms), tuple(signs), span=self.span(start))

    def product(self) -> Node:
        start = self.token.start
        factors: list[Node] = []
        ops: list[str] = []
        spaces: list[str] = []
        self.extend(factors, ops, spaces, "", "", self.factor())
        while True:
            space = self.skip_spaces()
            token = self.token
            if token.kind == "times":
                op = self.advance().value
                self.skip_spaces()
                if op == "×" and self.token.kind in ENDS:
                    ops.append("")
                    spaces.append("")
                    factors.append(Symbol("×", span=(token.start, token.end)))
                    continue
                factor = self.factor()
                if op == "/":
                    factor = self.below(factor)
                self.extend(factors, ops, spaces, op, "", factor)
            elif self.starts_factor():
                self.refuse_number_after(factors[-1])
                if space == "" and ops and ops[-1] == "/" and token.kind != "words":
                    space = "\\,"
                if (
                    space == ""
                    and token.kind == "open"
                    and token.start > self.previous().end
                    and _has_unit(factors[-1])
                ):
                    space = "\\ "  # 131K (0.8 %)
                if space == "\\ " and token.kind == "words":
                    space = ""  # the words have their own
                factor = self.factor()
                if token.kind == "{" and isinstance(_first(factor), Number):
                    self.fail(
                        token.start,
                        "a number after a factor, with no sign between",
                        "write \\cdot or · before it",
                    )
                self.extend(factors, ops, spaces, "", space, factor)
            else:
                break
        if len(factors) == 1:
            return factors[0]
        return Product(tuple(factors), tuple(ops), tuple(spaces), span=self.span(start))

    def extend(
        self, factors: list[Node], ops: list[str], spaces: list[str], op: str, space: str, factor: Node
    ) -> None:
        """Append a factor; a product in braces (`{BA}x`) is opened, except below a slash."""
        if factors:
            ops.append(op)
            spaces.append(space)
        if isinstance(factor, Product) and op != "/":
            factors.extend(factor.factors)
            ops.extend(factor.ops)
            spaces.extend(factor.spaces)
        else:
            factors.append(factor)

    def below(self, factor: Node) -> Node:
        """What stands below a slash: all factors that follow without a space."""
        factors = [factor]
        while self.token.start == self.previous().end and self.token.kind != "words" and self.starts_factor():
            if isinstance(factors[-1], Number) and self.token.kind == "open":
                break  # 1/2(d + k) is a half of it
            if isinstance(factors[-1], Product):
                break
            self.refuse_number_after(factors[-1])
            factors.append(self.factor())
        if len(factors) == 1:
            return factor
        none = ("",) * (len(factors) - 1)
        return Product(tuple(factors), none, none, span=(factors[0].span[0], factors[-1].span[1]))

    def refuse_number_after(self, left: Node) -> None:
        token = self.token
        if token.kind != "number" or isinstance(left, Words):
            return
        if isinstance(left, Symbol) and left.name in ("…", "⋯"):
            return
        if isinstance(left, Symbol) and token.start == self.previous().end:
            name = self.shown(self.previous())
            digits = self.shown(token)
            hint = f"write {name}_{digits} for an index, {digits}{name} for a product"
            self.fail(token.start, f"{digits} after {name}: an index or a factor?", hint)
        self.fail(token.start, "a number after a factor, with no sign between", "write \\cdot or · before it")


def _has_unit(node: Node) -> bool:
    return isinstance(node, Number) and node.unit != ""


def _first(node: Node) -> Node:
    return node.factors[0] if isinstance(node, Product) else node
