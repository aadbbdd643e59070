"""The figure in a few sentences, for those who do not see it: what it shows, panel by panel.

The same text is the description of the SVG, the alternative text of TikZ and the subject of the PDF;
its title stands before it there.
"""

from __future__ import annotations

from typing import assert_never

from lorafig.notation.parse import parse_math, parse_text
from lorafig.notation.speech import text_to_speech, to_speech
from lorafig.spec.model import (
    Arrow,
    Bar,
    Bottleneck,
    Equation,
    Equations,
    Figure,
    Panel,
    Split,
    Square,
    StackElement,
    Sum,
    Trapezoid,
)


def alt_text(figure: Figure) -> str:
    """Plain sentences, mathematics spoken."""
    sentences = []
    if figure.about.shows is not None:
        sentences.append(_text(figure.about.shows))
    for entry in figure.row if figure.row else (Panel(figure.stack),):
        if isinstance(entry, Equations):
            spoken = [_math(line.math if isinstance(line, Equation) else line) for line in entry.equations]
            sentences.append(f"Equations: {'; '.join(spoken)}")
        else:
            title = (
                "From bottom to top" if entry.panel is None else f"{_text(entry.panel)}, from bottom to top"
            )
            sentences.append(f"{title}: {', then '.join(_elements(entry.stack))}")
    return " ".join(sentence.rstrip(".") + "." for sentence in sentences)


def _math(source: str) -> str:
    return to_speech(parse_math(source))


def _text(source: str) -> str:
    return " ".join(text_to_speech(parse_text(source)).split())


def _elements(stack: tuple[StackElement, ...]) -> list[str]:
    return [said for element in stack if (said := _element(element)) != ""]


def _element(element: StackElement) -> str:
    match element:
        case Bar():
            return f"a bar {_math(element.bar)}"
        case Square():
            words = " ".join(_text(line) for line in element.text)
            label = _math(element.math if element.math is not None else element.square)
            return f"a square {words}, {label}" if words != "" else f"a square {label}"
        case Trapezoid():
            return f"a trapezoid {_math(element.math if element.math is not None else element.trapezoid)}"
        case Bottleneck():
            parts = [part.trapezoid if isinstance(part, Trapezoid) else part for part in element.bottleneck]
            labels = [
                _math(element.math[number] if number < len(element.math) else part)
                for number, part in enumerate(parts)
            ]
            waist = "" if element.brace is None else f", {_math(element.brace.label)} wide at the waist"
            return f"a bottleneck of {' and '.join(labels)}{waist}"
        case Split():
            branches = [
                ", then ".join(_elements(branch if isinstance(branch, tuple) else (branch,)))
                for branch in element.split
            ]
            return f"side by side {'; and '.join(branches)}"
        case Sum():
            if isinstance(element.sum, str):
                return "the sum of the branches"
            return f"the sum of {' and '.join(_math(term) for term in element.sum)}"
        case Arrow():
            return ""
        case _:
            assert_never(element)
