"""A notation tree to a box, by the rules of TeX (The TeXbook, appendix G).

The dimensions are those of Computer Modern, so that a label has the size here that it has in a
document set by TeX. Each style is set in its own em and scaled where it is put into its parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.alphabets import styled
from lorafig.notation.find import Located
from lorafig.notation.read.commands import TEX_FUNCTIONS
from lorafig.typeset import computer_modern as cm
from lorafig.typeset.boxes import Box, beside, placed, rule, scaled, space
from lorafig.typeset.fonts import font
from lorafig.typeset.glyphs import char_box, ink, stretched, words
from lorafig.typeset.spacing import SPACES, START, STOP, THIN, Atom, Class, joined
from lorafig.typeset.style import Style

OPERATORS = {"·": "⋅", "*": "∗", "/": "/", "-": "−", "~": "∼", "‖": "∥"}
ACCENTS = {"hat": "̂", "tilde": "̃", "bar": "̄", "vec": "⃗", "dot": "̇", "ddot": "̈"}


def typeset(node: tree.Node, size: float, *, display: bool = False, part: Located | None = None) -> Box:
    """Set a tree in a label of `size` points; a `part` of it is marked in the box."""
    return _row(node, Style.of(size, display, part))


def _row(node: tree.Node, style: Style) -> Box:
    return joined(_atoms(node, style), style)


def _atoms(node: tree.Node, style: Style) -> list[Atom]:
    """The atoms of a node, in a flat list where TeX would have them in one."""
    inside = _inside(node, style)
    part = style.part
    if part is not None and part.container is node and part.start < 0:
        return [START, *inside, STOP]
    return inside


def _children(
    node: tree.Node, children: Sequence[tree.Node], between: Iterable[list[Atom]], style: Style
) -> list[Atom]:
    """Children in order, one of `between` standing before each; a marked stretch of them is marked."""
    part = style.part
    start, stop = (part.start, part.stop) if part is not None and part.container is node else (-1, -1)
    atoms: list[Atom] = []
    for index, (child, before) in enumerate(zip(children, between, strict=False)):
        atoms += [*before, START] if index == start else before
        atoms += _atoms(child, style)
        if index == stop - 1:
            atoms.append(STOP)
    return atoms


def _inside(node: tree.Node, style: Style) -> list[Atom]:
    match node:
        case tree.Number():
            return _number(node, style)
        case tree.Symbol():
            return [Atom("inner" if node.name in _FLAT_DOTS else "ord", _symbol(node, style))]
        case tree.Script():
            return [Atom("ord", _script(node, style))]
        case tree.Prefix():
            return [Atom("ord", char_box(node.mark, style)), *_atoms(node.body, style)]
        case tree.Product():
            signs = zip(node.ops, node.spaces, strict=True)
            between = [[], *(_operator(op, style) + _gap(gap) for op, gap in signs)]
            return _children(node, node.factors, between, style)
        case tree.Sum():
            return _children(node, node.terms, [_operator(sign, style) for sign in node.signs], style)
        case tree.Relation():
            return _children(node, node.sides, [[], *(_relation(op, style) for op in node.ops)], style)
        case tree.Shape():
            return _children(node, node.sizes, _separated(node.sizes, "bin", "×", style), style)
        case tree.Fraction():
            return [Atom("ord", _fraction(node, style))]  # LaTeX wraps it in a group
        case tree.Fenced():
            return _fenced(node, style)
        case tree.Apply():
            return _apply(node, style)
        case tree.Root():
            return [Atom("ord", _root(node, style))]
        case tree.Accent():
            return [Atom("ord", _accent(node, style))]
        case tree.Braced():
            return [Atom("op", _braced(node, style))]
        case tree.Big():
            return [Atom("op", _big(node, style)), *_atoms(node.body, style)]
        case tree.Words(""):  # before a relation that begins a label: `≈ 65K`
            return []
        case tree.Words():
            return [Atom("ord", words(node.text, "regular", style.stretch()))]
        case tree.Listing():
            marks = zip(node.seps, node.spaces, strict=True)
            between = [[], *([Atom(_class(sep), char_box(sep, style)), *_gap(gap)] for sep, gap in marks)]
            return _children(node, node.items, between, style)
        case tree.Range(first, last):
            before = [] if first is None else _atoms(first, style)
            after = [] if last is None else _atoms(last, style)
            return [*before, Atom("ord", char_box(":", style)), *after]
        case tree.Matrix():
            return [Atom("inner" if node.open else "ord", _matrix(node, style))]
        case tree.Styled():
            return _atoms(node.body, style.dressed(node.font))
        case tree.Computed():
            raise TypeError("a computed number is replaced by its value before it is set")
        case _:
            assert_never(node)


def _class(sep: str) -> Class:
    return "rel" if sep in "⇒⇔" else "punct"


def _separated(nodes: Sequence[tree.Node], kind: Class, char: str, style: Style) -> list[list[Atom]]:
    """What stands before each of some nodes with a character between them."""
    return [[], *([Atom(kind, char_box(char, style))] for _ in nodes[1:])]


def _gap(command: str) -> list[Atom]:
    width = SPACES[command]
    return [_space(width)] if width != 0.0 else []


def _space(width: float) -> Atom:
    return Atom("space", space(width))


def _operator(op: str, style: Style) -> list[Atom]:
    if op == "":
        return []
    return [Atom("ord" if op == "/" else "bin", char_box(OPERATORS.get(op, op), style))]


def _relation(op: str, style: Style) -> list[Atom]:
    if op == ":":
        # \\colon of amsmath: closer to what it follows than to what it says.
        return [_space(2 / 18), Atom("ord", char_box(":", style)), _space(6 / 18)]
    return [Atom("rel", char_box(OPERATORS.get(op, op), style))]


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
    if node.name in _DOTS:
        return _dots(_DOTS[node.name], style)
    if node.name in _FLAT_DOTS:
        gap = space(3 / 18 if style.level < 2 else 0.0)
        point = char_box(_FLAT_DOTS[node.name], style)
        return beside([point, gap, point, gap, point])
    if len(node.name) == 1:
        return char_box(styled(node.name, face), style)
    if face in ("", "rm"):
        return words(node.name, "regular", style.stretch())
    if face == "bf":
        return words(node.name, "bold", style.stretch())
    return beside([char_box(styled(char, face), style) for char in node.name])


_FLAT_DOTS = {"⋯": "⋅", "…": "."}  # three points of punctuation, with its space between them
# \\vdots and \\ddots of LaTeX: how high each point is, in points whatever the size, and the space above them.
_DOTS = {"⋮": ((0.0, 4.0, 8.0), 6.0), "⋱": ((7.0, 4.0, 1.0), 7.0)}


def _dots(drawn: tuple[tuple[float, ...], float], style: Style) -> Box:
    (heights, above), size = drawn, style.size * style.ratio()
    point = char_box(".", style)
    aslant = heights[0] > 0
    step, x, parts = point.width + 2 / 18, 0.0, []
    for height in heights:
        parts.append((point, x + aslant / 18, height / size))
        x += step if aslant else 0.0
    width = x if aslant else point.width
    box = placed(width, parts)
    return replace(box, height=max(heights) / size + above / size + point.height, depth=0.0)


def _nested(node: tree.Node, inner: Style, outer: Style) -> Box:
    """A node in another style, in the em of the outer one."""
    return scaled(_row(node, inner), inner.ratio() / outer.ratio())


def _script(node: tree.Script, style: Style) -> Box:
    """Rule 18: where the scripts of a nucleus stand."""
    atoms = _atoms(node.base, style)
    base = joined(atoms, style)
    letter = len(atoms) == 1 and len(atoms[0].box.glyphs) == 1
    italic = atoms[0].box.italic if letter else 0.0
    if node.sub is None and node.sup is None and node.primes == 0:
        return base
    sup_style, sub_style = style.script(False), style.script(True)
    sup_shift = 0.0 if letter else base.height - cm.SUP_DROP * sup_style.ratio() / style.ratio()
    sub_shift = 0.0 if letter else base.depth + cm.SUB_DROP * sub_style.ratio() / style.ratio()
    width = base.width - italic
    parts = [(base, 0.0, 0.0)]
    sup = _superscript(node, sup_style, style)
    sub = None if node.sub is None else _nested(node.sub, sub_style, style)
    if sup is None and sub is not None:
        drop = max(sub_shift, cm.SUB, sub.height - 0.8 * cm.X_HEIGHT)
        parts.append((sub, width, -drop))
        return placed(width + sub.width + cm.SCRIPT_SPACE, parts)
    assert sup is not None
    least = cm.SUP_CRAMPED if style.cramped else cm.SUP_DISPLAY if style.level == 0 else cm.SUP_TEXT
    rise = max(sup_shift, least, sup.depth + cm.X_HEIGHT / 4)
    if sub is None:
        parts.append((sup, width + italic, rise))
        return placed(width + italic + sup.width + cm.SCRIPT_SPACE, parts)
    drop = max(sub_shift, cm.SUB_WITH_SUP)
    gap = (rise - sup.depth) - (sub.height - drop)
    if gap < 4 * cm.RULE:
        drop += 4 * cm.RULE - gap
        raised = 0.8 * cm.X_HEIGHT - (rise - sup.depth)
        if raised > 0:
            rise, drop = rise + raised, drop - raised
    parts += [(sup, width + italic, rise), (sub, width, -drop)]
    return placed(width + max(italic + sup.width, sub.width) + cm.SCRIPT_SPACE, parts)


def _superscript(node: tree.Script, inner: Style, outer: Style) -> Box | None:
    boxes = []
    if node.primes > 0:
        # The prime of this font stands high already; a superscript raises it, so it is let down first.
        scale = inner.ratio() / outer.ratio()
        prime = scaled(char_box("′", inner), scale)
        boxes += [placed(prime.width, [(prime, 0.0, cm.PRIME * scale - prime.height)])] * node.primes
    if node.sup is not None:
        boxes.append(_nested(node.sup, inner, outer))
    return None if not boxes else beside(boxes)


def _fraction(node: tree.Fraction, style: Style) -> Box:
    """Rule 15: numerator and denominator about the axis."""
    display = style.level == 0
    inner = style.at(style.level + 1, style.cramped)
    above = _nested(node.above, inner, style)
    below = _nested(node.below, inner.at(inner.level, True), style)
    rise, drop = (cm.NUM_DISPLAY, cm.DENOM_DISPLAY) if display else (cm.NUM_TEXT, cm.DENOM_TEXT)
    clearance = 3 * cm.RULE if display else cm.RULE
    rise = max(rise, cm.AXIS + cm.RULE / 2 + clearance + above.depth)
    drop = max(drop, clearance + below.height - (cm.AXIS - cm.RULE / 2))
    width = max(above.width, below.width)
    bar = (rule(width, cm.RULE), cm.NULL_DELIMITER, cm.AXIS - cm.RULE / 2)
    numerator = (above, cm.NULL_DELIMITER + (width - above.width) / 2, rise)
    denominator = (below, cm.NULL_DELIMITER + (width - below.width) / 2, -drop)
    return placed(width + 2 * cm.NULL_DELIMITER, [numerator, bar, denominator])


def _fenced(node: tree.Fenced, style: Style) -> list[Atom]:
    body = _atoms(node.body, style)
    if node.stretch:
        inside = joined(body, style)
        reach = max(inside.height - cm.AXIS, inside.depth + cm.AXIS)
        size = max(2 * reach * 0.901, 2 * reach - 0.5)
        return [Atom("inner", beside([stretched(node.open, size), inside, stretched(node.close, size)]))]
    opening, closing = (OPERATORS.get(char, char) for char in (node.open, node.close))
    return [Atom("open", char_box(opening, style)), *body, Atom("close", char_box(closing, style))]


COLUMN_GAP = 5.0  # \\arraycolsep, on either side of a column, in points whatever the size of the label
STRUT = (0.84, 0.36)  # of \\arraystretch 1: 0.7 and 0.3 of the leading


def _matrix(node: tree.Matrix, style: Style) -> Box:
    """An array of LaTeX about the axis, in text style and in the label's own size wherever it stands."""
    boxes = [[_row(entry, style.at(1, False)) for entry in row] for row in node.rows]
    widths = [max(box.width for box in column) for column in zip(*boxes, strict=True)]
    gap = 2 * COLUMN_GAP / style.size
    heights = [max(STRUT[0], *(box.height for box in row)) for row in boxes]
    depths = [max(STRUT[1], *(box.depth for box in row)) for row in boxes]
    whole = sum(heights) + sum(depths)
    top = cm.AXIS + whole / 2
    parts: list[tuple[Box, float, float]] = []
    y = top
    for row, height, depth in zip(boxes, heights, depths, strict=True):
        y -= height
        x = 0.0
        for box, width in zip(row, widths, strict=True):
            parts.append((box, x + (width - box.width) / 2, y))
            x += width + gap
        y -= depth
    inside = placed(sum(widths) + gap * (len(widths) - 1), parts)
    inside = replace(inside, height=top, depth=whole / 2 - cm.AXIS)
    if node.open != "":
        size = max(whole * 0.901, whole - 0.5)
        closing = {"[": "]", "(": ")"}[node.open]
        inside = beside([stretched(node.open, size), inside, stretched(closing, size)])
    return scaled(inside, 1 / style.ratio())


def _apply(node: tree.Apply, style: Style) -> list[Atom]:
    head = _atoms(node.function, style)
    name = node.function.base if isinstance(node.function, tree.Script) else node.function
    if (
        isinstance(name, tree.Symbol)
        and len(name.name) > 1
        and (name.name in TEX_FUNCTIONS or node.brackets == "")
    ):
        head = [Atom("op", joined(head, style))]
    inside = _children(node, node.arguments, _separated(node.arguments, "punct", ",", style), style)
    if node.brackets == "":
        return head + inside
    opening, closing = node.brackets, {"(": ")", "[": "]"}[node.brackets]
    if node.stretch and len(node.arguments) == 1:
        return head + _fenced(tree.Fenced(opening, closing, node.arguments[0], True), style)
    return [*head, Atom("open", char_box(opening, style)), *inside, Atom("close", char_box(closing, style))]


def _root(node: tree.Root, style: Style) -> Box:
    """Rule 11: a radical and its bar."""
    body = _row(node.body, style.at(style.level, True))
    clearance = cm.RULE + (cm.X_HEIGHT if style.level == 0 else cm.RULE) / 4
    sign = stretched("√", body.height + body.depth + clearance + cm.RULE)
    reach = sign.height + sign.depth
    clearance = max(clearance, (clearance + reach - cm.RULE - body.height - body.depth) / 2)
    top = body.height + clearance + cm.RULE
    parts = [
        (sign, 0.0, top - sign.height),
        (body, sign.width, 0.0),
        (rule(body.width, cm.RULE), sign.width, top - cm.RULE),
    ]
    left = 0.0
    if node.degree is not None:
        degree = _nested(node.degree, style.at(3, True), style)
        left = max(0.0, degree.width - 0.55 * sign.width + 0.1)
        parts = [(box, x + left, y) for box, x, y in parts] + [(degree, 0.0, top - reach + 0.6 * reach)]
    return placed(left + sign.width + body.width, parts)


def _accent(node: tree.Accent, style: Style) -> Box:
    """Rule 12: an accent over its body, centred where the letter says."""
    atoms = _atoms(node.body, style.at(style.level, True))
    body = joined(atoms, style)
    if node.mark == "overline":
        bar = (rule(body.width, cm.RULE), 0.0, body.height + 3 * cm.RULE)
        return placed(body.width, [(body, 0.0, 0.0), bar])
    face = font("math")
    index = face.index(ACCENTS[node.mark])
    left, right, _, _ = face.ink(index)
    letter = len(atoms) == 1 and len(atoms[0].box.glyphs) == 1 and atoms[0].box.accent is not None
    middle = atoms[0].box.accent if letter else body.width / 2
    assert middle is not None
    mark = replace(face.glyph(index, ""), width=0.0, depth=0.0)
    at = middle - (left + right) / 2
    return placed(body.width, [(body, 0.0, 0.0), (mark, at, max(0.0, body.height - cm.X_HEIGHT))])


def _braced(node: tree.Braced, style: Style) -> Box:
    body = _row(node.body, style.at(0, False) if style.level < 2 else style)
    brace = stretched("⏞" if node.over else "⏟", body.width, vertical=False)
    low, high = ink(brace)
    label = None if node.label is None else _nested(node.label, style.script(not node.over), style)
    reach = high - low
    width = max(body.width, 0.0 if label is None else label.width)
    x = (width - body.width) / 2
    gap = 3 * cm.RULE
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


def _big(node: tree.Big, style: Style) -> Box:
    """Rule 13: a large operator, with limits in display style and scripts elsewhere."""
    display = style.level == 0
    sign = stretched(node.op, 1.4 if display else 1.0)
    lower = None if node.lower is None else _nested(node.lower, style.script(True), style)
    upper = None if node.upper is None else _nested(node.upper, style.script(False), style)
    if not display:
        parts = [(sign, 0.0, 0.0)]
        width = sign.width
        for box, y in ((upper, sign.height - cm.SUP_DROP), (lower, -sign.depth - cm.SUB_DROP)):
            if box is not None:
                parts.append((box, sign.width, y))
                width = max(width, sign.width + box.width + cm.SCRIPT_SPACE)
        return placed(width, parts)
    sign = replace(sign, height=sign.height + cm.OPERATOR_PAD, depth=sign.depth + cm.OPERATOR_PAD)
    width = max(box.width for box in (sign, lower, upper) if box is not None)
    parts = [(sign, (width - sign.width) / 2, 0.0)]
    over = under = 0.0
    if upper is not None:
        least, baseline = cm.OVER_OPERATOR
        over = cm.BEYOND_LIMIT
        gap = max(least, baseline - upper.depth)
        parts.append((upper, (width - upper.width) / 2, sign.height + gap + upper.depth))
    if lower is not None:
        least, baseline = cm.UNDER_OPERATOR
        under = cm.BEYOND_LIMIT
        gap = max(least, baseline - lower.height)
        parts.append((lower, (width - lower.width) / 2, -sign.depth - gap - lower.height))
    whole = placed(width, parts)
    return replace(whole, height=whole.height + over, depth=whole.depth + under)
