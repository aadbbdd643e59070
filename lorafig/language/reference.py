"""The reference of the language, in Markdown, from the model's classes.

`docs/language.md` is this text; a test holds the two equal.
"""

from __future__ import annotations

from lorafig.language import kinds, model
from lorafig.language.docs import class_docs, one_line
from lorafig.language.examples import example
from lorafig.language.kinds import Either, Field, Kind, Label, Many, Named, Record
from lorafig.language.labels import labels
from lorafig.language.messages import phrase
from lorafig.language.nodes import MAX_CHARACTERS, MAX_DEPTH, MAX_ELEMENTS
from lorafig.language.write import scalar, to_data
from lorafig.resources import gallery

_INTRODUCTION = f"""# The language

<!-- Written by `make docs` from the classes in lorafig/language/model.py. Change those. -->

A spec is one YAML file (JSON is YAML too) that says what is on a figure and how it relates. It has no
coordinates, and needs no number that can be computed. `lorafig schema` prints a JSON Schema of it, by which
editors complete and check.

- YAML is version 1.2 and strict: unknown keys, keys that stand twice, wrong types and values out of range
  are errors, all of them reported at once. Anchors, aliases, tags and second documents are not allowed.
- Put labels in single quotes: in double quotes, YAML takes `\\a` or `\\n` for a control character, and
  outside quotes `: ` and ` #` end a text.
- **math** is mathematics, in LaTeX or Unicode. **text** is words, with mathematics between `$…$`.
- A **name** is letters a-z, A-Z, digits and `-`, a letter first, and at most {kinds.NAME_LENGTH} of them.
- Limits: 1 MiB, {MAX_DEPTH} levels, {MAX_ELEMENTS:,} elements, labels of {MAX_CHARACTERS:,} characters.
"""

HEIGHT = 900  # px of an interactive page
THEME = """\
like: paper
frozen: {fill: '#DDEEDD', line: '#2F6B2F', text: '#143D14'}
trained: {fill: '#FBD9E4', line: '#B0245A', text: '#6B0F33'}
dark:
  trained: {fill: '#4A1A2C', line: '#F08CB0', text: '#FFD9E6'}
line: 1.2
corner: 0
font: serif
"""

# The order of the reference, and its headings. A test holds the table to be complete.
SECTIONS: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("The figure", (model.Figure, model.Model, model.Size, model.Symbol, model.Function)),
    ("Its look, its numbers and its source", (model.ThemeChoice, model.Numbers, model.About)),
    ("A theme file", (model.Theme, model.Inks, model.Colours)),
    ("A row", (model.Panel, model.Scope, model.Level, model.Equations, model.Equation)),
    (
        "Elements of a stack",
        (
            model.Bar,
            model.Square,
            model.Trapezoid,
            model.Bottleneck,
            model.Split,
            model.Sum,
            model.Scale,
            model.Gate,
            model.Bias,
            model.Skip,
            model.Repeat,
            model.Apply,
            model.Arrow,
        ),
    ),
    ("Products", (model.Matrix, model.Vector, model.Cells, model.Marks, model.Block)),
    ("Flows", (model.Flow, model.FlowNode, model.Inject, model.Edge, model.FlowGroup, model.Look)),
    ("A card and a legend", (model.Card, model.CardRow, model.Legend)),
    ("Braces", (model.Brace,)),
    (
        "The interactive page",
        (model.Controls, model.Slider, model.SizeSlider, model.Lesson, model.Activity, model.Setting),
    ),
)


def reference() -> str:
    parts = [_INTRODUCTION]
    for heading, classes in SECTIONS:
        parts.append(f"## {heading}\n")
        if issubclass(classes[0], model.Element):
            parts.append(_elements())
        parts += [_section(cls) for cls in classes]
    parts += [labels(), _example()]
    return "\n".join(parts)


def _example() -> str:
    """A whole spec: the first of the gallery."""
    with open(gallery()["lora-two-panel"], encoding="utf-8") as file:
        text = file.read()
    return f"## An example\n\n`figures/lora-two-panel.yaml`:\n\n```yaml\n{text}```\n"


def _elements() -> str:
    doc = class_docs()["Element"]
    lines = [
        "The key that an element begins with says what it is: `- bar: x`. All elements have these keys too:",
        "",
    ]
    lines += _table(tuple(field for field in kinds.fields(model.Bar) if not field.own), doc.fields)
    return "\n".join([*lines, ""])


def _section(cls: type) -> str:
    doc = class_docs()[cls.__name__]
    fields = tuple(field for field in kinds.fields(cls) if field.own)
    lines = [f"### {heading(cls)}", "", doc.text, ""]
    shorthand = kinds.SHORTHAND.get(cls)
    if shorthand is not None:
        lines += [f"A single value stands for its `{shorthand}`.", ""]
    if kinds.bare(cls):
        lines += [f"It can stand by its bare key: `- {kinds.leading(cls)}`.", ""]
    if fields:
        lines += _table(fields, doc.fields)
    else:
        lines.append(f"It has the keys of {_link(cls.__bases__[0])}.")
    shown = example(cls.__name__)
    if shown is not None:
        body = shown.partition("title: An example\n")[2]
        fence = f'lorafig interactive height="{HEIGHT}"' if "\ncontrols:" in body else "lorafig"
        lines += ["", f"```yaml\n{body}```", "", f"```{fence}\n{shown}```"]
    if cls is model.Theme:
        lines += ["", f"```yaml\n{THEME}```"]
    return "\n".join([*lines, ""])


def heading(cls: type) -> str:
    """What a class is called: the key that it stands under or begins with."""
    if cls is model.Figure:
        return "The top of the file"
    if cls is model.ThemeChoice:
        return "`theme`"
    if cls is model.Equation:
        return "An equation with a brace"
    return HEADINGS.get(cls, f"`{cls.__name__.lower()}`")


HEADINGS: dict[type, str] = {
    model.Size: "A size",
    model.Theme: "The top of a theme file",
    model.Inks: "The colours of dark pages",
    model.Colours: "The colours of a role",
    model.SizeSlider: "A slider of a size",
    model.Symbol: "A symbol",
    model.FlowNode: "A node",
    model.Edge: "An edge with a label",
    model.FlowGroup: "A group",
    model.Look: "A class of style",
    model.CardRow: "A row of a card",
    model.Scope: "`model` of a panel",
    model.Marks: "`crossed` and `shaded`",
    model.Block: "A block",
}


def _table(fields: tuple[Field, ...], docs: dict[str, str]) -> list[str]:
    lines = ["| key | value | default | what it is |", "|---|---|---|---|"]
    for field in fields:
        text = one_line(docs.get(field.attribute, ""))
        called = "any size" if isinstance(field.kind, kinds.Rest) else f"`{field.key}`"
        lines.append(f"| {called} | {_kind(field.kind)} | {_default(field)} | {text} |")
    return lines


def _default(field: Field) -> str:
    if field.required:
        return "required"
    default = to_data(field.default)
    if default is None or default in ([], {}):
        return ""
    return f"`{scalar(default)}`" if isinstance(default, str) else f"`{str(default).lower()}`"


def _kind(kind: Kind) -> str:
    match kind:
        case Label(form=form):
            return form
        case Many(item=item, least=least):
            single = " or one" if isinstance(item, Label | kinds.Identifier) and least < 2 else ""
            return (
                f"list of {_kind(item)}{single}"
                if not isinstance(item, Either)
                else f"list of: {_kind(item)}"
            )
        case Record(cls=cls):
            return _link(cls)
        case kinds.Rest(cls=cls):
            return _link(cls)
        case Named(cls=cls, symbol=symbol):
            return f"{'symbols' if symbol else 'names'}, each with {_link(cls)}"
        case Either(members=members):
            if {member.cls for member in members if isinstance(member, Record)} >= set(
                dict(SECTIONS)["Elements of a stack"]
            ):
                rest = [_kind(member) for member in members if not isinstance(member, Record)]
                return ", or ".join(["[elements](#elements-of-a-stack)", *rest])
            return ", or ".join(_kind(member) for member in members)
        case _:
            return phrase(kind).replace("'", "`")


def _link(cls: type) -> str:
    title = heading(cls)
    anchor = "".join(char for char in title.lower().replace(" ", "-") if char.isalnum() or char == "-")
    return f"[{title.lower().removeprefix('the ')}](#{anchor})"


if __name__ == "__main__":
    import sys

    sys.stdout.buffer.write(reference().encode())
