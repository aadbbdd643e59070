"""Daggers at what is unverified, and the reasons below the figure: `marks: true`."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lorafig.language import model

SIGNS = ("†", "‡", "§", "¶")
_IN_WORDS = ("title", "row", "text")  # where a label of words stands, the first that there is


class _Marks:
    """Gives each reason its sign, in the order of the spec."""

    def __init__(self) -> None:
        self.signs: dict[str, str] = {}

    def sign(self, reason: str) -> str:
        place = len(self.signs)
        own = SIGNS[place % len(SIGNS)] * (place // len(SIGNS) + 1)
        return self.signs.setdefault(str(reason), own)


def marked(figure: model.Figure) -> tuple[model.Figure, tuple[str, ...]]:
    """The figure with a sign on every label that has a reason to be unverified, and the footnotes. One that
    asks for no marks is as it was."""
    if not figure.marks:
        return figure, ()
    marks = _Marks()
    if figure.unverified is not None:
        sign = marks.sign(figure.unverified)
        if figure.caption is not None:
            figure = replace(figure, caption=f"{figure.caption} {sign}")
        elif figure.show_title:
            figure = replace(figure, title=f"{figure.title} {sign}")
    told = replace(
        figure,
        **{
            name: _walked(getattr(figure, name), marks)
            for name in figure.__struct_fields__
            if name not in ("model", "theme", "about", "lesson")
        },
    )
    return told, tuple(f"{sign} {reason}" for reason, sign in marks.signs.items())


def _walked(value: Any, marks: _Marks) -> Any:
    if isinstance(value, tuple):
        return tuple([_walked(part, marks) for part in value])
    if not isinstance(value, Struct) or isinstance(value, model.Figure):
        return value
    reason = getattr(value, "unverified", None)
    if reason is not None:
        value = _signed(value, marks.sign(reason))
    inner = {name: _walked(getattr(value, name), marks) for name in value.__struct_fields__}
    changed = {name: part for name, part in inner.items() if part != getattr(value, name)}
    return replace(value, **changed) if changed else value


def _signed(element: Any, sign: str) -> Any:
    """The element with a sign behind its label."""
    math = rf"\,\text{{{sign}}}"
    for name in _IN_WORDS:
        words = getattr(element, name, None)
        if isinstance(words, tuple) and words and name == "text":
            return replace(element, text=(*words[:-1], f"{words[-1]} {sign}"))
        if isinstance(words, str):
            return replace(element, **{name: f"{words} {sign}"})
    match element:
        case model.Bottleneck(bottleneck=factors, math=labels):
            shown = [part if isinstance(part, str) else part.math or part.trapezoid for part in factors]
            shown[: len(labels)] = labels
            return replace(element, math=(*shown[:-1], shown[-1] + math))
        case model.Sum(sum=tuple() as terms):
            return replace(element, sum=(*terms[:-1], terms[-1] + math))
        case model.Apply(apply=function):
            return replace(element, text=(f"${function}$ {sign}",))
        case model.Arrow(arrow=str() as label):
            return replace(element, arrow=label + math)
        case model.Skip(skip=str() as label):
            return replace(element, skip=label + math)
        case model.FlowNode(math=None, bottleneck=None) if isinstance(element.label, tuple):
            *lines, last = element.label
            return replace(element, **{element.shape: (*lines, f"{last} {sign}")})
        case model.FlowNode(bottleneck=tuple()):
            note = sign if element.note is None else f"{element.note} {sign}"
            return replace(element, note=note)
    if not hasattr(element, "math"):
        return element
    key = element.shape if isinstance(element, model.FlowNode) else type(element).__name__.lower()
    own = element.math if element.math is not None else getattr(element, key, None)
    return replace(element, math=own + math) if isinstance(own, str) else element
