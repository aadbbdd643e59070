"""A notation tree to a box, by the rules of TeX (The TeXbook, appendix G).

The dimensions are those of Computer Modern, so that a label has the size here that it has in a
document set by TeX. Each style is set in its own em and scaled where it is put into its parent.
"""

from __future__ import annotations

from typing import assert_never

from lorafig.notation import tree
from lorafig.notation.alphabets import styled
from lorafig.notation.find import Located
from lorafig.notation.read.commands import TEX_FUNCTIONS
from lorafig.scene import Glyph
from lorafig.typeset.boxes import Box, beside, placed, rule, scaled, space
from lorafig.typeset.fonts import font
from lorafig.typeset.glyphs import char_box, ink, stretched, words
from lorafig.typeset.line import MissingGlyphError
from lorafig.typeset.spacing import SPACES, START, STOP, THIN, Atom, Class, joined
from lorafig.typeset.style import (
    AXIS,
    DENOM_DISPLAY,
    DENOM_TEXT,
    NULL_DELIMITER,
    NUM_DISPLAY,
    NUM_TEXT,
    PRIME,
    RULE,
    SCRIPT_SPACE,
    SUB,
    SUB_DROP,
    SUB_WITH_SUP,
    SUP_CRAMPED,
    SUP_DISPLAY,
    SUP_DROP,
    SUP_TEXT,
    X_HEIGHT,
    Style,
)

OPERATORS = {"·": "⋅", "*": "∗", "/": "/", "-": "−", "~": "∼", "‖": "∥"}
ACCENTS = {"hat": "̂", "tilde": "̃", "bar": "̄", "vec": "⃗", "dot": "̇", "ddot": "̈"}


def typeset(
    node: tree.Node,
    *,
    display: bool,
    ratios: tuple[float, float],
    widths: tuple[float, float, float] = (1.0, 1.0, 1.0),
    part: Located | None = None,
) -> Box:
    """Set a tree. `ratios` and `widths` are those of `Style`; `part` is marked in the box."""
    return _row(node, Style(0 if display else 1, False, ratios, widths), part)


def _row(node: tree.Node, style: Style, part: Located | None) -> Box:
    return joined(_atoms(node, style, part), style)


def _atoms(node: tree.Node, style: Style, part: Located | None) -> list[Atom]:
    """The atoms of a node, in a flat list where TeX would have them in one."""
    inside = _inside(node, style, part)
    if part is not None and part.container is node and part.start < 0:
        return [START, *inside, STOP]
    return inside


def _children(
    node: tree.Node,
    children: tuple[tree.Node, ...],
    between: list[list[Atom]],
    style: Style,
    part: Located | None,
) -> list[Atom]:
    """Children in order, `between[i]` standing before child i; a marked stretch of them is marked."""
    mine = part is not None and part.container is node and part.start >= 0
    atoms: list[Atom] = []
    for index, child in enumerate(children):
        atoms += between[index]
        if mine and part is not None and index == part.start:
            atoms.append(START)
        atoms += _atoms(child, style, part)
        if mine and part is not None and index == part.stop - 1:
            atoms.append(STOP)
    return atoms


def _inside(node: tree.Node, style: Style, part: Located | None) -> list[Atom]:
    match node:
        case tree.Number():
            return _number(node, style)
        case tree.Symbol():
            kind: Class = "ord"
            return [Atom(kind, _symbol(node, style))]
        case tree.Script():
            return [Atom("ord", _script(node, style, part))]
        case tree.Prefix():
            return [Atom("ord", char_box(node.mark, style)), *_atoms(node.body, style, part)]
        case tree.Product():
            between: list[list[Atom]] = [[]]
            for op, gap in zip(node.ops, node.spaces, strict=True):
                between.append(_operator(op, style) + _gap(gap))
            return _children(node, node.factors, between, style, part)
        case tree.Sum():
            signs = [_operator(sign, style) for sign in node.signs]
            return _children(node, node.terms, signs, style, part)
        case tree.Relation():
            relations: list[list[Atom]] = [[], *(_relation(op, style) for op in node.ops)]
            return _children(node, node.sides, relations, style, part)
        case tree.Shape():
            times: list[list[Atom]] = [[], *([Atom("bin", char_box("×", style))] for _ in node.sizes[1:])]
            return _children(node, node.sizes, times, style, part)
        case tree.Fraction():
            return [Atom("ord", _fraction(node, style, part))]  # LaTeX wraps it in a group
        case tree.Fenced():
            return _fenced(node, style, part)
        case tree.Apply():
            return _apply(node, style, part)
        case tree.Root():
            return [Atom("ord", _root(node, style, part))]
        case tree.Accent():
            return [Atom("ord", _accent(node, style, part))]
        case tree.Braced():
            return [Atom("op", _braced(node, style, part))]
        case tree.Big():
            return [Atom("op", _big(node, style, part)), *_atoms(node.body, style, part)]
        case tree.Words(""):  # before a relation that begins a label: `≈ 65K`
            return []
        case tree.Words():
            return [Atom("ord", words(node.text, "regular", style.stretch()))]
        case tree.Listing():
            separators: list[list[Atom]] = [[]]
            for sep, gap in zip(node.seps, node.spaces, strict=True):
                separators.append([Atom("punct", char_box(sep, style)), *_gap(gap)])
            return _children(node, node.items, separators[: len(node.items)], style, part)
        case tree.Styled():
            return _atoms(node.body, style.dressed(node.font), part)
        case tree.Computed():
            raise TypeError("a computed number is replaced by its value before it is set")
        case _:
            assert_never(node)


def _gap(command: str) -> list[Atom]:
    width = SPACES[command]
    return [Atom("space", space(width))] if width != 0.0 else []


def _operator(op: str, style: Style) -> list[Atom]:
    if op == "":
        return []
    return [Atom("ord" if op == "/" else "bin", char_box(OPERATORS.get(op, op), style))]


def _relation(op: str, style: Style) -> list[Atom]:
    if op == ":":
        # \\colon of amsmath: closer to what it follows than to what it says.
        return [*_gap_of(2 / 18), Atom("ord", char_box(":", style)), *_gap_of(6 / 18)]
    return [Atom("rel", char_box(OPERATORS.get(op, op), style))]


def _gap_of(width: float) -> list[Atom]:
    return [Atom("space", space(width))]


def _number(node: tree.Number, style: Style) -> list[Atom]:
    face = "bf" if style.face in ("bf", "bm") else "rm"
    digits = beside(
        [space(THIN) if char == " " else char_box(styled(char, face), style) for char in node.digits]
    )
    if node.unit == "":
        return [Atom("ord", digits)]
    unit = char_box("×", style) if node.unit == "×" else words(node.unit, "regular", style.stretch())
    return [Atom("ord", digits), Atom("ord", unit)]


def _symbol(node: tree.Symbol, style: Style) -> Box:
    face = node.font if node.font != "" else style.face
    if len(node.name) == 1:
        return char_box(styled(node.name, face), style)
    if face in ("", "rm"):
        return words(node.name, "regular", style.stretch())
    if face == "bf":
        return words(node.name, "bold", style.stretch())
    return beside([char_box(styled(char, face), style) for char in node.name])


def _nested(node: tree.Node, inner: Style, outer: Style, part: Located | None) -> Box:
    """A node in another style, in the em of the outer one."""
    return scaled(_row(node, inner, part), inner.ratio() / outer.ratio())


def _script(node: tree.Script, style: Style, part: Located | None) -> Box:
    """Rule 18: where the scripts of a nucleus stand."""
    atoms = _atoms(node.base, style, part)
    base = joined(atoms, style)
    letter = len(atoms) == 1 and len(atoms[0].box.glyphs) == 1
    italic = atoms[0].box.italic if letter else 0.0
    if node.sub is None and node.sup is None and node.primes == 0:
        return base
    sup_style, sub_style = style.script(False), style.script(True)
    sup_shift = 0.0 if letter else base.height - SUP_DROP * sup_style.ratio() / style.ratio()
    sub_shift = 0.0 if letter else base.depth + SUB_DROP * sub_style.ratio() / style.ratio()
    width = base.width - italic
    parts = [(base, 0.0, 0.0)]
    sup = _superscript(node, sup_style, style, part)
    sub = None if node.sub is None else _nested(node.sub, sub_style, style, part)
    if sup is None and sub is not None:
        drop = max(sub_shift, SUB, sub.height - 0.8 * X_HEIGHT)
        parts.append((sub, width, -drop))
        return placed(width + sub.width + SCRIPT_SPACE, parts)
    assert sup is not None
    least = SUP_CRAMPED if style.cramped else SUP_DISPLAY if style.level == 0 else SUP_TEXT
    rise = max(sup_shift, least, sup.depth + X_HEIGHT / 4)
    if sub is None:
        parts.append((sup, width + italic, rise))
        return placed(width + italic + sup.width + SCRIPT_SPACE, parts)
    drop = max(sub_shift, SUB_WITH_SUP)
    gap = (rise - sup.depth) - (sub.height - drop)
    if gap < 4 * RULE:
        drop += 4 * RULE - gap
        raised = 0.8 * X_HEIGHT - (rise - sup.depth)
        if raised > 0:
            rise, drop = rise + raised, drop - raised
    parts += [(sup, width + italic, rise), (sub, width, -drop)]
    return placed(width + max(italic + sup.width, sub.width) + SCRIPT_SPACE, parts)


def _superscript(node: tree.Script, inner: Style, outer: Style, part: Located | None) -> Box | None:
    boxes = []
    if node.primes > 0:
        # The prime of this font stands high already; a superscript raises it, so it is let down first.
        scale = inner.ratio() / outer.ratio()
        prime = scaled(char_box("′", inner), scale)
        boxes += [placed(prime.width, [(prime, 0.0, PRIME * scale - prime.height)])] * node.primes
    if node.sup is not None:
        boxes.append(_nested(node.sup, inner, outer, part))
    return None if not boxes else beside(boxes)


def _fraction(node: tree.Fraction, style: Style, part: Located | None) -> Box:
    """Rule 15: numerator and denominator about the axis."""
    display = style.level == 0
    inner = style.at(style.level + 1, style.cramped)
    above = _nested(node.above, inner, style, part)
    below = _nested(node.below, inner.at(inner.level, True), style, part)
    rise, drop = (NUM_DISPLAY, DENOM_DISPLAY) if display else (NUM_TEXT, DENOM_TEXT)
    clearance = 3 * RULE if display else RULE
    rise = max(rise, AXIS + RULE / 2 + clearance + above.depth)
    drop = max(drop, clearance + below.height - (AXIS - RULE / 2))
    width = max(above.width, below.width)
    bar = (rule(width, RULE), NULL_DELIMITER, AXIS - RULE / 2)
    numerator = (above, NULL_DELIMITER + (width - above.width) / 2, rise)
    denominator = (below, NULL_DELIMITER + (width - below.width) / 2, -drop)
    return placed(width + 2 * NULL_DELIMITER, [numerator, bar, denominator])


def _fenced(node: tree.Fenced, style: Style, part: Located | None) -> list[Atom]:
    body = _atoms(node.body, style, part)
    if node.stretch:
        inside = joined(body, style)
        reach = max(inside.height - AXIS, inside.depth + AXIS)
        size = max(2 * reach * 0.901, 2 * reach - 0.5)
        return [Atom("inner", beside([stretched(node.open, size), inside, stretched(node.close, size)]))]
    opening, closing = (OPERATORS.get(char, char) for char in (node.open, node.close))
    return [Atom("open", char_box(opening, style)), *body, Atom("close", char_box(closing, style))]


def _apply(node: tree.Apply, style: Style, part: Located | None) -> list[Atom]:
    head = _atoms(node.function, style, part)
    name = node.function.base if isinstance(node.function, tree.Script) else node.function
    if (
        isinstance(name, tree.Symbol)
        and len(name.name) > 1
        and (name.name in TEX_FUNCTIONS or node.brackets == "")
    ):
        head = [Atom("op", joined(head, style))]
    commas: list[list[Atom]] = [[], *([Atom("punct", char_box(",", style))] for _ in node.arguments[1:])]
    inside = _children(node, node.arguments, commas, style, part)
    if node.brackets == "":
        return head + inside
    opening, closing = {"(": ("(", ")"), "[": ("[", "]")}[node.brackets]
    if node.stretch:
        body = tree.Fenced(opening, closing, node.arguments[0], True)
        if len(node.arguments) == 1:
            return head + _fenced(body, style, part)
    return [*head, Atom("open", char_box(opening, style)), *inside, Atom("close", char_box(closing, style))]


def _root(node: tree.Root, style: Style, part: Located | None) -> Box:
    """Rule 11: a radical and its bar."""
    body = _row(node.body, style.at(style.level, True), part)
    clearance = RULE + (X_HEIGHT if style.level == 0 else RULE) / 4
    sign = stretched("√", body.height + body.depth + clearance + RULE)
    reach = sign.height + sign.depth
    clearance = max(clearance, (clearance + reach - RULE - body.height - body.depth) / 2)
    top = body.height + clearance + RULE
    parts = [
        (sign, 0.0, top - sign.height),
        (body, sign.width, 0.0),
        (rule(body.width, RULE), sign.width, top - RULE),
    ]
    left = 0.0
    if node.degree is not None:
        degree = _nested(node.degree, style.at(3, True), style, part)
        left = max(0.0, degree.width - 0.55 * sign.width + 0.1)
        parts = [(box, x + left, y) for box, x, y in parts] + [(degree, 0.0, top - reach + 0.6 * reach)]
    return placed(left + sign.width + body.width, parts)


def _accent(node: tree.Accent, style: Style, part: Located | None) -> Box:
    """Rule 12: an accent over its body, centred where the letter says."""
    atoms = _atoms(node.body, style.at(style.level, True), part)
    body = joined(atoms, style)
    if node.mark == "overline":
        return placed(body.width, [(body, 0.0, 0.0), (rule(body.width, RULE), 0.0, body.height + 3 * RULE)])
    face = font("math")
    index = face.glyph(ACCENTS[node.mark])
    if index is None:
        raise MissingGlyphError(ACCENTS[node.mark])
    metrics = face.metrics(index)
    letter = len(atoms) == 1 and len(atoms[0].box.glyphs) == 1 and atoms[0].box.accent is not None
    middle = atoms[0].box.accent if letter else body.width / 2
    assert middle is not None
    mark = Box(0.0, metrics.height, 0.0, (Glyph(metrics.key, "", 0.0, 0.0),))
    at = middle - (metrics.left + metrics.right) / 2
    return placed(body.width, [(body, 0.0, 0.0), (mark, at, max(0.0, body.height - X_HEIGHT))])


def _braced(node: tree.Braced, style: Style, part: Located | None) -> Box:
    body = _row(node.body, style.at(min(style.level, 0), False) if style.level < 2 else style, part)
    brace = stretched("⏞" if node.over else "⏟", body.width, vertical=False)
    low, high = ink(brace)
    label = None if node.label is None else _nested(node.label, style.script(not node.over), style, part)
    reach = high - low
    width = max(body.width, 0.0 if label is None else label.width)
    x = (width - body.width) / 2
    gap = 3 * RULE
    if node.over:
        bottom = body.height + gap
        parts = [(body, x, 0.0), (brace, x + (body.width - brace.width) / 2, bottom - low)]
        if label is not None:
            parts.append((label, (width - label.width) / 2, bottom + reach + 0.111 + label.depth))
    else:
        top = -body.depth - gap
        parts = [(body, x, 0.0), (brace, x + (body.width - brace.width) / 2, top - high)]
        if label is not None:
            parts.append((label, (width - label.width) / 2, top - reach - 0.167 - label.height))
    return placed(width, parts)


def _big(node: tree.Big, style: Style, part: Located | None) -> Box:
    """Rule 13: a large operator, with limits in display style and scripts elsewhere."""
    display = style.level == 0
    sign = stretched(node.op, 1.4 if display else 1.0)
    lower = None if node.lower is None else _nested(node.lower, style.script(True), style, part)
    upper = None if node.upper is None else _nested(node.upper, style.script(False), style, part)
    if not display:
        parts = [(sign, 0.0, 0.0)]
        width = sign.width
        for box, y in ((upper, sign.height - SUP_DROP), (lower, -sign.depth - SUB_DROP)):
            if box is not None:
                parts.append((box, sign.width, y))
                width = max(width, sign.width + box.width + SCRIPT_SPACE)
        return placed(width, parts)
    width = max(box.width for box in (sign, lower, upper) if box is not None)
    parts = [(sign, (width - sign.width) / 2, 0.0)]
    if upper is not None:
        parts.append((upper, (width - upper.width) / 2, sign.height + 0.111 + upper.depth))
    if lower is not None:
        parts.append((lower, (width - lower.width) / 2, -sign.depth - 0.167 - lower.height))
    return placed(width, parts)
