"""A scene made by hand with one of each thing that flows are made of, in several colours."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, radians, sin

from scenes import Builder

from lorafig.icons import ICONS
from lorafig.scene import (
    SLANT,
    Anchor,
    Arrow,
    Brace,
    End,
    Form,
    Group,
    Icon,
    Item,
    Label,
    Length,
    Place,
    Point,
    Scene,
    Shape,
    Style,
)

LENGTHS = {
    "node width": 18.0, "node height": 10.0, "gap": 8.0, "corner": 1.6, "bend": 2.0, "circle": 8.0,
    "tall": 16.0, "d": 14.0, "r": 5.0, "margin": 6.0, "icon": 3.0, "large icon": 8.0, "label gap": 1.2,
    "lane": 3.0, "brace": 1.4, "brace gap": 0.8, "width": 160.0, "height": 112.0,
}  # fmt: skip
PALETTE = {
    "blue": "#0072B2", "blue-line": "#004C78", "orange": "#E69F00", "orange-line": "#8A5F00",
    "green": "#009E73", "green-line": "#00614A", "red": "#B34400", "grey": "#F4F5F7", "ink": "#333333",
    "white": "#FFFFFF", "black": "#111111",
}  # fmt: skip
STYLES = {
    "frozen": Style("blue", "blue-line", "white", 0.28),
    "adapter": Style("orange", "orange-line", "black", 0.28),
    "merged": Style("green", "green-line", "black", 0.5),
    "plain": Style("grey", "ink", "ink", 0.28),
    "frame": Style(None, "ink", "ink", 0.28, "dashed"),
    "bold frame": Style("grey", "red", "red", 0.7, "dashed"),
    "flat": Style("green", None, "red", 0.28),
    "line": Style(None, "ink", "ink", 0.28),
    "blue line": Style(None, "blue-line", "blue-line", 0.28),
    "dashed line": Style(None, "red", "red", 0.4, "dashed"),
    "text": Style(None, None, "ink", 0.0),
}


def one(name: str, factor: float = 1.0) -> Length:
    return ((factor, name),)


def everything(name: str = "hand-flow", size: float = 9.0) -> Scene:
    b = Builder(dict(LENGTHS), size)
    shapes: dict[str, Shape] = {}
    items: list[Item] = []

    def shape(
        name: str, role: str, form: Form, place: Place, width: str = "node width",
        height: str = "node height", sides: tuple[Length, Length] | None = None,
    ) -> None:  # fmt: skip
        w, h = LENGTHS[width], LENGTHS[height]
        x, y = b.place(name, place, w, h)
        corner = {"rounded": LENGTHS["corner"], "stadium": min(w, h) / 2, "circle": w / 2}.get(form, 0.0)
        points: tuple[Point, ...] = (x, y), (x + w, y), (x + w, y + h), (x, y + h)
        if form == "diamond":
            points = (x + w / 2, y), (x + w, y + h / 2), (x + w / 2, y + h), (x, y + h / 2)
        if form == "hexagon":
            left, right, m = x + SLANT * h, x + w - SLANT * h, y + h / 2
            points = (left, y), (right, y), (x + w, m), (right, y + h), (left, y + h), (x, m)
        if sides is not None:
            m, left, right = y + h / 2, b.length(sides[0]) / 2, b.length(sides[1]) / 2
            points = (x, m - left), (x + w, m - right), (x + w, m + right), (x, m + left)
        shapes[name] = Shape(
            name, role, points, place, one(width), one(height), sides, form, corner, sides is not None
        )
        items.append(shapes[name])

    def icon(name: str, role: str, key: str, place: Place, length: str = "icon") -> None:
        size = LENGTHS[length]
        x, y = b.place(name, place, size, size)
        centre = x + size / 2, y + size / 2
        items.append(Icon(name, role, f"icon {key}", ICONS[key].meaning, centre, size, place))

    def label(name: str, role: str, place: Place, words: str) -> None:
        items.append(b.label(name, role, place, [b.text(words)]))

    def right_of(name: str, gap: str = "gap") -> Place:
        return Place("west", name, "east", one(gap))

    def below(name: str, factor: float = 2.0) -> Place:
        return Place("north", name, "south", (), one("gap", -factor))

    def end(of: str, at: Anchor, right: Length = (), up: Length = ()) -> tuple[End, Point]:
        x, y = b.anchor(of, at)
        return End(of, at, right, up), (x + b.length(right), y + b.length(up))

    def line(
        name: str, role: str, start: tuple[End, Point], end: tuple[End, Point],
        way: Callable[[Point, Point], tuple[Point, ...]] = lambda p, q: (),
        head: bool = True, tail: bool = False, corner: float = LENGTHS["bend"],
    ) -> None:  # fmt: skip
        p, q = start[1], end[1]
        points = (p, *way(p, q), q)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        b.boxes[name] = min(xs), min(ys), max(xs), max(ys)
        items.append(Arrow(name, role, points, start[0], end[0], head, tail, corner))

    def across(p: Point, q: Point, part: float = 0.5) -> tuple[Point, ...]:
        x = p[0] + (q[0] - p[0]) * part
        return (x, p[1]), (x, q[1])

    top = one("height") + one("margin", -1.0)
    shape("rounded", "frozen", "rounded", Place("north west", None, "center", one("margin"), top))
    shape("stadium", "adapter", "stadium", right_of("rounded"))
    shape("circle", "plain", "circle", right_of("stadium"), "circle", "circle")
    shape("diamond", "merged", "diamond", right_of("circle"))
    shape("A", "adapter", "box", right_of("diamond"), "node height", "d", (one("d"), one("r")))
    shape("B", "adapter", "box", right_of("A"), "node height", "d", (one("r"), one("d")))
    shape("tall", "frozen", "stadium", right_of("B"), "circle", "tall")

    shape("dashed-box", "frame", "box", below("rounded", 3))
    shape("dashed-rounded", "frame", "rounded", below("stadium", 3))
    shape("dashed-circle", "bold frame", "circle", below("circle", 3), "circle", "circle")
    shape("dashed-diamond", "bold frame", "diamond", below("diamond", 3))
    shape("dashed-A", "bold frame", "box", below("A", 3), "node height", "d", (one("d"), one("r")))
    shape("flat", "flat", "rounded", below("B", 3), "tall")
    # A circle and a diamond hung up at the corners of their boxes, and something on their own corners.
    low = Place("north west", "dashed-box", "south west", one("gap"), one("gap", -2))
    shape("hung", "merged", "circle", low, "circle", "circle")
    shape("tipped", "plain", "diamond", Place("south west", "hung", "south east", one("gap", 2)))
    shape("six", "adapter", "hexagon", Place("west", "tipped", "east", one("gap", 3)))
    label("on-hung", "text", Place("south west", "hung", "north east", one("label gap")), "corner")
    label("on-tipped", "text", Place("north east", "tipped", "south west"), "tip")

    line("plain-arrow", "line", end("rounded", "east"), end("stadium", "west"))
    line("both", "blue line", end("stadium", "east"), end("circle", "west"), tail=True)
    line("no-head", "frozen", end("circle", "east"), end("diamond", "west"), head=False)
    line("backwards", "adapter", end("diamond", "east"), end("A", "west"), head=False, tail=True)
    line("waist", "dashed line", end("A", "east"), end("B", "west"))
    line("wide", "merged", end("B", "east"), end("tall", "west"))
    line("into-box", "line", end("rounded", "south"), end("dashed-rounded", "north"),
         lambda p, q: ((p[0], (p[1] + q[1]) / 2), (q[0], (p[1] + q[1]) / 2)))  # fmt: skip
    line("over-right", "dashed line", end("dashed-box", "east"), end("stadium", "south"),
         lambda p, q: ((q[0], p[1]),), tail=True)  # fmt: skip
    line("right-then-up", "blue line", end("dashed-rounded", "south"), end("dashed-circle", "south"),
         lambda p, q: ((p[0], p[1] - 6), (q[0], p[1] - 6)))  # fmt: skip
    # Ends on the outlines of a circle and a diamond, beside their anchors; and by a shift along a side.
    circle, diamond = b.anchor("dashed-circle", "center"), b.anchor("dashed-diamond", "center")
    on_circle = circle[0] + 4 * cos(radians(40)), circle[1] + 4 * sin(radians(40))
    on_diamond = diamond[0] - 9 * 0.7, diamond[1] + 5 * 0.3
    line("by-angle", "merged", (End("dashed-circle", "east", (), one("lane", 0.5)), on_circle),
         (End("dashed-diamond", "west"), on_diamond), lambda p, q: across(p, q, 0.6), corner=0.8)  # fmt: skip
    slanted = b.anchor("dashed-A", "center")
    line("to-slant", "line", end("diamond", "south"),
         (End("dashed-A", "north"), (slanted[0], slanted[1] + (14 + 5) / 4)),
         lambda p, q: ((p[0], q[1] + 5), (q[0], q[1] + 5)))  # fmt: skip
    # Bends nearer to each other, and to the head, than they are round; a repeated point; a straight one.
    line("tight", "line", end("tall", "south"), end("flat", "north"),
         lambda p, q: ((p[0], p[1] - 2), (p[0] - 3, p[1] - 2), (p[0] - 3, p[1] - 5), (p[0] - 3, p[1] - 5),
                       (p[0] - 8, p[1] - 5), (q[0], p[1] - 5)))  # fmt: skip
    line("oblique", "dashed line", end("hung", "east"), end("tipped", "west"),
         lambda p, q: ((p[0] + 4, p[1] + 4), (p[0] + 9, p[1] - 4)), tail=True)  # fmt: skip
    line(
        "sharp",
        "blue line",
        end("tipped", "east"),
        end("flat", "south"),
        lambda p, q: ((q[0], p[1]),),
        corner=0.0,
    )
    line("short", "adapter", end("dashed-A", "east"), end("flat", "west"), corner=0.0)
    line("lane-out", "line", end("flat", "east", (), one("lane")), end("tall", "south", one("lane", 0.5)),
         lambda p, q: ((q[0], p[1]),), head=False)  # fmt: skip
    label("into-box-label", "text", Place("south", "into-box", "center", (), one("label gap")), "edge")
    label("sharp-label", "text", Place("north", "sharp", "center", (), one("label gap", -1)), "bent")

    keys = list(ICONS)
    roles = ("frozen", "text", "bold frame", "adapter", "text", "line", "merged", "dashed line")
    icon(
        "icon-0",
        "line",
        keys[0],
        Place("north west", "hung", "south west", one("gap", -1), one("gap", -1)),
        "large icon",
    )
    for i, (key, role) in enumerate(zip(keys, roles, strict=True)):
        if i:
            icon(f"icon-{i}", "text" if role in ("frozen", "adapter") else role, key,
                 right_of(f"icon-{i - 1}"), "large icon")  # fmt: skip
        small = Place("north west", f"icon-{i}", "north east", one("label gap"))
        icon(f"small-{i}", "text" if role == "frozen" else role, key, small)
        note = Place("north", f"icon-{i}", "south", (), one("label gap", -1))
        label(f"note-{i}", "text", note, ICONS[key].meaning)
    icon(
        "badge",
        "frozen",
        "lock",
        Place("north east", "rounded", "north east", one("label gap", -1), one("label gap", -1)),
    )
    label("rounded-label", "frozen", Place("center", "rounded"), "load")
    label("stadium-label", "adapter", Place("center", "stadium"), "train")
    label("circle-label", "plain", Place("center", "circle"), "s")
    label("diamond-label", "merged", Place("center", "diamond"), "merge?")
    x0, y0, x1, _ = b.boxes["dashed-box"]
    items.append(
        Brace("brace", "adapter", (x0, y0 - 0.8), (x1, y0 - 0.8), "under", "dashed-box", "brace gap", "brace")
    )
    b.boxes["brace"] = (x0, y0 - 2.2, x1, y0 - 0.8)
    label("brace-label", "text", Place("north", "brace", "south", (), one("brace gap", -0.5)), "d")

    drawn = [item for item in items if isinstance(item, Shape)]
    lines = [item for item in items if isinstance(item, Arrow | Brace)]
    rest: list[Item] = [item for item in items if isinstance(item, Label | Icon)]
    # What is referred to stands before what refers to it.
    first = [item for item in rest if isinstance(item, Label) and item.place.of in {d.name for d in drawn}]
    later = [item for item in rest if item not in first]
    outlines = b.setter.outlines | {f"icon {key}": art.outline for key, art in ICONS.items()}
    return Scene(
        id=name, title="Each thing that flows are made of", description="Shapes, lines and icons.",
        width=LENGTHS["width"], height=LENGTHS["height"], font_size=size, arrow_head=(2.4, 1.8),
        lengths=dict(LENGTHS), palette=PALETTE, styles=STYLES, outlines=outlines,
        items=(Group("shapes", "Shapes", (*drawn, *first)), Group("lines", "Lines", tuple(lines)),
               Group("icons", "Icons", tuple(later))),
    )  # fmt: skip
