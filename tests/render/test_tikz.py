"""TikZ: what a careful author would write, and it compiles wherever an author may want it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import extract
import pytest
from msgspec.structs import replace

from lorafig import language
from lorafig.layout import layout
from lorafig.render import tex, tikz
from lorafig.resources import gallery
from lorafig.scene import Arrow, Brace, Icon, Item, Label, Place, Scene, Shape, Style, walk

PREAMBLE = (
    r"\usepackage{tikz, amsmath, amssymb}"
    r"\usetikzlibrary{arrows.meta, decorations.pathreplacing, positioning, shapes.geometric}"
)
ARTICLE = rf"\documentclass{{article}}{PREAMBLE}\begin{{document}}%s\end{{document}}"
TWO_COLUMNS = rf"\documentclass[twocolumn]{{article}}{PREAMBLE}\begin{{document}}%s\end{{document}}"
BEAMER = (
    rf"\documentclass{{beamer}}{PREAMBLE}\begin{{document}}\begin{{frame}}%s\end{{frame}}\end{{document}}"
)
FLOAT = r"\begin{figure}\centering\resizebox{\linewidth}{!}{\input{one.tikz}}\caption{One}\end{figure}"
BESIDE = r"\resizebox{.45\linewidth}{!}{\input{one.tikz}}\resizebox{.45\linewidth}{!}{\input{two.tikz}}"
TWICE = r"\resizebox{.45\linewidth}{!}{\input{one.tikz}}\resizebox{.45\linewidth}{!}{\input{one.tikz}}"
PLAIN = r"\noindent\input{one.tikz}"


CHINESE = r"\usepackage[scheme=plain, fontset=fandol]{ctex}"


def is_chinese(scene: Scene) -> bool:
    return any(
        "CJK" in line.tex for item in walk(scene.items) if isinstance(item, Label) for line in item.lines
    )


def compile_with(engine: str, document: str, folder: Path, scenes: list[Scene]) -> str:
    """The log of a run, which must succeed, of a document beside fragments of the scenes."""
    for name, scene in zip(("one", "two"), scenes, strict=False):
        (folder / f"{name}.tikz").write_text(tikz.render(scene), encoding="utf-8")
    (folder / "main.tex").write_text(document, encoding="utf-8")
    done = subprocess.run(
        [engine, "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "main.tex"],
        cwd=folder, capture_output=True, text=True, errors="replace", timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    log = (folder / "main.log").read_text(errors="replace")
    assert "Missing character" not in log
    assert "multiply" not in log
    return log


@pytest.mark.parametrize(
    "document",
    [
        ARTICLE % PLAIN,
        ARTICLE % (FLOAT + BESIDE + TWICE),
        TWO_COLUMNS % (FLOAT + BESIDE),
        BEAMER % (TWICE + BESIDE),
    ],
    ids=["article", "article-many", "two-columns", "beamer"],
)
def test_fragment_compiles(document: str, two_panels: Scene, tmp_path: Path) -> None:
    compile_with("pdflatex", document, tmp_path, [two_panels, replace(two_panels, id="another")])


@pytest.mark.parametrize("engine", ["lualatex", "xelatex"])
def test_fragment_compiles_with_other_engines(engine: str, two_panels: Scene, tmp_path: Path) -> None:
    compile_with(engine, ARTICLE % (FLOAT + TWICE), tmp_path, [two_panels])


@pytest.mark.sample(5)
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
@pytest.mark.parametrize("document", [ARTICLE, TWO_COLUMNS, BEAMER], ids=["article", "two-columns", "beamer"])
def test_flow_compiles(
    document: str, engine: str, everything: Scene, two_panels: Scene, tmp_path: Path
) -> None:
    body = BESIDE + TWICE if document is BEAMER else FLOAT + BESIDE
    compile_with(engine, document % body, tmp_path, [everything, two_panels])


def test_every_shape_and_icon_is_a_node(everything: Scene, tmp_path: Path) -> None:
    """An author may draw to each of them, by name alone and by anchors, after the figure's own lines."""
    picture = tikz.render(everything)
    names = [item.name for item in walk(everything.items) if isinstance(item, Shape | Icon | Label)]
    ends = [f"({name}{at})" for name in names for at in ("", ".north", ".east", ".center", ".30")]
    more = "".join(rf"\draw (0,0) -- {end};" for end in ends)
    (tmp_path / "more.tikz").write_text(picture.replace(r"\end{tikzpicture}%", more + r"\end{tikzpicture}%"))
    compile_with("pdflatex", ARTICLE % r"\input{more.tikz}", tmp_path, [])


def test_nodes_do_not_take_the_look_that_a_document_gives_its_own(everything: Scene, tmp_path: Path) -> None:
    fixed = r"\pdfinfoomitdate=1 \pdftrailerid{} \pdfsuppressptexinfo=-1 "
    pages = []
    for own in ("", r"\tikzset{every node/.style={draw, circle, inner sep=9pt, outer sep=5pt, font=\tiny}}"):
        compile_with("pdflatex", fixed + ARTICLE % (own + PLAIN), tmp_path, [everything])
        pages.append((tmp_path / "main.pdf").read_bytes())
    assert pages[0] == pages[1]


def test_names_of_roles_colours_and_icons_stay_apart(everything: Scene, tmp_path: Path) -> None:
    """Classes may be called what styles are called, in any script, and alike but for a sign."""
    hostile = [
        "circle",
        "arrow",
        "label",
        "a.b",
        "a-b",
        "\u51bb\u7ed3",
        "\u8bad\u7ec3",
        "x}\\input{y",
        "a,b=c/.style",
        "rounded",
    ]
    palette = dict(everything.palette) | {f"{role} fill": f"#{i:06X}" for i, role in enumerate(hostile)}
    styles = dict(everything.styles) | {r: Style(f"{r} fill", "ink", "ink", 0.3) for r in hostile}
    shapes = [item for item in walk(everything.items) if isinstance(item, Shape)]
    drawn: list[Item] = [replace(s, role=role) for s, role in zip(shapes, hostile, strict=False)]
    lock = next(item for item in walk(everything.items) if isinstance(item, Icon) and item.name == "badge")
    keys = "icon lock", "icon.lock", "\u9501", "}{"
    icons: list[Item] = [replace(lock, name=f"i{i}", key=key) for i, key in enumerate(keys)]
    outlines = dict(everything.outlines) | dict.fromkeys(keys, everything.outlines["icon lock"])
    scene = replace(everything, palette=palette, styles=styles, outlines=outlines, items=(*drawn, *icons))
    text = tikz.render(scene)
    assert text.isascii()
    for pattern, least in (
        (r"(lorafig/[^/={]+)/\.style", 10),
        (r"\\providecolor\{([^}]+)\}", 8),
        (r"(lorafig/[^/]+)/\.pic", 4),
    ):
        found = re.findall(pattern, text)
        assert len(found) == len(set(found)) >= least
    page = extract.from_pdf(tex.compile_pdf(tikz.render(scene, standalone=True)), tmp_path)
    assert {mark.fill for mark in page.marks} >= {f"#{i:06X}" for i in range(len(hostile))}


def test_ends_of_lines_are_said_by_what_they_are_at(everything: Scene) -> None:
    text = tikz.render(everything)
    for said in (
        "(rounded.east) -- (stadium.west)",
        "(dashed-circle.40)",  # an angle of a circle
        r"|- ([xshift=-0.35*\lorafigNodeWidth, yshift=0.15*\lorafigNodeHeight]dashed-diamond.center)",
        r"-| ([yshift=0.25*\lorafigD + 0.25*\lorafigR]dashed-A.center)",  # the middle of a slanted side
        r"([yshift=\lorafigLane]flat.east) -| ([xshift=0.5*\lorafigLane]tall.south)",
    ):
        assert said in text


@pytest.mark.sample(7)
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
def test_standalone_compiles_and_has_the_size_of_the_scene(engine: str, scene: Scene, tmp_path: Path) -> None:
    if engine == "pdflatex" and is_chinese(scene):
        engine = "xelatex"  # pdfLaTeX is refused (test_cjk.py)
    compile_with(engine, tikz.render(scene, standalone=True), tmp_path, [])
    size = extract.media_box((tmp_path / "main.pdf").read_bytes())
    assert size == pytest.approx((scene.width, scene.height), abs=0.01)


@pytest.mark.sample(7)
def test_fragment_makes_a_box_of_its_size_and_nothing_else(scene: Scene, tmp_path: Path) -> None:
    measure = r"\setbox0\hbox{\input{one.tikz}}\typeout{BOX \the\wd0 \the\ht0 \the\dp0}"
    if is_chinese(scene):
        document = (ARTICLE % measure).replace(PREAMBLE, CHINESE + PREAMBLE)
        log = compile_with("xelatex", document, tmp_path, [scene])
    else:
        log = compile_with("pdflatex", ARTICLE % measure, tmp_path, [scene])
    width, height, depth = map(float, re.findall(r"([\d.]+)pt", re.search(r"BOX .*", log)[0]))  # type: ignore[index]
    point = 25.4 / 72.27
    assert (width * point, height * point, depth) == pytest.approx((scene.width, scene.height, 0), abs=0.01)


@pytest.mark.parametrize(
    ("preamble", "message"),
    [
        ("", r"Add \usepackage{tikz} to the preamble."),
        (r"\usepackage{tikz}", r"Add \usepackage{amssymb} to the preamble."),
        (r"\usepackage{tikz,amssymb}", r"Add \usetikzlibrary{arrows.meta} to the preamble."),
    ],
)
def test_what_is_missing_is_said(preamble: str, message: str, two_panels: Scene, tmp_path: Path) -> None:
    (tmp_path / "one.tikz").write_text(tikz.render(two_panels))
    (tmp_path / "main.tex").write_text(
        rf"\documentclass{{article}}{preamble}\begin{{document}}\input{{one.tikz}}\end{{document}}"
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "main.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if line.startswith("! ")]
    assert errors == [f"! Package lorafig Error: {message}"]


def test_fragment_reads_as_if_written_by_hand(scene: Scene) -> None:
    text = tikz.render(scene)
    if is_chinese(scene):
        assert text.startswith("% UTF-8")
        text = text[text.index(f"% {scene.id}: ") :]
    else:
        assert text.isascii()
    assert not re.search(r"\n\s*\n|\n$(?<=\n\n)", text)
    assert text.endswith("\\end{tikzpicture}\\endgroup%\n")
    assert "documentclass" not in text
    assert "family" not in text
    _, body = text.split("% The edges of the picture")
    assert not re.search(r"\d(\.\d+)?(mm|pt|cm)\b", body), "a length without a name"
    assert not re.search(r"\((-?\d+(\.\d+)?),\s*-?\d+(\.\d+)?\)", body.replace("(0,0)", "")), (
        "a bare coordinate"
    )
    for item in walk(scene.items):
        if not isinstance(item, Brace) and hasattr(item, "place"):
            assert f"({item.name})" in body


def test_every_definition_is_used(scene: Scene) -> None:
    text = tikz.render(scene)
    for macro in re.findall(r"\\newcommand\*(\\\w+)", text):
        assert len(re.findall(re.escape(macro) + r"(?![A-Za-z])", text)) > 1, macro
    for colour in re.findall(r"\\(?:provide|define)color\{([^}]+)\}", text):
        assert len(re.findall(rf"{colour}(?![\w-])", text)) > 1, colour
    for style in re.findall(r"lorafig/([^/=]+)/\.style", text):
        assert len(re.findall(rf"lorafig/{style}(?=[,\]=}}])", text)) >= 1, style


def test_a_part_is_measured_by_tex_in_any_font(two_panels: Scene, tmp_path: Path) -> None:
    """The brace spans (W + BA) also where the document's font is another one than ours."""
    source = tikz.render(two_panels, standalone=True)
    wide = source.replace(r"\usepackage{lmodern}", r"\usepackage{mathptmx}")
    assert wide != source
    marks = extract.from_pdf(tex.compile_pdf(wide), tmp_path).marks
    brace = min(
        (m for m in marks if m.curved and m.stroke and m.fill is None), key=lambda m: m.box[1] - m.box[0]
    )
    glyphs = [m.box for m in marks if m.fill and m.curved and brace.box[3] < m.box[3] < brace.box[3] + 6]
    line = [
        box for box in glyphs if brace.box[0] - 20 < box[0] < brace.box[2] + 10 and box[1] > brace.box[3] - 1
    ]
    inside = [box for box in line if box[0] > brace.box[0] - 0.3 and box[2] < brace.box[2] + 0.3]
    assert len(inside) == 6  # ( W + B A )
    assert min(box[0] for box in inside) - brace.box[0] < 0.5
    assert brace.box[2] - max(box[2] for box in inside) < 0.5


def test_names_of_a_broken_scene_are_errors(two_panels: Scene) -> None:
    label = next(item for item in walk(two_panels.items) if isinstance(item, Label))
    lost = replace(label, place=Place("south", "nothing", "north"))
    with pytest.raises(ValueError, match="'nothing' is referred to before it is drawn"):
        tikz.render(replace(two_panels, items=(lost,)))


def test_a_line_that_starts_with_a_bracket_is_no_argument(two_panels: Scene) -> None:
    label = next(item for item in walk(two_panels.items) if item.name == "W-label")
    assert isinstance(label, Label)
    lines = (label.lines[0], replace(label.lines[1], tex="[0, 1]"))
    text = tikz.render(replace(two_panels, items=(replace(label, lines=lines, place=Place("center")),)))
    assert r"at ([yshift=-\lorafigBaselineTwo]W-label.center) {[0,~1]};" in text


def test_hostile_words_stay_words(two_panels: Scene) -> None:
    hostile = replace(two_panels, title="\\input{/etc/passwd}\n}#%", description="^^M$\\write18{ls}")
    text = tikz.render(hostile, standalone=True)
    assert "alt={\n" in text
    assert r"  /input(/etc/passwd) )\#\%. M\$/write18(ls)}" in text
    assert tex.compile_pdf(text).startswith(b"%PDF")


def test_a_picture_has_the_ink_and_the_colours_of_its_document(tmp_path: Path) -> None:
    """On a dark page its text is white; a colour that the document has defined is the document's."""
    figure = language.loads(
        "id: a\ntitle: A\nmodel: {d: 64, r: 4}\ncaption: Told\nstack: [bar: x, {square: W}, arrow, bar: h]\n"
    )
    source = tikz.render(layout(figure), standalone=True)
    own = re.sub(
        r"\\definecolor\{[^}]*\}\{HTML\}\{[^}]*\}\n(?=.*\\begin\{document\})", "", source, flags=re.DOTALL
    )
    dark = (
        r"\begin{document}\pagecolor{black}\color{white}\definecolor{lorafig-activation-fill}{HTML}{123456}"
    )
    page = extract.from_pdf(tex.compile_pdf(own.replace(r"\begin{document}", dark)), tmp_path)
    fills = {mark.fill for mark in page.marks}
    assert "#123456" in fills
    assert "#FFFFFF" in fills
    assert "#5F6B7A" not in fills
    plain = {mark.fill for mark in extract.from_pdf(tex.compile_pdf(source), tmp_path).marks}
    assert {"#F6F7F9", "#5F6B7A"} <= plain
    assert "#FFFFFF" not in plain


def test_lines_of_one_look_are_one_path_and_icons_are_drawn_point_by_point() -> None:
    """What LaTeXML takes a fifth of a second for, each, and a second."""
    scene = layout(language.load(gallery()["full-lora-qlora"]))
    written = tikz.render(scene)
    grids = re.findall(r"\\draw\[lorafig/\w+ grid\]([^;]*);", written)
    assert len(grids) == 3
    lines = [item for item in walk(scene.items) if isinstance(item, Arrow) and item.role.endswith(" grid")]
    assert sum(grid.count(" -- ") for grid in grids) == len(lines) > 30
    assert " controls " not in written
    assert written.count(r"\pgfusepath{fill}") == written.count(".pic={")


def test_a_formula_on_which_words_hang_has_its_width_said() -> None:
    """LaTeXML sets it narrower or wider, and the words would touch it."""
    text = tikz.render(layout(language.load(gallery()["lora-qlora"])))
    label = re.search(r"\\node\[([^\]]*)\]\s+\(used-label\)", text)
    assert label is not None
    assert "lorafig/formula=" in label[1]
    assert re.search(r"\\node\[[^\]]*right=\\lorafigLabelGap of used-label\]", text) is not None


def test_a_minus_by_itself_is_an_operator_with_room() -> None:
    """In MathML an ordinary one is a hyphen."""
    flow = "flow: {nodes: {a: {box: A}, b: {box: B}, m: {circle: '-'}}, edges: ['a, b -> m']}"
    text = tikz.render(layout(language.loads(f"id: f\ntitle: F\nmodel: {{adapter: none}}\n{flow}\n")))
    assert (
        re.search(r"\\node\[[^\]]*lorafig/formula=[^\]]*\] \(m-label\) at \(m\) \{\$-\$\};", text) is not None
    )
