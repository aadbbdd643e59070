"""Mermaid's shapes: how each is written, its names, and the language's shape that it is drawn as."""

from __future__ import annotations

# How a node begins, the longer ones first; the shape by how it ends. From Mermaid's manual, "Node shapes".
BRACKETS: tuple[tuple[str, dict[str, str]], ...] = (
    ("(((", {")))": "doublecircle"}),
    ("((", {"))": "circle"}),
    ("([", {"])": "stadium"}),
    ("(-", {"-)": "ellipse"}),
    ("(", {")": "round"}),
    ("[[", {"]]": "subroutine"}),
    ("[(", {")]": "cylinder"}),
    ("[/", {"\\]": "trapezoid", "/]": "lean_right"}),
    ("[\\", {"/]": "inv_trapezoid", "\\]": "lean_left"}),
    ("[", {"]": "square"}),
    ("{{", {"}}": "hexagon"}),
    ("{", {"}": "diamond"}),
    (">", {"]": "odd"}),
)

# Shapes that are the same in the language.
SAME: dict[str, str] = {
    "square": "box",
    "round": "rounded",
    "stadium": "stadium",
    "circle": "circle",
    "diamond": "diamond",
    "hexagon": "hexagon",
}
# Those of brackets that are not, and what comes nearest.
NEAREST: dict[str, str] = {
    "doublecircle": "circle",
    "ellipse": "stadium",
    "subroutine": "box",
    "trapezoid": "box",
    "inv_trapezoid": "box",
    "lean_right": "box",
    "lean_left": "box",
    "odd": "box",
    "rect": "box",
}


def _names(words: str) -> dict[str, str]:
    """`rect: rect proc` -> each name after the colon, of the language's shape before it."""
    shapes: dict[str, str] = {}
    for line in words.strip().splitlines():
        shape, _, names = line.strip().partition(":")
        shapes |= dict.fromkeys(names.split(), shape)
    return shapes


# The names that `@{ shape: … }` knows, from Mermaid's manual, "Complete List of New Shapes".
NAMED_SAME: dict[str, str] = _names("""
    box: rect proc process rectangle
    rounded: rounded event
    stadium: stadium pill terminal
    circle: circle circ
    diamond: diam decision diamond question
    hexagon: hex hexagon prepare
""")
NAMED_NEAREST: dict[str, str] = _names("""
    box: notch-rect card notched-rectangle lean-r in-out lean-right lean-l lean-left out-in trap-t manual
    box: trapezoid-top inv-trapezoid trap-b priority trapezoid trapezoid-bottom fr-rect framed-rectangle
    box: subproc subprocess subroutine div-rect div-proc divided-process divided-rectangle doc document
    box: lin-doc lined-document docs documents st-doc stacked-document st-rect processes procs
    box: stacked-rectangle lin-rect lin-proc lined-process lined-rectangle shaded-process win-pane
    box: internal-storage window-pane sl-rect manual-input sloped-rectangle odd text flag paper-tape
    box: bow-rect bow-tie-rectangle stored-data tag-doc tagged-document tag-rect tag-proc tagged-process
    box: tagged-rectangle fork join brace brace-l comment brace-r braces notch-pent loop-limit
    box: notched-pentagon
    rounded: bang cloud
    stadium: delay half-rounded-rectangle curv-trap curved-trapezoid display ellipse
    circle: dbl-circ double-circle sm-circ small-circle start fr-circ framed-circle stop f-circ
    circle: filled-circle junction cross-circ crossed-circle summary
    diamond: tri extract triangle flip-tri flipped-triangle manual-file hourglass collate bolt com-link
    diamond: lightning-bolt
""")

# A cylinder is a place where something is kept: a rounded box with the badge that says so.
STORES: dict[str, str] = _names("""
    rounded: cyl cylinder database db h-cyl das horizontal-cylinder lin-cyl disk lined-cylinder
""")


def drawn_as(shape: str | None) -> tuple[str, bool] | None:
    """The language's shape, and whether it is the very same; None for a name that Mermaid does not have."""
    if shape is None:
        return "box", True
    for table, same in (
        (SAME, True),
        (NAMED_SAME, True),
        (STORES, False),
        (NEAREST, False),
        (NAMED_NEAREST, False),
    ):
        if shape in table:
            return table[shape], same
    return None
