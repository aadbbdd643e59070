"""What another process draws is what this one would draw, and what goes wrong there is told by this one."""

from __future__ import annotations

import io
import os
import pickle
import pickletools
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lorafig.draw import lay_out
from lorafig.errors import LorafigError, Problem
from lorafig.language import load
from lorafig.render import beside, output, svg
from lorafig.render.output import SCENE_FORMATS, Pen
from lorafig.scene import Scene

ROOT = Path(__file__).parent.parent.parent
TWO_PANEL = ROOT / "figures" / "lora-two-panel.yaml"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is one process elsewhere")


def _children() -> set[str]:
    """The processes below this one: other tests here may have a browser."""
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


@pytest.fixture(scope="module")
def scene() -> Scene:
    return lay_out(load(TWO_PANEL))


@pytest.fixture(autouse=True)
def forks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process of the tests has NumPy; none of it is in use here. Afterwards no process is left over."""
    monkeypatch.setattr(beside, "_can_fork", lambda: True)
    before = _children()
    yield
    assert _children() <= before


@pytest.mark.parametrize("form", [form for form in SCENE_FORMATS if form not in ("pdf", "eps")])
def test_the_other_process_draws_the_same(form: output.SceneFormat, scene: Scene) -> None:
    own = Pen("mpl", "paths")
    own.show(scene)
    with beside.pen((form, "json"), "mpl", "paths") as pen:
        pen.show(scene)
        assert isinstance(pen, beside._Beside)
        assert pen._received() == {form: own.output(form)}


def test_what_it_is_sent_needs_no_language(scene: Scene) -> None:
    """Texts know their places in the spec by classes of the language, which it would load for them."""
    sent = io.BytesIO()
    beside.send(scene, sent)
    modules = {
        name.split(" ")[0] for _, name, _ in pickletools.genops(sent.getvalue()) if isinstance(name, str)
    }
    assert "lorafig.scene" in modules
    assert not any(name.startswith("lorafig.language") for name in modules)
    assert pickle.loads(sent.getvalue()) == scene


def test_of_two_scenes_the_last_is_drawn(scene: Scene) -> None:
    marked = lay_out(load(TWO_PANEL), unverified=True)
    with beside.pen(("svg",), "mpl", "paths") as pen:
        pen.show(scene)
        pen.show(marked)
        assert pen.output("svg") == svg.render(marked).encode()


def test_a_process_that_ends_is_replaced_by_this_one(scene: Scene) -> None:
    for shown_before in (True, False):
        with beside.pen(("svg",), "mpl", "paths") as pen:
            assert isinstance(pen, beside._Beside)
            if shown_before:
                pen.show(scene)
            os.kill(pen.child, signal.SIGKILL)
            if not shown_before:
                pen.show(scene)
            assert pen.output("svg") == svg.render(scene).encode()


def test_an_error_there_is_raised_here(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object, **options: object) -> str:
        raise LorafigError(Problem("too wide"), "limit")

    monkeypatch.setattr(svg, "render", fails)
    with beside.pen(("svg",), "mpl", "paths") as pen:
        pen.show(scene)
        with pytest.raises(LorafigError, match=r"^too wide$"):
            pen.output("svg")


def test_it_ends_with_what_was_begun() -> None:
    def interrupted() -> None:
        with beside.pen(("svg",), "mpl", "paths"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()


@pytest.mark.parametrize(("formats", "engine"), [(("json", "html"), "mpl"), (("pdf",), "tex")])
def test_there_is_none_for_what_it_cannot_draw(formats: tuple[str, ...], engine: str) -> None:
    with beside.pen(formats, engine, "paths") as pen:  # type: ignore[arg-type]
        assert type(pen) is Pen


def test_where_no_process_can_be_made_this_one_draws(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refuses)
    with beside.pen(("svg",), "mpl", "paths") as pen:
        pen.show(scene)
        assert pen.output("svg") == svg.render(scene).encode()


@pytest.mark.parametrize("prepare", ["", "import threading; threading.Thread(target=input).start()\n"])
def test_a_false_figure_writes_nothing(prepare: str, tmp_path: Path) -> None:
    lie = tmp_path / "lie.yaml"
    lie.write_text(TWO_PANEL.read_text().replace("'h = Wx + BAx'", "'h = Wx - BAx'"))
    code = (
        f"{prepare}import sys; from lorafig import cli\n"
        "sys.argv = ['lorafig', 'render', sys.argv[1], '-o', sys.argv[2]]; cli.main()"
    )
    argv = [sys.executable, "-c", code, str(lie), str(tmp_path / "out")]
    environment = os.environ | {"LORAFIG_CACHE": "off", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(argv, check=False, input="\n", capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert "'h = Wx - BAx' does not hold" in done.stderr
    assert not (tmp_path / "out").exists()
