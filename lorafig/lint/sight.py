"""Rules about colour: text on its ground, and roles that cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from lorafig.lint.picture import Finding, Picture, overlap
from lorafig.scene import Label, Shape
from lorafig.themes.style import READABLE, contrast
from lorafig.themes.vision import VISIONS, difference

APART = 10.0  # in CIE Lab: seen at a glance; about 2 is the least that is seen at all
SEEN = 3.0  # least contrast of a line or a badge to its ground (WCAG 2.2, 1.4.11)
# What a colour says of a matrix; a reader has to tell these apart.
MEANINGS = {"frozen": "frozen", "adapter": "trained", "merged": "merged", "activation": "an activation"}


def faint_text(picture: Picture) -> Iterator[Finding]:
    """Text with a contrast below 4.5 : 1 to what is behind it, white or light text on light included."""
    for label in picture.labels:
        ground = picture.ground(label.centre, picture.order[label.name])
        ink = picture.scene.palette[picture.scene.styles[label.role].ink]
        ratio = contrast(ink, ground)
        if ratio < READABLE:
            yield Finding(
                label.name, picture.where(label.name),
                f"'{label.lines[0].plain}' in {ink} on {ground}: the contrast is {ratio:.2f} : 1, not 4.5",
                "give it a darker ink, or its ground another colour",
                round(ratio, 2), READABLE, "contrast",
            )  # fmt: skip


def faint_mark(picture: Picture) -> Iterator[Finding]:
    """Arrows and badges with a contrast below 3 : 1 to what is behind them."""
    scene = picture.scene
    for arrow in picture.arrows:
        stroke = scene.styles[arrow.role].stroke
        if stroke is None:
            continue
        ground = picture.ground(arrow.points[len(arrow.points) // 2], picture.order[arrow.name])
        ratio = contrast(scene.palette[stroke], ground)
        if ratio < SEEN:
            yield _faint(picture, arrow.name, "a line", scene.palette[stroke], ground, ratio)
    for icon in picture.icons:
        colour = scene.palette[scene.styles[icon.role].mark]
        ground = picture.ground(icon.centre, picture.order[icon.name])
        ratio = contrast(colour, ground)
        if ratio < SEEN:
            yield _faint(picture, icon.name, f"the badge '{icon.meaning}'", colour, ground, ratio)


def _faint(picture: Picture, name: str, what: str, colour: str, ground: str, ratio: float) -> Finding:
    return Finding(
        name, picture.where(name),
        f"{what} in {colour} on {ground}: the contrast is {ratio:.2f} : 1, not 3",
        "give it a darker colour, or its ground another one",
        round(ratio, 2), SEEN, "contrast",
    )  # fmt: skip


def alike(picture: Picture) -> Iterator[Finding]:
    """Roles that look the same to somebody, in grey print or with a kind of colour vision, where no badge
    tells them apart."""
    badges = {meaning: _badges(picture, role) for role, meaning in MEANINGS.items()}
    shapes = {role: next((s for s in picture.shapes if s.role == role), None) for role in MEANINGS}
    for one, other in combinations([role for role in MEANINGS if shapes[role] is not None], 2):
        if badges[MEANINGS[one]] != badges[MEANINGS[other]]:
            continue
        worst = min(VISIONS, key=lambda vision: _difference(picture, one, other, vision))
        found = _difference(picture, one, other, worst)
        shape = shapes[other]
        if found < APART and shape is not None:
            yield Finding(
                shape.name, picture.where(shape.name),
                f"what is {MEANINGS[one]} and what is {MEANINGS[other]} look the same with {worst}:"
                f" their colours are {found:.1f} apart; 10 are seen at a glance",
                "give one of them a badge, or choose another theme",
                round(found, 1), APART, "CIE Lab",
            )  # fmt: skip


def _difference(picture: Picture, one: str, other: str, vision: str) -> float:
    """How far two roles are apart by fill or by line, whichever is more."""
    styles, palette = picture.scene.styles, picture.scene.palette
    pairs = ((styles[one].fill, styles[other].fill), (styles[one].stroke, styles[other].stroke))
    return max(
        difference(palette[a], palette[b], vision) for a, b in pairs if a is not None and b is not None
    )


def _badges(picture: Picture, role: str) -> frozenset[str]:
    """The badges that every shape of a role carries."""
    carried: list[frozenset[str]] = []
    for shape in picture.shapes:
        if shape.role == role and _labelled(picture, shape):
            carried.append(
                frozenset(icon.meaning for icon in picture.icons if overlap(icon.box, shape.box) > -2.0)
            )
    return frozenset.intersection(*carried) if carried else frozenset()


def _labelled(picture: Picture, shape: Shape) -> bool:
    """Whether a shape has a label of its own: a cell and a mark of the legend have none."""
    return any(_on(label, shape) for label in picture.labels)


def _on(label: Label, shape: Shape) -> bool:
    return overlap(label.box, shape.box) > 0


RULES = (faint_text, faint_mark, alike)
