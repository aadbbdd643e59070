"""A theme of one's own: read as a spec is, contrast included, and drawn in every format."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from lorafig.cli.group import cli
from lorafig.errors import LorafigError
from lorafig.language import dump, load, loads, model
from lorafig.language.convert import read_theme
from lorafig.language.themes import ROLES, palette
from lorafig.layout import layout
from lorafig.scene import Shape, walk
from lorafig.themes.palettes import PALETTES, palette_of
from lorafig.themes.style import contrast

ROOT = Path(__file__).parents[2]
SPEC = """\
id: own
title: One's own
model: {d: 64, r: 4}
theme: mine.yaml
stack: [bar: x, {split: [{square: W}, {bottleneck: [A, B]}]}, {sum: [Wx, BAx]}, bar: h]
"""


def example() -> str:
    """The theme file that the documentation shows."""
    text = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- file: mine\.yaml -->\n```yaml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def read_file(path: str) -> model.NamedPalette:
    return read_theme(model.Source(path))


def said(tmp_path: Path, text: str) -> str:
    (tmp_path / "t.yaml").write_text(text)
    with pytest.raises(LorafigError) as caught:
        read_file(str(tmp_path / "t.yaml"))
    return str(caught.value).replace(f"{tmp_path}/", "")


def test_the_example_of_the_documentation_in_every_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(example())
    Path("own.yaml").write_text(SPEC)
    formats = "svg,tikz,tex,png,pdf,eps,html,mmd,md,json".replace(",mmd", "")
    done = CliRunner().invoke(cli, ["render", "own.yaml", "-f", formats, "-o", "out"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    for name in ("svg", "tikz", "html"):
        text = Path(f"out/own.{name}").read_text().upper()
        for colour in ("DDEEDD", "FBD9E4", "FFFDF7"):
            assert colour in text, name
    figure = load("own.yaml")
    assert (figure.theme.font, figure.theme.font_size) == ("serif", 9)
    scene, plain = layout(figure), layout(loads(SPEC.replace("mine.yaml", "{font_size: 9}")))
    assert scene.height > plain.height
    shapes = [
        item for item in walk(scene.items) if isinstance(item, Shape) and item.role in ("frozen", "adapter")
    ]
    assert [shape.corner for shape in shapes] == [0, 0, 0]


def test_the_command_line_takes_one_and_its_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there").mkdir()
    Path("there/mine.yaml").write_text(example())
    Path("own.yaml").write_text(SPEC.replace("mine.yaml", "dark"))
    for command in (["render", "-o", "own.svg"], ["lint"]):
        arguments = [*command, "own.yaml", "--theme", "there/mine.yaml"]
        done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
    assert "#FBD9E4" in Path("own.svg").read_text()


def test_a_theme_that_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lorafig.options import Options
    from lorafig.pipeline import render_bytes

    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path / "cache"))
    (tmp_path / "own.yaml").write_text(SPEC)
    for colour in ("#DDEEDD", "#EEEEDD"):
        (tmp_path / "mine.yaml").write_text(f"frozen: {{fill: '{colour}'}}\n")
        drawn = render_bytes(SPEC.encode(), str(tmp_path / "own.yaml"), ["svg"], Options()).outputs["svg"]
        assert colour in drawn.decode()


def test_only_what_is_in_the_folder_is_read(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "mine.yaml").write_text(example())
    (inside / "link.yaml").symlink_to(tmp_path / "mine.yaml")
    for name in ("../mine.yaml", str(tmp_path / "mine.yaml"), "link.yaml"):
        (inside / "own.yaml").write_text(SPEC.replace("mine.yaml", name))
        with pytest.raises(
            LorafigError, match="is not in the folder of the spec\n  hint: copy the theme file"
        ):
            load(inside / "own.yaml")
    with pytest.raises(LorafigError, match="hint: save the spec beside the theme file, or name the theme"):
        loads(SPEC)


def test_what_a_file_must_be(tmp_path: Path) -> None:
    with pytest.raises(LorafigError, match=r"there is no file none\.yaml"):
        read_file("none.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(LorafigError, match="is not a regular file"):
        read_file(str(tmp_path / "pipe.yaml"))
    assert said(tmp_path, "#" * 70_000).startswith("t.yaml is larger than 64 KiB")
    assert said(tmp_path, "like: [\n").startswith("t.yaml:2:1: ")


CASES = [
    ("", "1:1: the file is empty\n  hint: a theme file has colours: frozen: {fill: '#C3DAF1'}"),
    ("id: m\ntitle: T", "1:1: this is a spec, not a theme file\n  hint: a theme file has colours: frozen:"),
    ("frozen: {fill: #abc}",
     "1:16: '#' begins a comment in YAML, and the bracket that follows is part of it\n"
     "  hint: in quotes it is text: '#abc'"),
    ("lines: 1", "1:1: unknown key 'lines' in 'a theme file'\n  hint: did you mean 'line'? allowed here:"),
    ("adapter: {}", "1:1: unknown key 'adapter' in 'a theme file'\n  hint: write trained: {fill:"),
    ("frozen: {stroke: '#000'}", "1:10: unknown key 'stroke' in 'the colours of a role'\n"
     "  hint: write line: '#2B6CB0'"),
    ("frozen: blue", "1:9: expected a mapping for 'the colours of a role', found the text 'blue'\n"
     "  hint: write {fill: '#0000FF'}"),
    ("frozen: {fill: blue}", "1:16: 'blue' is not a colour\n  hint: write it as '#0000FF', in quotes"),
    ("like: mine.yaml", "1:7: expected one of 'paper', "),
    ("line: 9", "1:7: 9 is out of range: expected a number from 0.5 to 4"),
    ("frozen: {fill: '#777'}", "1:10: text on what is frozen: #1A4B80 on #777777 has a contrast of 1.99 : 1\n"
     "  hint: it needs 4.5; frozen.text: '"),
    ("frozen:\n  text: '#9BC'",
     "2:3: text on what is frozen: #99BBCC on #C3DAF1 has a contrast of 1.41 : 1\n"),
    ("ground: '#102030'", "1:1: text on the page: #1F2933 on #102030 has a contrast of 1.12 : 1\n"),
    ("note: '#AAB'", "1:1: note on the page: #AAAABB on #FFFFFF has a contrast of 2.29 : 1\n"),
    ("wire: '#EEE'", "1:1: wire on the page: #EEEEEE on #FFFFFF has a contrast of 1.16 : 1\n"),
    ("dark: {note: '#444'}",
     "1:8: on dark pages, note on the page: #444444 on #14171C has a contrast of 1.84 : 1\n"
     "  hint: it needs 4.5; dark.note: '"),
    ("ground: '#FFF'\ndark:\n  frozen:\n    fill: '#CCC'", "4:5: on dark pages, text on what is frozen: "),
    ("dark: {line: 2}", "1:8: unknown key 'line' in 'the colours of dark pages'"),
    ("like: slide\ndark: {}", "2:1: 'slide' lies on a ground of its own, on dark pages too\n"
     "  hint: leave dark out, or take a theme for light pages: like: 'paper' or 'grey' or "),
    ("plain: {fill: '#FFF', line: '#EEE'}", "1:23: the edge of what is plain: #EEEEEE on #FFFFFF"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_is_wrong_says_where_and_what_to_write(tmp_path: Path, text: str, expected: str) -> None:
    assert said(tmp_path, text).startswith(f"t.yaml:{expected}")


def test_the_colour_that_an_error_gives_is_read(tmp_path: Path) -> None:
    for text in ("text: '#AAB'", "note: '#EEE'", "wire: '#FFF'"):
        hint = re.search(r"(\w+): ('#[0-9A-F]{6}') has it", said(tmp_path, text))
        assert hint is not None
        (tmp_path / "t.yaml").write_text(f"{hint[1]}: {hint[2]}\n")
        read_file(str(tmp_path / "t.yaml"))


@pytest.mark.parametrize("like", PALETTES)
def test_a_theme_that_says_nothing_is_the_one_that_it_is_like(like: str) -> None:
    made, own = palette(model.Theme(like=like)), PALETTES[like]
    assert (made.colours, made.roles, made.background) == (own.colours, own.roles, own.background)


@pytest.mark.parametrize("like", PALETTES)
def test_every_role_takes_its_colours_and_can_be_read(like: str) -> None:
    """On white and on black, whatever theme it is like."""
    for page, ink in (("#FFFFFF", "#111111"), ("#000000", "#EEEEEE")):
        role = model.Colours(fill=page, line=ink, text=ink)
        theme = model.Theme(
            like=like, **dict.fromkeys(ROLES, role), ground=page, text=ink, note=ink, wire=ink
        )
        made = palette(theme)
        for fill, line, text in made.roles.values():
            ground = made.colours[fill] if fill is not None else page
            assert contrast(made.colours[text], ground) >= 4.5 or text == "mark"
            assert line is None or line in made.colours
        assert made.ground == page


def test_a_figure_with_a_theme_is_written_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(example())
    (tmp_path / "own.yaml").write_text(SPEC)
    figure = load(tmp_path / "own.yaml")
    again = loads(dump(figure), str(tmp_path / "own.yaml"))
    assert again == figure
    assert palette_of(again.theme.palette).roles == palette_of(figure.theme.palette).roles
