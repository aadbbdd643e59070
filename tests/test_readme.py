"""Everything that the README shows is real: its specs are drawn, its commands run, its output compared.

`LORAFIG_ACCEPT=1` writes the present output into it.
"""

import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest

from lorafig.language import load

ROOT = pathlib.Path(__file__).parent.parent
README = ROOT / "README.md"
BIN = pathlib.Path(sys.executable).parent
FENCE = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.DOTALL)
ACCEPT = os.environ.get("LORAFIG_ACCEPT") == "1"


def _run(command, folder):
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "110"}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, text=True, check=False, **streams)
    return done.stdout.rstrip("\n")


def _written(folder):
    """Write the README's files into a folder and yield its console blocks with what they print now."""
    text = README.read_text()
    for block in FENCE.finditer(text):
        if block["file"] is not None:
            (folder / block["file"]).write_text(block["body"])
        elif block["kind"] == "console":
            lines = []
            for command in re.findall(r"^\$ (.*)$", block["body"], re.MULTILINE):
                output = _run(command, folder)
                lines += [f"$ {command}", *(output.split("\n") if output != "" else [])]
            yield block["body"], "\n".join(lines) + "\n"


def test_the_console_blocks_are_real(tmp_path):
    text = README.read_text()
    blocks = list(_written(tmp_path))
    assert len(blocks) >= 4
    for shown, now in blocks:
        if ACCEPT:
            text = text.replace(f"```console\n{shown}```", f"```console\n{now}```")
        else:
            assert shown == now
    if ACCEPT:
        README.write_text(text)


def test_the_python_blocks_run(tmp_path):
    list(_written(tmp_path))
    blocks = [block["body"] for block in FENCE.finditer(README.read_text()) if block["kind"] == "python"]
    assert len(blocks) == 2
    program = "from matplotlib.figure import Figure as F\nax = F().subplots()\n" + "\n".join(blocks)
    program += "\nassert figure.check().verdict == 'holds'\nassert svg == lorafig.Figure(spec).to_svg()\n"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)
    assert (tmp_path / "mine.pdf").read_bytes().startswith(b"%PDF")


PICTURES = re.findall(r"\(docs/images/([a-z-]+)\.svg\)", README.read_text())


@pytest.mark.parametrize("name", PICTURES)
def test_the_pictures_are_those_of_the_specs(name, tmp_path):
    list(_written(tmp_path))
    own = tmp_path / f"{name}.yaml"
    spec = own if own.exists() else ROOT / "figures" / f"{name}.yaml"
    assert load(spec).id == name
    _run(f"lorafig render {shlex.quote(str(spec))} -f svg -o {shlex.quote(str(tmp_path))}", tmp_path)
    stored = ROOT / "docs" / "images" / f"{name}.svg"
    if ACCEPT:
        stored.write_bytes((tmp_path / f"{name}.svg").read_bytes())
    assert stored.read_bytes() == (tmp_path / f"{name}.svg").read_bytes()


def test_every_file_that_it_names_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README.read_text()):
        assert (ROOT / target).exists(), target
