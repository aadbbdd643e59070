"""Long formulas in running text, so that a line can end within them.

A browser breaks no line in MathML. A formula that is too long for a telephone is cut at its loosest
operators, as TeX does in a paragraph: behind relations first, then behind + and −, then between factors.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from markupsafe import Markup

LONGEST = 24  # characters beside each other, which fit a telephone
_APPLY = "\u2061"  # stands between a function and its argument: no line ends there
_BREAK = Markup("<wbr>")


def breakable(mathml: str) -> Markup:
    """One `<math>` as one or more in a row, which look the same where they fit on a line."""
    if len(mathml) <= LONGEST:
        return Markup(mathml)
    whole = fromstring(mathml)
    pieces = list(_pieces(list(whole)))
    if len(pieces) == 1:
        return Markup(mathml)
    return _BREAK.join(Markup(_math(piece, whole.attrib)) for piece in pieces)


def _pieces(items: list[Element]) -> Iterator[list[Element]]:
    """Elements that stand in a row, in pieces that end with an operator; as few as there can be."""
    if sum(map(_width, items)) <= LONGEST:
        yield items
        return
    if len(items) == 1 and items[0].tag == "mrow" and not items[0].attrib:
        yield from _pieces(list(items[0]))
        return
    start = 0
    for at, item in enumerate(items):
        if 0 < at < len(items) - 1 and _is_operator(item):
            *before, last = _pieces(items[start:at])
            yield from before
            yield [*last, item]
            start = at + 1
    rest = items[start:]
    if start > 0:
        yield from _pieces(rest)
    else:  # no operator to break at
        yield rest


def _is_operator(item: Element) -> bool:
    return item.tag == "mo" and "form" not in item.attrib and item.text != _APPLY


def _width(item: Element) -> int:
    """About how many characters it is wide."""
    parts = [_width(child) for child in item]
    inside = max(parts, default=0) if item.tag in ("mfrac", "munder", "mover", "munderover") else sum(parts)
    return inside + len((item.text or "").strip("\u2061\u2062"))


def _math(items: list[Element], attributes: dict[str, str]) -> str:
    math = Element("math", attributes)
    row = SubElement(math, "mrow") if len(items) > 1 else math
    for item in items:
        row.append(item)
    if _is_operator(items[-1]):
        items[-1].set("form", "infix")  # at the end of a row it would be set as a postfix
    return tostring(math, encoding="unicode")
