# ruff: noqa: E501
"""The command line: what it prints where, what it writes, and its exit status."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lorafig import __version__, cli, language
from lorafig.language.write import to_data
from lorafig.resources import gallery

ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {
    "PYTHONPATH": str(Path(cli.__file__).parents[2])
}
COMMANDS = [
    "render",
    "check",
    "claim",
    "audit",
    "inspect",
    "describe",
    "recover",
    "lint",
    "list",
    "new",
    "fmt",
    "schema",
    "explain",
    "gallery",
    "serve",
    "lsp",
    "doctor",
]
FORMATS = ["svg", "tikz", "tex", "pdf", "png", "eps", "md", "json"]

TRUE = r"""
id: small
title: Small
model: {d: 64, r: 4}
stack:
  - bar: x
  - split:
      - square: W
      - bottleneck: [A, B]
        brace: r
  - sum: [Wx, BAx]
  - bar: h
"""
FALSE = TRUE.replace("[A, B]", "[B, A]").replace("small", "untrue")
BAD = "id: bad\ntitle: Bad\nstack:\n  - barr: x\n"


@dataclass
class Result:
    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


Run = Callable[..., Result]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Run]:
    """Runs the command in an empty folder, with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path / ".cache"))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def call(*arguments: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "argv", ["lorafig", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as caught:
            cli.main()
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        assert isinstance(caught.value.code, int)
        return Result(caught.value.code, out, err.decode())

    yield call
    for number, handler in handlers.items():
        signal.signal(number, handler)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# Help, completion, version


def test_version(run: Run) -> None:
    assert run("--version") == Result(0, f"lorafig {__version__}\n".encode(), "")


def test_help_names_what_there_is_and_nothing_else(run: Run) -> None:
    text = run("--help").text
    listed = text.partition("Commands:\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in listed.splitlines()] == COMMANDS
    assert "Examples:\n  lorafig new mine\n" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_examples(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.status == 0
    assert f"Examples:\n  lorafig {command}" in result.text


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(run: Run, shell: str) -> None:
    result = run("--completion", shell)
    assert result.status == 0
    assert "_LORAFIG_COMPLETE" in result.text


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("lorafig re", ["render", "recover"]),
        ("lorafig claim x --network gpt2", ["gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"]),
        ("lorafig inspect x --base mixtral", ["mixtral-8x7b", "mixtral-8x22b"]),
    ],
)
def test_completion_completes(words: str, completed: list[str]) -> None:
    environment = ENVIRONMENT | {
        "_LORAFIG_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    code = "from lorafig.cli import main; main()"
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert found.stdout.splitlines() == [f"plain,{word}" for word in completed]


# Errors


def test_dots_an_inch_are_those_asked_for(run: Run, tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "a.yaml").write_text(TRUE)
    sizes = []
    for dots in ("100", "200"):
        done = run("render", "a.yaml", "-f", "png", "-o", "a.png", "--dpi", dots)
        assert done.status == 0, done.err
        sizes.append(Image.open(tmp_path / "a.png").size)
    (wide, high), (wider, higher) = sizes
    assert abs(2 * wide - wider) <= 2
    assert abs(2 * high - higher) <= 2
    assert run("render", "a.yaml", "--dpi", "9999").status == 2


def test_bad_spec(run: Run, tmp_path: Path) -> None:
    Path("bad.yaml").write_text(
        'id: ../x\ntitle: "\\beta"\nstack:\n  - 漢字: x\n  - {square: W, text: 漢, naem: y}\n'
    )
    result = run("render", "bad.yaml")
    assert result.status == 2
    assert result.out == b""
    assert result.err == textwrap.dedent(
        """\
        bad.yaml:1:5: error: '../x' is not a name
          id: ../x
              ^^
          hint: a name is letters a-z, A-Z, digits and '-', and begins with a letter, such as 'x'
        bad.yaml:2:8: error: "\\beta" in double quotes is the control character U+0008, not a command
          title: "\\beta"
                 ^^^^^^^
          hint: in single quotes a backslash is a backslash: '\\beta'
        bad.yaml:4:5: error: an element is named by its key, and no key here names one: found '漢字'
            - 漢字: x
              ^^
          hint: the keys that do: 'bar', 'square', 'trapezoid', 'bottleneck', 'split', 'sum', 'scale', 'gate', 'bias', 'skip', 'apply', 'repeat' and 'arrow'
        bad.yaml:5:26: error: unknown key 'naem' in 'square'
            - {square: W, text: 漢, naem: y}
                                    ^^^^
          hint: did you mean 'name'? allowed here: 'square', 'text', 'math', 'brace', 'name', 'unverified' and 'level'
        """
    )
    assert files(tmp_path) == ["bad.yaml"]


def test_a_long_line_is_shown_around_the_place(run: Run) -> None:
    Path("long.yaml").write_text(
        "id: a\ntitle: A\nstack: [" + "arrow, " * 100 + "arow, " + "arrow, " * 100 + "]\n"
    )
    lines = run("check", "long.yaml").err.splitlines()
    shown, caret = lines[1], lines[2]
    assert len(shown) < 110
    assert shown[caret.index("^") : caret.rindex("^") + 1] == "arow"


def test_escape_sequences_do_not_reach_the_terminal(run: Run) -> None:
    Path("bad.yaml").write_bytes(b'id: a\ntitle: A\nstack: [{"\\u001b[31m": x}]\n')
    assert "\x1b" not in run("check", "bad.yaml").err


def test_colour_only_where_it_is_wanted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bad.yaml").write_text(BAD)
    code = "import sys; sys.stderr.isatty = lambda: True; from lorafig.cli import main; main()"
    for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        found = subprocess.run(
            [sys.executable, "-c", code, "check", "bad.yaml"],
            env=ENVIRONMENT | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 2
        assert ("\x1b[" in found.stderr) == coloured


def test_errors_of_all_files_and_the_highest_status(run: Run) -> None:
    Path("bad.yaml").write_text(BAD)
    Path("large.yaml").write_bytes(b"#" * (1 << 20) + b"\n")
    Path("small.yaml").write_text(TRUE)
    result = run("render", "bad.yaml", "none.yaml", "large.yaml", "small.yaml")
    assert result.status == 4
    assert [line for line in result.err.splitlines() if "error" in line] == [
        "bad.yaml:4:5: error: an element is named by its key, and no key here names one: found 'barr'",
        "error: there is no file none.yaml",
        "error: large.yaml is larger than 1 MiB",
    ]
    assert result.text == "build/figures/small.svg\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["render", "a.yaml", "-f", "docx"], "there is no format 'docx'; the formats are svg, tikz, tex, pdf, png, eps, html, mmd, md, json"),
        (["render", "a.yaml", "-f", ","], "name one or more of svg, tikz, tex, pdf, png, eps, html, mmd, md, json"),
        (["render", "a.yaml", "b.yaml", "-o", "-"], "'-o -' takes one spec and one format; name a folder for more"),
        (["render", "a.yaml", "-f", "svg,pdf", "-o", "-"], "'-o -' takes one spec and one format; name a folder for more"),
        (["render", "a.yaml", "b.yaml", "-o", "a.svg"], "'-o a.svg' is one file; name a folder for several figures or formats"),
        (["render", "a.yaml", "-f", "pdf", "-o", "a.svg"], "'-o a.svg' ends in .svg, and the format is pdf"),
        (["render", "-", "--watch"], "--watch needs files, and '-' is stdin"),
        (["render", "*.yaml"], "no file fits '*.yaml'"),
        (["render"], "Missing argument 'SPEC...': name a spec, lorafig render mine.yaml; 'lorafig new mine' writes one"),
        (["check", "a.yaml", "--format", "json"], "No such option '--format'. Did you mean '--json'?"),
        (["describe", "a.yaml", "--format", "html"], "No such option '--format'."),
        (["claim", "r = 8", "--model", "gpt2"], "No such option '--model'. Did you mean '--network'?"),
        (["inspect", "a", "--base-model", "gpt2"], "No such option '--base-model'. Did you mean '--base'?"),
        (["render", "a.yaml", "--out", "b"], "No such option '--out'. Did you mean '--output'?"),
        (["version"], "No such command 'version'. Did you mean 'lorafig --version'?"),
        (["completion"], "No such command 'completion'. Did you mean 'lorafig --completion bash'?"),
        (["explain", "E001"], "There is no code 'E001'; lorafig explain lists them"),
        (["paint", "a.yaml"], "No such command 'paint'."),
        (["render", "a.yaml", "--jobs", "0"], "Invalid value for '--jobs': 0 is not in the range 1<=x<=256."),
        (["render", "a.yaml", "--dpi", "300dpi"], "Invalid value for '--dpi': '300dpi' is not a whole number"),
        (["claim", "r = 8", "--targets", "q_proj", "v_proj", "-D", "r=8"],
         "Got unexpected extra argument (v_proj): values are joined by commas: --targets q_proj,v_proj"),
        (["claim", "h", "=", "Wx", "+", "BAx"],
         "Got unexpected extra arguments (= Wx + BAx): quote what has blanks in it: lorafig claim 'h = …'"),
        (["new", "My", "figure"], "Got unexpected extra argument (figure): an id has no blanks: My-figure"),
    ],
)  # fmt: skip
def test_usage(run: Run, arguments: list[str], expected: str) -> None:
    result = run(*arguments)
    assert result.status == 2
    assert result.err.splitlines()[-1].removeprefix("Error: ").endswith(expected)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("lora-dora", "it is a figure of the gallery: 'lorafig new mine --from lora-dora' copies it"),
        ("lora-dora.yaml", "it is a figure of the gallery: 'lorafig new mine --from lora-dora' copies it"),
        ("https://example.com/a.yaml", "it is an address: fetch it first, and name the file"),
        ("svg", "formats are joined by commas: -f svg,svg"),
    ],
)
def test_a_file_that_is_not_there(run: Run, name: str, hint: str) -> None:
    result = run("render", name)
    assert (result.status, result.err) == (2, f"error: there is no file {name}\n  hint: {hint}\n")


@pytest.mark.parametrize("command", ["render", "check", "lint", "describe", "fmt"])
def test_a_file_that_is_not_a_spec(run: Run, command: str) -> None:
    Path("page.rst").write_text("LoRA\n====\n")
    Path("a.safetensors").write_bytes(b"")
    result = run(command, "a.safetensors")
    hint = "  hint: 'lorafig inspect a.safetensors' says what is in it\n"
    assert (result.status, result.err) == (2, "error: a.safetensors is not a spec\n" + hint)
    result = run(command, "page.rst")
    hint = "  hint: 'lorafig audit page.rst' decides what it claims, 'lorafig recover page.rst' takes out the spec"
    assert (result.status, result.err) == (
        2,
        f"error: page.rst is not a spec\n{hint} of what lorafig wrote\n",
    )


def test_a_page_that_lorafig_did_not_write(run: Run) -> None:
    Path("page.md").write_text("# LoRA\n")
    result = run("check", "page.md")
    hint = "  hint: lorafig did not write it; 'lorafig audit page.md' decides what a page claims\n"
    assert (result.status, result.err) == (2, "error: page.md: there is no spec in it\n" + hint)


@pytest.mark.parametrize(
    ("said", "code"),
    [("ill-typed", "claim-shape"), ("cannot be decided", "undecided"), ("Unknown key", "unknown-key")],
)
def test_what_a_message_says_is_explained(run: Run, said: str, code: str) -> None:
    assert run("explain", said).out == run("explain", code).out


def test_a_rank_by_the_name_that_other_tools_have(run: Run) -> None:
    text = ["claim", "4.2M trainable parameters", "--network", "llama-2-7b", "--targets", "q_proj,v_proj"]
    assert run(*text, "-D", "rank=8").out == run(*text, "-D", "r=8").out


def test_formats_are_given_together_or_one_by_one(run: Run) -> None:
    Path("small.yaml").write_text(TRUE)
    assert run("render", "small.yaml", "-f", "tikz", "-f", "svg,md", "-o", "out").out.splitlines() == (
        run("render", "small.yaml", "-f", "tikz,svg,md", "-o", "out").out.splitlines()
    )
    assert {path.suffix for path in Path("out").iterdir()} == {".tikz", ".svg", ".md"}


def test_an_unknown_theme(run: Run) -> None:
    Path("small.yaml").write_text(TRUE)
    result = run("render", "small.yaml", "--theme", "drak")
    assert (result.status, result.err) == (
        2,
        "error: there is no theme 'drak'\n  hint: did you mean 'dark'? the themes are 'paper', 'grey', 'okabe-ito', 'poster', 'dark', 'paper-dark' and 'slide', and any theme file, such as mine.yaml\n",
    )


# Rendering


def test_every_format(run: Run) -> None:
    Path("small.yaml").write_text(TRUE)
    result = run("render", "small.yaml", "-f", ",".join(FORMATS), "-o", "out")
    assert (result.status, result.err) == (0, "")
    assert result.text.splitlines() == [f"out/small.{form}" for form in FORMATS]
    assert files(Path("out")) == sorted(f"small.{form}" for form in FORMATS)
    starts = {"pdf": b"%PDF-", "png": b"\x89PNG", "eps": b"%!PS-Adobe"}
    for form, start in starts.items():
        assert Path(f"out/small.{form}").read_bytes().startswith(start)
    assert ElementTree.parse("out/small.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    tikz, tex = Path("out/small.tikz").read_text(), Path("out/small.tex").read_text()
    assert "\\documentclass" in tex
    assert "\\documentclass" not in tikz
    (figure,) = json.loads(Path("out/small.json").read_text())["figures"]
    assert (figure["id"], figure["file"], figure["verdict"]) == ("small", "small.yaml", "holds")


def test_one_file_and_stdout(run: Run) -> None:
    result = run("render", "-", "-o", "-", stdin=TRUE.encode())
    assert (result.status, result.err) == (0, "")
    assert ElementTree.fromstring(result.text).tag == "{http://www.w3.org/2000/svg}svg"
    named = run("render", "-", "-o", "paper/lora.svg", stdin=TRUE.encode())
    assert named.text == "paper/lora.svg\n"
    assert Path("paper/lora.svg").read_bytes() == result.out
    assert run("render", "-", "-o", "-", stdin=b"id: x").err.startswith("<stdin>:1:1: error: the key 'title'")


def test_unchanged_specs_are_copied(run: Run, tmp_path: Path) -> None:
    """The second run loads nothing that reads, verifies or draws, nor what reads arguments."""
    Path("small.yaml").write_text(TRUE)
    code = (
        "import sys\nfrom lorafig.cli import main\ntry:\n    main()\nfinally:\n"
        "    print(*sorted({'click', 'yaml', 'numpy', 'svgwrite', 'matplotlib', 'jinja2', 'lorafig.language', 'lorafig.layout'} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "render", "small.yaml", "-f", ",".join(FORMATS)]
    environment = ENVIRONMENT | {"LORAFIG_CACHE": str(tmp_path / ".cache")}
    first = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    outputs = {name: Path(name).read_bytes() for name in first.stdout.split()}
    for name in outputs:
        Path(name).write_text("old")
    second = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert second.stderr == "\n"
    assert second.stdout == first.stdout
    assert {name: Path(name).read_bytes() for name in outputs} == outputs


def test_arguments_that_were_read_before_mean_what_they_mean_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = (
        "import sys\nfrom lorafig.cli import main\ntry:\n    main()\nfinally:\n"
        "    print('click' in sys.modules, file=sys.stderr)"
    )
    environment = ENVIRONMENT | {"LORAFIG_CACHE": str(tmp_path / ".cache")}

    def run(*arguments: str) -> tuple[int, str, list[str]]:
        command = [sys.executable, "-c", code, "render", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr.splitlines()

    Path("small.yaml").write_text(TRUE)
    pattern = ("s*.yaml", "-o", "drawn.svg")
    assert run(*pattern) == (0, "drawn.svg\n", ["True"])
    assert run(*pattern) == (0, "drawn.svg\n", ["False"])
    Path("drawn.svg").unlink()
    Path("drawn.svg").mkdir()  # now a folder
    assert run(*pattern) == (0, "drawn.svg/small.svg\n", ["False"])
    Path("second.yaml").write_text(TRUE.replace("small", "second"))
    (Path("drawn.svg") / "small.svg").unlink()
    Path("drawn.svg").rmdir()
    status, _, said = run(*pattern)
    assert (status, said[-2]) == (
        2,
        "Error: '-o drawn.svg' is one file; name a folder for several figures or formats",
    )
    Path("second.yaml").unlink()
    Path("small.yaml").write_text(TRUE.replace("sum: [Wx, BAx]", "sum: [Wx, ABx]"))
    assert run(*pattern)[0] == 1


def test_what_the_cache_tells_apart(run: Run) -> None:
    Path("small.yaml").write_text(TRUE)
    outputs = set()
    for arguments in ([], ["--text", "live"], ["--theme", "dark"], ["-f", "tikz"]):
        outputs.add(run("render", "small.yaml", "-o", "-", *arguments).out)
    Path("small.yaml").write_text(TRUE.replace("Small", "Other"))
    outputs.add(run("render", "small.yaml", "-o", "-").out)
    assert len(outputs) == 5


def test_several_specs_and_jobs_give_the_same_bytes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("specs").mkdir()
    for name in ("one", "two", "three"):
        Path(f"specs/{name}.yaml").write_text(TRUE.replace("small", name))
    monkeypatch.setenv("LORAFIG_CACHE", "off")
    outputs = []
    for arguments in (["--jobs", "1"], ["--jobs", "3"]):
        result = run("render", "specs/*.yaml", "-f", "svg,tikz,pdf", *arguments)
        assert (result.status, result.err) == (0, "")
        assert len(result.text.splitlines()) == 9
        outputs.append(
            {name: Path("build/figures", name).read_bytes() for name in files(Path("build/figures"))}
        )
    assert outputs[0] == outputs[1]


def test_two_figures_of_one_id(run: Run) -> None:
    Path("a.yaml").write_text(TRUE)
    Path("b.yaml").write_text(TRUE.replace("Small", "Other"))
    result = run("render", "a.yaml", "b.yaml")
    assert result.status == 2
    assert result.err == (
        "error: b.yaml has the id 'small', as a.yaml has: both would write the same files\n"
        "  hint: give each figure an id of its own\n"
    )
    assert run("render", "a.yaml", "a.yaml", "./a.yaml").status == 2


def test_a_false_figure_is_refused(run: Run) -> None:
    Path("false.yaml").write_text(FALSE)
    Path("small.yaml").write_text(TRUE)
    Path("build/figures").mkdir(parents=True)
    Path("build/figures/untrue.svg").write_text("earlier")
    for jobs in ("1", "2"):
        result = run("render", "false.yaml", "small.yaml", "--jobs", jobs)
        assert result.status == 1
        assert result.text == "build/figures/small.svg\n"
        assert result.err.startswith("false.yaml:")
        assert Path("build/figures/untrue.svg").read_text() == "earlier"
    assert run("render", "false.yaml").status == 1  # and is not kept


def test_no_check_draws_it_with_a_mark(run: Run) -> None:
    Path("false.yaml").write_text(FALSE)
    Path("small.yaml").write_text(TRUE)
    result = run("render", "false.yaml", "small.yaml", "--no-check", "--text", "live")
    assert result.status == 0
    assert {line.split()[1] for line in result.err.splitlines() if line.startswith("false.yaml:")} == {
        "warning:"
    }
    assert "small.yaml" not in result.err
    assert "unverified" in Path("build/figures/untrue.svg").read_text()
    assert "unverified" not in Path("build/figures/small.svg").read_text()
    assert run("render", "false.yaml").status == 1


def test_a_spec_is_not_overwritten(run: Run) -> None:
    text = json.dumps(to_data(language.loads(TRUE)))
    Path("small.json").write_text(text)
    result = run("render", "small.json", "-f", "json", "-o", ".")
    assert (result.status, result.err) == (
        2,
        "error: ./small.json is the spec itself\n  hint: choose another folder with -o\n",
    )
    assert Path("small.json").read_text() == text


def test_outputs_that_cannot_be_written(run: Run) -> None:
    Path("small.yaml").write_text(TRUE)
    Path("build").mkdir()
    Path("build/figures").write_text("")
    result = run("render", "small.yaml")
    assert (result.status, result.err) == (
        2,
        "error: cannot write build/figures/small.svg: Not a directory\n",
    )


def test_the_output_folder_is_the_only_place(run: Run, tmp_path: Path) -> None:
    Path("small.yaml").write_text(TRUE)
    run("render", "small.yaml", "-o", "out")
    outside = [name for name in files(tmp_path) if not name.startswith((".cache", "out"))]
    assert outside == ["small.yaml"]


def test_watch_renders_again(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(TRUE)
    # A shell starts what runs in the background with the interrupt ignored.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"{code}from lorafig.cli import main; main()",
            "render",
            "small.yaml",
            "--watch",
        ],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT | {"LORAFIG_CACHE": "off"},
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "build/figures/small.svg\n"
        time.sleep(0.5)
        (tmp_path / "small.yaml").write_text(TRUE.replace("Small", "Changed"))
        assert process.stdout.readline() == "build/figures/small.svg\n"
        assert "Changed" in (tmp_path / "build/figures/small.svg").read_text()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130


# The gallery and new specs


def test_list(run: Run) -> None:
    result = run("list")
    assert result.status == 0
    assert [line.split()[0] for line in result.text.splitlines()] == ["id", *gallery()]
    for name, path in gallery().items():
        assert language.load(path).id == name
        assert path in result.text


@pytest.mark.parametrize("origin", [None, *gallery()])
def test_new_renders(run: Run, origin: str | None) -> None:
    arguments = [] if origin is None else ["--from", origin]
    assert run("new", "mine", *arguments) == Result(0, b"mine.yaml\n", "")
    figure = language.load("mine.yaml")
    copied = language.load(gallery()[origin if origin is not None else "lora-two-panel"])
    assert (figure.id, figure.title) == ("mine", copied.title)
    assert run("render", "mine.yaml").status == 0


def test_new_refuses(run: Run) -> None:
    Path("mine.yaml").write_text("mine")
    assert run("new", "mine") == Result(
        2, b"", "error: mine.yaml is there already\n  hint: choose another id, or move the file away\n"
    )
    assert Path("mine.yaml").read_text() == "mine"
    result = run("new", "../x")
    assert result.err.startswith("error: '../x' is not an id\n")
    for wrong, meant in (
        ("lora-two-panels", "lora-two-panel"),
        ("lora", "lora-two-panel"),
        ("dora", "lora-dora"),
        ("figures/lora-dora.yaml", "lora-dora"),
    ):
        result = run("new", "other", "--from", wrong)
        assert result.err.startswith(
            f"error: the gallery has no '{wrong}'\n  hint: did you mean '{meant}'? the gallery has"
        )
    assert run("new", "null").status == 0
    assert language.load("null.yaml").id == "null"


def test_schema(run: Run) -> None:
    result = run("schema")
    assert json.loads(result.text)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


# One claim


@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        (["h = (W + BA)x"], 0, "h = (W + BA)x: holds"),
        (["h = Wx - BAx"], 1, "h = Wx - BAx: fails: the sides differ"),
        ([r"AB \in \mathbb{R}^{d \times k}"], 1, r"AB \in \mathbb{R}^{d \times k}: ill-typed: "),
        (["h = Qx"], 1, "h = Qx: undetermined: "),
        (["d^2 = 66K", "-D", "d=256"], 0, "d^2 = 66K: holds"),
        (["d^2 = 65K", "-D", "d=256"], 1, "d^2 = 65K: fails: it is 65,536, not 65K"),
        (["d^2 = 65K", "-D", "d=256", "--rounding", "down"], 0, "d^2 = 65K: holds"),
        (["W_m x = h", "--let", "W_m = W + BA"], 0, "W_m x = h: holds"),
        ([r"BA \in \mathbb{R}^{d\times k}", "-T", "B: d,r", "-T", "A: r,k"], 0, r"BA \in"),
        (["s = 2", "-S", "s=2"], 0, "s = 2: holds"),
        (["s = 0.125", "-S", "s=1/8"], 0, "s = 0.125: holds"),
        (["n_{params} = 8.0B", "--network", "llama-3-8b"], 0, "n_{params} = 8.0B: holds"),
        (
            ["8.4M trainable parameters", "--network", "gpt3-175b", "--targets", "W_q,W_v", "-D", "r=1"],
            1,
            "8.4M trainable parameters: fails: it is 4,718,592, not 8.4M",
        ),
    ],
)
def test_claim(run: Run, arguments: list[str], status: int, expected: str) -> None:
    result = run("claim", *arguments)
    assert (result.status, result.err) == (status, "")
    assert result.text.startswith(expected)
    assert result.text.count("\n") == 1
    found = json.loads(run("claim", *arguments, "--json").text)
    assert found["text"] == arguments[0]
    assert found["verdict"] in result.text
    assert set(found) >= {
        "where",
        "line",
        "text",
        "kind",
        "verdict",
        "value",
        "shown",
        "residual",
        "bound",
        "detail",
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["render", "mine.yaml", "--theme", "theem.yaml"], "there is no file theem.yaml\n  hint: did you mean theme.yaml?"),
        (["render", "mine.yaml", "--venue", "ICML-2026"], "there is no venue 'ICML-2026'\n  hint: venues have no year: ICML"),
        (["audit", "READM.md"], "there is no file READM.md\n  hint: did you mean README.md?"),
        (["audit", "mine.yaml"], "nothing says what model mine.yaml is about\n  hint: if it is a spec, 'lorafig check mine.yaml' decides what it claims"),
        (["check", "mine.svgz"], "there is no file mine.svgz\n  hint: did you mean mine.yaml?"),
        (["recover", "mine.yaml"], "mine.yaml: there is no spec in it\n  hint: it is a spec itself"),
        (["new", "My Fügure"], "'My Fügure' is not an id\n  hint: an id is letters a-z, A-Z, digits and '-', a letter first, and at most 64 of them, such as my-fugure"),
        (["inspect", "mine.yaml"], "mine.yaml is not a safetensors file\n  hint: it lacks the header: name a file that ends in .safetensors, or the folder of an adapter"),
        (["inspect", "bare"], "bare has adapter_config.json and no weights\n  hint: adapter_model.safetensors belongs beside it"),
        (["inspect", "me/mine"], "there is no file me/mine\n  hint: nothing is downloaded: hf download me/mine --local-dir mine"),
        (["new", "my_fig.yaml"], "'my_fig.yaml' is not an id\n  hint: an id is letters a-z, A-Z, digits and '-', a letter first, and at most 64 of them, such as my-fig"),
        (["inspect", "adapters"], "adapters holds no adapter\n  hint: there are some in it: adapters/one, adapters/two"),
    ],
)  # fmt: skip
def test_files_and_names_that_are_meant(run: Run, arguments: list[str], expected: str) -> None:
    for name in ("mine.yaml", "theme.yaml", "README.md"):
        Path(name).write_text(TRUE)
    for name in ("one", "two", "other"):
        Path("adapters", name).mkdir(parents=True)
    Path("bare").mkdir()
    Path("bare/adapter_config.json").write_text('{"peft_type": "LORA", "r": 8}')
    for name in ("one", "two"):
        Path("adapters", name, "adapter_model.safetensors").touch()
    result = run(*arguments)
    assert (result.status, result.err) == (2, f"error: {expected}\n")


def test_a_claim_by_itself_is_told_how_to_name_its_symbols(run: Run) -> None:
    result = run("claim", "Gx = x", "-T", "G: d,d")
    assert result.text == (
        "Gx = x: undetermined: x is not defined here (the symbols are G, d, k, r; give its shape, -T 'x: d', "
        "or its meaning, --let 'x = …')\n"
    )


def test_a_claim_that_cannot_be_read(run: Run) -> None:
    result = run("claim", "h = Wx", "--let", "a = b", "--let", "c = x^")
    assert (result.status, result.out) == (2, b"")
    assert result.err == "--let:2:6: error: a superscript is missing after ^\n  c = x^\n       ^\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-D", "d"], "Invalid value for '-D': expected NAME=SIZE, found 'd'"),
        (["-D", "d=0"], "Invalid value for '-D': 'd' is a whole number from 1 to 2^40, not '0'"),
        (["-D", "d=1", "-D", "d=2"], "Invalid value for '-D': 'd' is given twice"),
        (["-T", "W=d,k"], "Invalid value for '-T': expected NAME:SIZES, found 'W=d,k'"),
        (["-S", "s=nan"], "Invalid value for '-S': 's' is a number such as 16, 0.5, 1e-3 or 1/8, not 'nan'"),
        (
            ["-S", "s=1e999"],
            "Invalid value for '-S': 's' is a number such as 16, 0.5, 1e-3 or 1/8, not '1e999'",
        ),
    ],
)
def test_claim_usage(run: Run, arguments: list[str], expected: str) -> None:
    result = run("claim", "h = Wx", *arguments)
    assert result.status == 2
    assert result.err.splitlines()[-1] == f"Error: {expected}"


# Checking


def test_check_prints_a_table(run: Run) -> None:
    Path("small.yaml").write_text(TRUE)
    Path("untrue.yaml").write_text(FALSE)
    first = run("check", "small.yaml")
    assert (first.status, first.err) == (0, "")
    head, columns, *rows, _ = first.text.splitlines()
    assert head.startswith("small (small.yaml): holds, ")
    assert columns.split() == ["place", "claim", "kind", "verdict", "should", "read"]
    assert rows
    said = [row for row in rows if row.startswith("small.yaml:")]
    assert said
    assert all("  holds" in row or "  prose" in row for row in said)
    assert run("check", "small.yaml") == first  # from the cache
    both = run("check", "small.yaml", "untrue.yaml")
    assert both.status == 1
    assert both.text.startswith(first.text[: first.text.index("\n\n")])


def test_check_json(run: Run) -> None:
    Path("small.yaml").write_text(TRUE)
    Path("untrue.yaml").write_text(FALSE)
    Path("bad.yaml").write_text(BAD)
    result = run("check", "small.yaml", "untrue.yaml", "bad.yaml", "--json")
    assert result.status == 2
    assert result.err.startswith("bad.yaml:4:5: error:")
    report = json.loads(result.text)
    assert report["version"] == 1
    assert [(one["id"], one["file"], one["verdict"] == "holds") for one in report["figures"]] == [
        ("small", "small.yaml", True),
        ("untrue", "untrue.yaml", False),
    ]
    keys = {"where", "line", "text", "kind", "verdict", "value", "shown", "residual", "bound", "detail"}
    assert all(keys <= set(claim) for one in report["figures"] for claim in one["claims"])


def test_what_a_library_makes_of_an_interrupt_is_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**options: object) -> None:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as interrupt:
            raise SystemError("returned a result with an exception set") from interrupt

    monkeypatch.setattr("lorafig.cli.group.cli.main", interrupted)
    result = run("list")
    assert (result.status, result.err) == (130, "")
