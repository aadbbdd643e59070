"""What a clause says by the way of sizes: `with r = 4`, `at rank 8`, `for a 256 × 256 weight`. Each is an
assertion of its own, and the clause goes on without it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.tree import Node
from lorafig.verify.read.assertions import Assertion, Counted, Counts, Shaped, Sized, Stated, Targets
from lorafig.verify.read.clause import is_size, unit_of
from lorafig.verify.read.concept import Concept

_BETWEEN = ("filler", "equals", "near")
_AT = ("on", "at", "for", "with", "beside", "to")
_NAMED = ("subject", "noun", "thing")


def adjuncts(parts: Sequence[Concept], network: bool = False) -> tuple[list[Assertion], list[Concept]]:
    """What is said of sizes by the way, and the concepts that are left."""
    said: list[Assertion] = []
    left: list[Concept] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        own = bool(left) and left[-1].text.lower() in (
            "its",
            "their",
        )  # `its rank is …`: of whom, is said before
        found = _size(parts, at) if part.sort == "dimension" and not own else None
        if found is not None and not (_opens(left) and _is_verb(parts, found[1])):
            assertion, at = found
            said.append(assertion)
            continue
        if part.sort == "relation" and isinstance(part.node, tree.Relation) and _of_sizes(part.node):
            said.append(Stated(part.node))
            at += 1
            continue
        behind = parts[at + 1 : at + 2]
        number = behind[0].node if behind and behind[0].sort == "amount" and len(parts) == at + 2 else None
        if part.sort == "size" and part.node is not None and number is not None and not unit_of(number):
            said.append(Stated(tree.Relation((part.node, number), ("=",))))  # `LoRA r 4`
            break
        if (
            part.sort == "several"
            and part.node is not None
            and (found := _matrices(parts, at, left, network))
        ):
            assertion, at = found
            said.append(assertion)
            continue
        if part.sort == "amount" and part.node is not None and (found := _many(parts, at, left)):
            assertion, at = found
            said.append(assertion)
            continue
        product = any(other.value == "multiplied" for other in parts[:at])
        if (
            part.sort == "shapes"
            and part.node is not None
            and not product
            and (found := _shape(parts, at, left)) is not None
        ):
            assertion, at = found
            said.append(assertion)
            continue
        if part.sort == "module" and left and left[-1].text.lower() in _AT:
            named, at = _modules(parts, at)
            if not set(named) & {"bias", "norm", "embedding", "head"}:
                said.append(Targets(named))
                left.pop()
                continue
            left.append(part)
            continue
        left.append(part)
        at += 1
    return said, left


def _matrices(
    parts: Sequence[Concept], at: int, left: list[Concept], network: bool
) -> tuple[Assertion, int] | None:
    """`the two factors have …`: so many of the adapter's. `160 adapters` are those of a network."""
    node, behind = parts[at].node, parts[at + 1 : at + 2]
    each = any(part.sort in ("each", "scope") for part in parts)  # `each of the 32 layers gets two adapters`
    if (
        network
        and not each
        and node is not None
        and behind
        and behind[0].text.lower().endswith(("adapters", "adaptors"))
    ):
        return Sized("n_adapted", (node,)), at + 2
    own = behind and behind[0].sort == "subject" and behind[0].value == "adapter"
    called = (
        behind and behind[0].sort == "thing" and behind[0].text.lower() in ("matrices", "factors", "vectors")
    )
    if node is None or not (
        own or (called and (not left or left[-1].text.lower() in ("the", "both", "these")))
    ):
        return None
    left.append(replace(behind[0], sort="subject", value="adapter"))
    return Counts(Counted("trained", (), "", parts[at].value), (node,)), at + 2


def _many(parts: Sequence[Concept], at: int, left: list[Concept]) -> tuple[Assertion, int] | None:
    """`… in 12 layers`, `… over 64 matrices`, beside another number: so many the network has."""
    node, behind = parts[at].node, parts[at + 1 : at + 2]
    stop = at + 2
    if behind and behind[0].sort == "adapted" and parts[stop : stop + 1]:  # `over 128 adapted matrices`
        behind, stop = parts[at + 2 : at + 3], at + 3
    others = [part for part in (*parts[:at], *parts[stop:]) if part.sort in ("amount", "relation")]
    if node is None or not behind or not others or not left or left[-1].text.lower() not in _OVER:
        return None
    word = behind[0].text.lower()
    name = "n_layers" if word.endswith(("layers", "blocks")) else "n_adapted" if word in _ADAPTED else ""
    if not name or unit_of(node):
        return None
    left.pop()
    return Sized(name, (node,)), stop


_OVER = ("in", "over", "across", "with", "of", "on")
_ADAPTED = ("modules", "matrices", "projections", "target modules")


def _modules(parts: Sequence[Concept], at: int) -> tuple[tuple[str, ...], int]:
    """The modules that stand in a row: `on q_proj and v_proj`."""
    named: list[str] = []
    place = at
    while place < len(parts) and parts[place].sort in ("module", "join", "comma", "filler"):
        if parts[place].sort == "module":
            named.append(parts[place].value)
            at = place + 1
        place += 1
    return tuple(named), at


def _size(parts: Sequence[Concept], at: int) -> tuple[Assertion, int] | None:
    """`rank 8`, `a width of 4,096`: the number stands behind its name."""
    place, near = at + 1, "="
    while place < len(parts) and (parts[place].sort in _BETWEEN or parts[place].sort == "of"):
        near = parts[place].value if parts[place].sort == "near" else near
        if parts[place].text.lower().startswith("can "):
            return None  # what it could be, is not what it is
        place += 1
    if place == len(parts) or parts[place].sort not in ("amount", "size") or parts[place].node is None:
        return None
    node = parts[place].node
    assert node is not None
    if unit_of(node) or (place + 1 < len(parts) and parts[place + 1].sort in ("noun", "bytes", "factor")):
        return None
    return Sized(parts[at].value, (node,), near), place + 1


def _opens(left: Sequence[Concept]) -> bool:
    """Whether nothing is named before it: what stands here is what the clause speaks of."""
    return all(part.sort == "filler" for part in left)


def _is_verb(parts: Sequence[Concept], at: int) -> bool:
    return at < len(parts) and parts[at].text.lower() in ("is", "are", "was", "stays", "remains", "gets")


def _of_sizes(node: tree.Relation) -> bool:
    return any(is_size(side) for side in node.sides) and set(node.ops) <= {"=", "≡"}


def _shape(parts: Sequence[Concept], at: int, left: list[Concept]) -> tuple[Assertion, int] | None:
    """`a 256 × 256 weight`, `a matrix of 256 × 256`: it is the weight's, unless it is another's."""
    node: Node | None = parts[at].node
    assert node is not None
    behind = parts[at + 1 : at + 2]
    if behind and behind[0].sort in _NAMED:
        own = behind[0]
        for_it = any(
            part.text.lower() == "for" for part in left[-2:]
        )  # `For a 256 × 256 weight, LoRA trains …`
        if own.sort == "subject" and own.value != "model":
            return Shaped((own.value,), node), at + (2 if for_it and own.value == "base" else 1)
        if own.sort == "noun" and own.text.lower() not in ("weight", "weights"):
            return None
        of_base = own.value != "model" and not any(part.sort in ("role", "dimension") for part in parts)
        left.append(replace(own, sort="subject" if of_base and not for_it else "filler", value="base"))
        return Shaped(("base",), node), at + 2
    before = [part for part in left if part.sort != "filler"][-2:]
    if len(before) == 2 and before[1].sort == "of" and before[0].sort == "thing":
        place = next(place for place, part in enumerate(left) if part is before[0])
        left[place:] = [replace(before[0], sort="subject", value="base")]
        return Shaped(("base",), node), at + 1
    if left and left[-1].sort == "matrix" and left[-1].node is not None:  # `A (4 × 256)`
        return Shaped((left[-1].node,), node), at + 1
    return None
