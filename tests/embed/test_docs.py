"""Our own documentation: its examples are run, its generated pages are up to date, its site is looked at."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import lorafig
from lorafig.cli.group import cli
from lorafig.documentation import PAGES
from lorafig.resources import gallery, place
from tests.browser import WIDTHS, axe, overflow, screenshot
from tests.conftest import Few, Once
from tests.embed.sites import BIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser import OpenPage

    Serve = Callable[[Path], str]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# A fence of three ticks or more, with the file that it is written to.
FENCE = re.compile(
    r"^(?:<!-- file: (?P<file>\S+) -->\n)?(?P<mark>`{3,})(?P<kind>\w+)\n(?P<body>.*?)^(?P=mark)$",
    re.DOTALL | re.MULTILINE,
)


def _run(command: str, folder: Path) -> str:
    # `make test` would tell a make within it that it is one.
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment = outside | {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "NO_COLOR": "1",
        "NO_MKDOCS_2_WARNING": "1",
        "LORAFIG_CACHE": str(folder / ".lorafig-cache"),
    }
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=300,
    )
    output = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).replace(str(folder), "…")
    return re.sub(r"^Build finished in .*\n", "", output, flags=re.MULTILINE).rstrip("\n")


def _blocks(page: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Files are written as they come; what console blocks show, with what it is now."""
    for block in FENCE.finditer((DOCS / page).read_text()):
        if block["file"] is not None:
            (folder / block["file"]).parent.mkdir(parents=True, exist_ok=True)
            (folder / block["file"]).write_text(block["body"])
        elif block["kind"] == "console":
            lines = []
            for command in re.findall(r"^\$ (.*)$", block["body"], re.MULTILINE):
                output = _run(command, folder)
                lines += [f"$ {command}", *(output.split("\n") if output != "" else [])]
            yield block["body"], "\n".join(lines) + "\n"


SHOWN = [path.name for path in sorted(DOCS.glob("*.md")) if "```console\n" in path.read_text()]
ACCEPT = os.environ.get("LORAFIG_ACCEPT") == "1"


@pytest.mark.parametrize("page", SHOWN)
def test_the_examples_are_real(page: str, tmp_path: Path) -> None:
    """`LORAFIG_ACCEPT=1` writes the present output into the page. All pages may speak of mine.yaml."""
    index = FENCE.search(
        (DOCS / "index.md").read_text()[(DOCS / "index.md").read_text().index("<!-- file: mine") :]
    )
    assert index is not None
    (tmp_path / "mine.yaml").write_text(index["body"])
    if ACCEPT:
        text = (DOCS / page).read_text()
        for shown, now in _blocks(page, tmp_path):
            text = text.replace(f"```console\n{shown}```", f"```console\n{now}```", 1)
        (DOCS / page).write_text(text)
        return
    for shown, now in _blocks(page, tmp_path):
        assert shown == now


def _commands(page: Path) -> Iterator[list[str]]:
    """The command lines of lorafig in the blocks of a page, without what a shell does with them."""
    for block in FENCE.finditer(page.read_text()):
        if block["kind"] in ("sh", "console", "make"):
            lines = block["body"].replace("\\\n", " ")
            for words in re.findall(
                r"^(?:\$ |\s*@?)(?:[^#\n]*\| )?(?:\.venv/bin/)?lorafig (\S[^\n]*)$", lines, re.MULTILINE
            ):
                yield shlex.split(re.split(r" [|<>]|; | 2>", words)[0], comments=True)


PAGES_WITH_COMMANDS = [ROOT / "README.md", *DOCS.glob("*.md"), *(ROOT / "editors").rglob("*.md")]


def test_every_command_that_is_shown_is_one() -> None:
    """Those that name files of a reader's own cannot be run; their options can be read."""
    known = 0
    for page in PAGES_WITH_COMMANDS:
        for name, *words in _commands(page):
            command = cli.get_command(click.Context(cli), name)
            assert command is not None, (page.name, name)
            try:
                command.make_context(name, list(words))
            except click.ClickException as error:
                pytest.fail(f"{page.name}: lorafig {name} {shlex.join(words)}: {error.format_message()}")
            except click.exceptions.Exit:  # of --help
                pass
            known += 1
    assert known > 80


def test_every_file_of_the_map_of_the_code_is_there() -> None:
    for page in (ROOT / "CONTRIBUTING.md", DOCS / "decisions.md"):
        for name in re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.\w+)?)`", page.read_text()):
            places = (ROOT / name, ROOT / "lorafig" / name)
            assert any(place.exists() for place in places), (page.name, name)


def test_the_python_of_the_pages_for_programs_runs(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("id: mine\ntitle: T\nstack: [{bar: x}]\n")
    for page in ("programs.md", "python.md"):
        blocks = [
            block["body"] for block in FENCE.finditer((DOCS / page).read_text()) if block["kind"] == "python"
        ]
        program = next(block for block in blocks if block.startswith("import lorafig"))
        subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


def test_the_examples_of_the_language_hold() -> None:
    """Each is drawn on the page, too; a class of the language without one has its keys in another's."""
    from lorafig.language.examples import example, examples

    for cls in examples():
        spec = example(cls)
        assert spec is not None
        assert lorafig.loads(spec).check().verdict == "holds", cls


def test_every_class_of_the_language_that_is_drawn_has_a_picture() -> None:
    from lorafig.language.examples import examples
    from lorafig.language.reference import SECTIONS

    without = {cls.__name__ for _, classes in SECTIONS for cls in classes} - set(examples())
    files = {"Theme", "Inks", "Colours"}  # of a theme file, which has an example without a picture
    assert without == files | {"Slider", "Activity", "Setting"}  # which stand in those of controls and lesson


def test_the_example_of_a_theme_file_is_one(tmp_path: Path) -> None:
    from lorafig.language.reference import THEME

    (tmp_path / "mine.yaml").write_text(THEME)
    (tmp_path / "figure.yaml").write_text("id: a\ntitle: A\ntheme: mine.yaml\nstack: [{bar: x}]\n")
    assert lorafig.load(tmp_path / "figure.yaml").check().verdict == "holds"


def test_every_page_is_in_the_navigation() -> None:
    named = re.findall(r'"([a-z-]+\.md)"', (ROOT / "zensical.toml").read_text())
    assert sorted(named) == sorted(path.name for path in DOCS.glob("*.md"))


def test_every_page_that_is_linked_is_there() -> None:
    for path in [*DOCS.glob("*.md"), DOCS / "llms.txt"]:
        text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
        for target in re.findall(r"\]\(([\w.-]+)(?:#[^)]*)?\)", text):
            assert (DOCS / target).exists(), (path.name, target)


def test_what_is_shown_as_a_spec_is_one() -> None:
    text = (DOCS / "index.md").read_text()
    shown, drawn = re.findall(r"```(?:yaml|lorafig)\n(lorafig: 1\n.*?)```", text, re.DOTALL)
    assert shown == drawn
    assert lorafig.loads(shown).check().verdict == "holds"


def test_the_python_of_the_notebook_runs(tmp_path: Path) -> None:
    text = (DOCS / "embedding.md").read_text()
    (spec, *_) = re.findall(r"<!-- file: figures/mine.yaml -->\n```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "mine.yaml").write_text(spec)
    cells = [
        block["body"] for block in FENCE.finditer(text) if block["kind"] == "python" and block["file"] is None
    ]
    assert len(cells) == 2
    program = "\n".join(cells).replace("figure.interact", "page = figure.interact")
    program += "\nassert 'img' in figure._repr_mimebundle_()['text/html']; assert page.height == 600"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


def test_every_option_is_told() -> None:
    from lorafig.embed.request import OPTIONS

    text = (DOCS / "embedding.md").read_text()
    table = re.findall(
        r"^\| `(\w+)` \|", text[text.index("### Options") : text.index("## Sphinx")], re.MULTILINE
    )
    assert table == list(OPTIONS)


@pytest.mark.parametrize("name", PAGES)
def test_pages_that_are_written_from_code(name: str) -> None:
    """`make docs` writes them."""
    assert (DOCS / name).read_text() == PAGES[name]()


def test_the_gallery_is_complete() -> None:
    text = (DOCS / "gallery.md").read_text()
    assert re.findall(r'```lorafig gallery="([^"]*)"\n', text) == sorted(gallery(), key=place)


@pytest.fixture(scope="session")
def site(built_once: Once) -> Path:
    """The documentation, built by `zensical build` from the files of the repository."""

    def make(folder: Path) -> None:
        for name in ("docs", "figures"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "zensical.toml", folder)
        status = _run("zensical build --clean --strict", folder)
        assert status == "Build started\nNo issues found", status

    return built_once("documentation", make) / "build" / "docs"


def _pages(site: Path) -> list[str]:
    return sorted(path.name for path in site.glob("*.html") if path.name != "404.html")


def test_the_site_has_every_page(site: Path) -> None:
    assert set(_pages(site)) == {path.stem + ".html" for path in DOCS.glob("*.md")}
    html = (site / "gallery.html").read_text()
    for name in gallery():
        assert f"<code>{name}</code>" in html
    assert html.count("<svg style=") == len(gallery())


@pytest.mark.sample(1)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_site_in_a_browser(
    site: Path, open_page: OpenPage, serve_folder: Serve, scheme: str, few: Few
) -> None:
    """Nothing is loaded from elsewhere, complains or scrolls sideways; the figures can be heard."""
    address = serve_folder(site)
    page = open_page(scheme=scheme)
    for name in dict.fromkeys(["index.html", *few(_pages(site), 3)]):
        page.goto(address + name)
        for width in WIDTHS:
            assert overflow(page, width) == [], (name, width)
        page.set_viewport_size({"width": 1280, "height": 800})
        # A page with sliders has a header, a main part and a footer, as the page around its frame has.
        assert (
            axe(page, without=("landmark-unique",) if name in ("gallery.html", "index.html") else ()) == []
        ), name
        for figure in page.locator("figure svg").all():
            assert figure.get_attribute("role") == "img"
        screenshot(page, f"docs-{name.removesuffix('.html')}-{scheme}")


def test_the_page_with_sliders_in_the_site(site: Path, open_page: OpenPage, serve_folder: Serve) -> None:
    page = open_page(scheme="dark")
    page.goto(serve_folder(site) + "gallery.html")
    frame = page.locator('iframe[title="LoRA visualizer"]')
    inside = page.frame_locator('iframe[title="LoRA visualizer"]')
    frame.scroll_into_view_if_needed()
    slider = inside.get_by_role("slider").first
    slider.wait_for()
    box = frame.bounding_box()
    assert box is not None
    assert box["width"] > 600  # the theme makes figures as wide as what is in them
    before = inside.locator("body").inner_text()
    slider.press("End")
    assert inside.locator("body").inner_text() != before
    assert page.frames[-1].evaluate("origin") == "null"
