"""Theme files: a palette of an author's own, which says what differs from one that there is.

A file is read once (`convert.read_theme`), when the spec or the command line names it, and goes with its name
from there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec.structs import replace

from lorafig.language import beside, model
from lorafig.language.messages import Finding
from lorafig.language.nodes import Mapping
from lorafig.themes.palettes import DEFAULT, PALETTES, Palette
from lorafig.themes.style import READABLE, SEEN, contrast, full, mixed

FILE = r"\.(ya?ml|json)$"
MAX_BYTES = 1 << 16
THEME_FILE = beside.Kind("theme file", "theme", "theme-file")
# What a theme file calls a role, and the palette's roles that follow it: areas, outputs, lines.
ROLES: dict[str, tuple[str, str | None, str | None]] = {
    "frozen": ("frozen", "frozen output", "frozen line"),
    "trained": ("adapter", "adapter output", "adapter line"),
    "merged": ("merged", None, "merged line"),
    "activation": ("activation", None, None),
    "plain": ("plain", None, None),
}
WRITTEN = (
    "text",
    "card",
    "crossed",
    "frame",
    "panel",
    "hairline",
    "track",
    "wedge",
)  # roles in the colour of text
# Areas and lines that are hardly told from the ground: how far they are from it to the text.
FAINT = {"hairline": 0.2, "track": 0.1, "wedge": 0.06}
_TINT = 0.5  # how far the fill of an output is from its role's to the ground


def is_file(name: str) -> bool:
    """Whether a theme is named by a path."""
    return os.path.splitext(name)[1].lower() in (".yaml", ".yml", ".json")


def theme_files(name: str | None) -> list[str]:
    """The file that an option for a theme names, if it does."""
    return [name] if name is not None and is_file(name) else []


def type_of(name: Any) -> dict[str, Any]:
    """What a theme file says of the type, as fields of a spec's `theme`."""
    if not isinstance(name, model.NamedPalette):
        return {}
    return _said(name.theme, ("font", "font_size"))


def palette(theme: model.Theme) -> Palette:
    """The palette of a theme file."""
    like = PALETTES[theme.like]
    colours, roles = dict(like.colours), dict(like.roles)
    known = {name: full(colour) for name, colour in _said(theme, ("text", "note", "wire", "ground")).items()}
    colours |= known
    ground = known.get("ground") or like.ground or colours["white"]
    if "text" in known:
        roles |= {role: (*roles[role][:2], "text") for role in WRITTEN}
    if "note" in known:
        roles |= {"note": (None, None, "note"), "line": (*roles["line"][:2], "note")}
    if "wire" in known:
        roles |= {"line": (None, "wire", roles["line"][2]), "sign": (None, "wire", "wire")}
    if "ground" in known:
        text = colours[roles["text"][2]]
        colours |= {name: mixed(ground, text, part) for name, part in FAINT.items()}
        roles |= {name: (name, None, roles["text"][2]) for name in FAINT}
        roles |= dict.fromkeys(("card", "frame", "panel"), (None, "hairline", roles["text"][2]))
        roles["crossed"] = ("wedge", None, roles["text"][2])
        if contrast(colours[roles["mark"][2]], ground) < READABLE:
            roles["mark"] = (None, roles["text"][2], roles["text"][2])
    for name, (role, output, line) in ROLES.items():
        given = _given(theme, name)
        if given is None:
            continue
        parts = [getattr(given, part) for part in ("fill", "line", "text")]
        own = [f"{role} {part}" for part in ("fill", "line", "text")]
        colours |= {key: full(part) for key, part in zip(own, parts, strict=True) if part is not None}
        fill, stroke, ink = (
            key if part is not None else before
            for key, part, before in zip(own, parts, roles[role], strict=True)
        )
        assert ink is not None
        roles[role] = (fill, stroke, ink)
        if output is not None:
            if given.fill is not None:
                colours[f"{role} tint"] = mixed(full(given.fill), ground, _TINT)
                fill = f"{role} tint"
            roles[output] = (fill if given.fill is not None else roles[output][0], stroke, ink)
        if line is not None:
            # Words of the role on the page itself are read there, or have the colour of its lines.
            reads = contrast(colours[ink], ground) >= READABLE
            roles[line] = (None, stroke, ink if reads else stroke or ink)
    return replace(
        like,
        colours=colours,
        roles=roles,
        ink=roles["text"][2],
        background="ground" if "ground" in known else like.background,
        partner=None,
        **_said(theme, ("line", "hairline", "corner", "unit")),
    )


def night(theme: model.Theme) -> model.Theme | None:
    """The theme that draws the same figure on dark pages, if the file has one."""
    if theme.dark is None:
        return None
    like = PALETTES[theme.like].partner or PALETTES[DEFAULT].partner or DEFAULT
    own = _said(theme, ("line", "hairline", "corner", "unit", "font", "font_size"))
    return model.Theme(like=like, **_said(theme.dark, model.Inks.__struct_fields__), **own)


def _said(theme: model.Inks, names: tuple[str, ...]) -> dict[str, Any]:
    """What a theme file gives, of these keys."""
    values = {name: getattr(theme, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _given(theme: model.Theme, name: str) -> model.Colours | None:
    """The colours that a theme gives to a role; plain boxes look like activations."""
    given: model.Colours | None = getattr(theme, name)
    return theme.activation if given is None and name == "plain" else given


Path: TypeAlias = tuple[str, ...]


def checked(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    """What cannot be read in a theme: paths, facts and hints. What it takes from its model is not asked."""
    theme = model.Theme(**values)
    yield from _unread(theme)
    dark = night(theme)
    if dark is None:
        return
    if PALETTES[theme.like].background is not None:
        what = f"'{theme.like}' lies on a ground of its own, on dark pages too"
        light = [f"'{name}'" for name, palette in PALETTES.items() if palette.background is None]
        hint = f"leave dark out, or take a theme for light pages: like: {' or '.join(light)}"
        yield ("dark",), what, hint
        return
    for path, what, hint, code in _unread(dark):
        yield ("dark", *path), f"on dark pages, {what}", hint.replace("; ", "; dark.", 1), code


def _unread(theme: model.Theme) -> Iterator[tuple[Path, str, str, str]]:
    """What cannot be read in one of the two parts of a theme."""
    told: set[Path] = set()
    for paths, what, colour, ground, least in _pairs(theme, palette(theme)):
        at = next((path for path in paths if _has(theme, path)), None)
        if at is None or at in told or contrast(colour, ground) >= least:
            continue
        told.add(at)
        fact = f"{what}: {colour} on {ground} has a contrast of {contrast(colour, ground):.2f} : 1"
        better = _readable(colour, ground, least)
        yield at, fact, f"it needs {least:g}; {'.'.join(paths[0])}: '{better}' has it", "contrast"


def _pairs(theme: model.Theme, made: Palette) -> Iterator[tuple[tuple[Path, ...], str, str, str, float]]:
    """What is seen on what: the keys that decide it, what it is, both colours, the least contrast."""
    colours, roles = made.colours, made.roles
    page = made.ground or colours["white"]
    on_page: Path = ("ground",)
    for name, role, part, least in (
        ("text", "text", 2, READABLE),
        ("note", "note", 2, READABLE),
        ("wire", "line", 1, SEEN),
    ):
        colour = roles[role][part]
        assert colour is not None
        yield ((name,), on_page), f"{name} on the page", colours[colour], page, least
    fill, _, ink = roles["card"]
    if fill is not None:
        yield (("text",),), "text on a card", colours[ink], colours[fill], READABLE
    for name, (role, output, line) in ROLES.items():
        keys: tuple[Path, ...] = ((name, "text"), (name, "fill"))
        for area in (role, output):
            fill, _, ink = roles[area] if area is not None else (None, None, "")
            if fill is not None:
                more = () if area == role else (on_page,)
                yield (*keys, *more), f"text on what is {name}", colours[ink], colours[fill], READABLE
        fill, stroke, _ = roles[role]
        shown = [colours[part] for part in (stroke, fill) if part is not None]
        if shown:
            best = max(shown, key=lambda colour: contrast(colour, page))
            edges = ((name, "line"), (name, "fill"), on_page)
            yield edges, f"the edge of what is {name}", best, page, SEEN
        if line is not None:
            ink = colours[roles[line][2]]
            yield (
                ((name, "text"), (name, "line"), on_page),
                f"words about what is {name}",
                ink,
                page,
                READABLE,
            )


def _has(theme: model.Theme, path: Path) -> bool:
    """Whether a theme file says something at a path of keys."""
    value = getattr(theme, path[0])
    return value is not None and (len(path) == 1 or getattr(value, path[1]) is not None)


def _readable(colour: str, ground: str, least: float) -> str:
    """The first colour that is seen, on the way from this one to black or white, away from the ground."""
    end = max(("#000000", "#FFFFFF"), key=lambda other: contrast(other, ground))
    steps = (mixed(colour, end, step / 20) for step in range(1, 21))
    return next((found for found in steps if contrast(found, ground) >= least), end)
