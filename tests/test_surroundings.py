"""The real command where its surroundings are not as they should be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lorafig import __version__, cli
from tests.test_cli import TRUE, files

Command = Callable[..., subprocess.CompletedProcess[str]]
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("LORAFIG_")} | {
    "PYTHONPATH": str(Path(cli.__file__).parents[2]),
    "NO_COLOR": "1",
}
PROGRAM = [sys.executable, "-c", "from lorafig.cli import main; main()"]
# A shell starts what runs in the background with the interrupt ignored.
INTERRUPTED = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
READING = [
    ["render", "x.yaml"], ["check", "x.yaml"], ["describe", "x.yaml"], ["gallery", "x.yaml"],
    ["gallery", "specs"], ["new", "mine", "--from-mermaid", "x.yaml"],
    ["render", "x.yaml", "small.yaml", "--jobs", "2"],
]  # fmt: skip


@pytest.fixture
def command(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Runs the command in a folder with small.yaml, with a cache that all tests have in common."""
    (tmp_path / "small.yaml").write_text(TRUE)

    def call(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        environment = ENVIRONMENT | {"LORAFIG_CACHE": str(tmp_path_factory.getbasetemp() / "cache")}
        given = {"cwd": tmp_path, "env": environment, "stdin": subprocess.DEVNULL} | options
        program = given.pop("program", PROGRAM)
        given = {"text": True, "timeout": 60} | given
        return subprocess.run([*program, *arguments], capture_output=True, check=False, **given)

    return call


@pytest.mark.parametrize("output", ["", "nosuch/..", "nosuch/../src", "link/../src"])
def test_the_gallery_replaces_nobodys_folder(command: Command, tmp_path: Path, output: str) -> None:
    for name in ("src", "else/src", "else/deep"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "thesis.tex").write_text("years")
    (tmp_path / "link").symlink_to("else/deep")
    before = files(tmp_path)
    result = command("gallery", "small.yaml", "-o", output)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    assert files(tmp_path) == before


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
@pytest.mark.parametrize("kind", ["fifo", "device"])
def test_only_regular_files_are_read(
    command: Command, tmp_path: Path, arguments: list[str], kind: str
) -> None:
    (tmp_path / "specs").mkdir()
    for path in (tmp_path / "x.yaml", tmp_path / "specs" / "x.yaml"):
        os.mkfifo(path) if kind == "fifo" else path.symlink_to("/dev/zero")
    result = command(*arguments)
    assert result.returncode == 2
    name = "specs/x.yaml" if "specs" in arguments else "x.yaml"
    assert result.stderr == (
        f"error: {name} is not a regular file\n  hint: '-' reads a spec from standard input\n"
    )


# Faults of our own

_BLUNDER = """
from lorafig import language
real = language.loads
def loads(data, *rest):
    if b"title: Blunder" in data:
        raise KeyError("secret")
    return real(data, *rest)
language.loads = loads
"""


@pytest.fixture
def blunder(tmp_path: Path) -> Command:
    """The command, which fails in a way that nobody expected where a spec asks for it, in workers too."""
    (tmp_path / "small.yaml").write_text(TRUE)
    (tmp_path / "blunder.yaml").write_text(
        TRUE.replace("Small", "Blunder").replace("id: small", "id: blunder")
    )
    (tmp_path / "other.yaml").write_text(TRUE.replace("id: small", "id: other"))
    (tmp_path / "sitecustomize.py").write_text(_BLUNDER)

    def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(tmp_path), ENVIRONMENT["PYTHONPATH"]])
        return subprocess.run(
            [*PROGRAM, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
            env=ENVIRONMENT | {"LORAFIG_CACHE": "off", "PYTHONPATH": path} | environment,
        )  # fmt: skip

    return call


FAULT = (
    f"error: blunder.yaml: lorafig {__version__} itself failed:"
    " KeyError: 'secret' (LORAFIG_TRACEBACK=1 shows where)\n"
)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_fault_of_our_own_is_told_as_one_and_stops_no_other_figure(blunder: Command, jobs: str) -> None:
    result = blunder("render", "small.yaml", "blunder.yaml", "other.yaml", "--jobs", jobs)
    assert result.returncode == 5
    assert result.stdout == "build/figures/small.svg\nbuild/figures/other.svg\n"
    assert result.stderr == FAULT


@pytest.mark.parametrize("arguments", ["check", "check --json", "describe", "gallery"])
def test_a_fault_of_our_own_in_every_command(blunder: Command, arguments: str) -> None:
    result = blunder(*arguments.split(), "blunder.yaml")
    assert (result.returncode, result.stderr) == (5, FAULT)


def test_the_traceback_is_shown_to_those_who_ask(blunder: Command) -> None:
    for jobs in ("1", "2"):
        result = blunder("render", "blunder.yaml", "small.yaml", "--jobs", jobs, LORAFIG_TRACEBACK="1")
        assert result.returncode == 5
        assert result.stderr.startswith("Traceback (most recent call last):\n")
        assert result.stderr.endswith(FAULT)


def test_watching_goes_on_after_a_fault_of_our_own(blunder: Command, tmp_path: Path) -> None:
    path = os.pathsep.join([str(tmp_path), ENVIRONMENT["PYTHONPATH"]])
    with subprocess.Popen(
        [sys.executable, "-c", f"{INTERRUPTED}{PROGRAM[2]}", "render", "blunder.yaml", "--watch"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=ENVIRONMENT | {"LORAFIG_CACHE": "off", "PYTHONPATH": path},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert process.stderr.readline() == FAULT
            (tmp_path / "blunder.yaml").write_text(TRUE)
            assert process.stdout.readline() == "build/figures/small.svg\n"
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
    assert process.returncode == 130


def test_a_fault_outside_of_any_figure(command: Command, tmp_path: Path) -> None:
    code = "from lorafig import starter\ndef start(*_): raise ZeroDivisionError\nstarter.start = start\n"
    code += "from lorafig.cli import main; main()"
    result = command("new", "mine", program=[sys.executable, "-c", code])
    assert result.returncode == 5
    assert result.stderr == (
        f"error: lorafig {__version__} itself failed: ZeroDivisionError (LORAFIG_TRACEBACK=1 shows where)\n"
    )


# Streams

PRINTING = [
    "render small.yaml", "render small.yaml -o -", "render small.yaml -o - -f pdf",
    "render untrue.yaml --no-check", "check small.yaml",
    "check small.yaml --json", "check untrue.yaml", "claim h=Wx", "claim h=Wx --json",
    "describe small.yaml", "list", "new mine", "schema", "gallery small.yaml", "--help", "--version",
    "--completion bash", "render --help", "render small.yaml untrue.yaml --jobs 2",
]  # fmt: skip
READING_NOTHING = ["render -", "check -", "describe -", "new mine --from-mermaid -", "gallery -"]


@pytest.fixture
def shell(command: Command, tmp_path: Path) -> Command:
    """Runs the command in a shell that redirects its streams."""
    (tmp_path / "untrue.yaml").write_text(TRUE.replace("[A, B]", "[B, A]").replace("small", "untrue"))

    def call(arguments: str, redirections: str) -> subprocess.CompletedProcess[str]:
        program = ["sh", "-c", f'exec "$@" {redirections}', "sh", *PROGRAM]
        return command(*arguments.split(), program=program)

    return call


@pytest.mark.sample(4)
@pytest.mark.parametrize("arguments", PRINTING)
@pytest.mark.parametrize(
    ("redirection", "reason"), [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")]
)
def test_a_stdout_that_takes_nothing(shell: Command, arguments: str, redirection: str, reason: str) -> None:
    result = shell(arguments, redirection)
    assert result.returncode == 2
    said = [line for line in result.stderr.splitlines() if "error: " in line and "untrue" not in line]
    assert said == [f"error: cannot write to standard output: {reason}"]
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr


@pytest.mark.sample(4)
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "<&- 2>&-"])
@pytest.mark.parametrize(
    ("arguments", "status"),
    [("check small.yaml", 0), ("check none.yaml", 2), ("check", 2),
     ("render untrue.yaml small.yaml --jobs 2", 1), ("render untrue.yaml --no-check", 0),
     ("claim h=Wx", 1), ("new ../x", 2)],
)  # fmt: skip
def test_a_stderr_that_takes_nothing_changes_nothing_else(
    shell: Command, arguments: str, status: int, redirection: str
) -> None:
    result = shell(arguments, redirection)
    assert (result.returncode, result.stderr) == (status, "")
    assert result.stdout == shell(arguments, "").stdout


@pytest.mark.parametrize("arguments", READING_NOTHING)
def test_a_stdin_that_is_closed(shell: Command, arguments: str) -> None:
    result = shell(arguments, "<&-")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "error: cannot read standard input: Bad file descriptor\n"


def test_a_closed_stream_is_no_place_for_a_file(shell: Command, tmp_path: Path) -> None:
    """The number of a stream that is closed would fall to the next file that is opened, and what a library
    prints would be written into it."""
    for formats in ("svg,pdf,png", "tex"):
        assert shell(f"render small.yaml -f {formats} -o out", "<&- 2>&-").returncode == 0
    expected = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert shell("render small.yaml -f svg,pdf,png,tex -o again", "").returncode == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == expected


@pytest.mark.parametrize("arguments", ["check many/*.yaml", "check --json many/*.yaml", "render many/*.yaml"])
def test_a_reader_that_goes_away_ends_it_as_by_sigpipe(
    command: Command, tmp_path: Path, arguments: str
) -> None:
    """What is printed is more than a pipe holds."""
    (tmp_path / "many").mkdir()
    for number in range(400 if "render" in arguments else 40):
        text = TRUE.replace("id: small", f"id: {'n' * 50}-{number}")
        (tmp_path / "many" / f"{number}.yaml").write_text(text)
    code = "import sys, subprocess\nmaker = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)\n"
    code += "maker.stdout.readline(); maker.stdout.close(); sys.exit(maker.wait())"
    result = command(*arguments.split(), program=[sys.executable, "-c", code, *PROGRAM])
    assert (result.returncode, result.stderr) == (141, "")


# Arguments, variables, folders


@pytest.mark.parametrize(
    "arguments", ["check", "render", "claim", "new", "describe", "paint", "render small.yaml -o"]
)
def test_an_argument_that_is_not_utf_8(command: Command, arguments: str) -> None:
    result = command(*arguments.split(), os.fsdecode(b"a\xffb"))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "error: an argument is not UTF-8: a\\xffb\n"


@pytest.mark.parametrize("arguments", ["check *", "check --json *", "render *", "gallery ."])
def test_a_file_whose_name_is_not_utf_8(command: Command, tmp_path: Path, arguments: str) -> None:
    (tmp_path / "small.yaml").unlink()
    with open(os.path.join(os.fsencode(tmp_path), b"a\xff.yaml"), "w") as file:
        file.write(TRUE)
    result = command(*arguments.split())
    name = "./a\\xff.yaml" if arguments == "gallery ." else "a\\xff.yaml"
    assert (result.returncode, result.stderr) == (
        2,
        f"error: a file's name is not UTF-8: {name}\n  hint: rename it\n",
    )


@pytest.mark.sample(4)
@pytest.mark.parametrize("form", ["pdf", "png", "eps", "svg", "html", "tex"])
@pytest.mark.parametrize("moment", ["abc", "", "-1", "99999999999999999999", "1e9"])
def test_no_time_reaches_an_output(command: Command, form: str, moment: str) -> None:
    """Matplotlib reads one: what is none is told for its formats."""
    environment = ENVIRONMENT | {"LORAFIG_CACHE": "off"}
    plain, dated = (
        command("render", "small.yaml", "-f", form, "-o", "-", env=variables, text=False)
        for variables in (environment, environment | {"SOURCE_DATE_EPOCH": moment})
    )
    assert plain.returncode == 0
    if form in ("pdf", "eps") and moment not in ("", "-1"):
        assert (dated.returncode, dated.stdout) == (2, b"")
        what = f"error: SOURCE_DATE_EPOCH is '{moment}', not a number of seconds since 1970\n"
        assert dated.stderr.decode().startswith(what)
    else:
        assert (dated.returncode, dated.stdout) == (0, plain.stdout)


@pytest.mark.sample(4)
@pytest.mark.parametrize("arguments", PRINTING)
def test_a_current_folder_that_is_gone(command: Command, tmp_path: Path, arguments: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    (tmp_path / "untrue.yaml").write_text(TRUE.replace("[A, B]", "[B, A]").replace("small", "untrue"))
    names = arguments.replace("small.yaml", str(tmp_path / "small.yaml"))
    names = names.replace("untrue.yaml", str(tmp_path / "untrue.yaml"))
    program = ["sh", "-c", 'rmdir ../gone; exec "$@"', "sh", *PROGRAM]
    result = command(*names.split(), program=program, cwd=gone, text=False)
    assert b"Traceback" not in result.stderr
    assert result.returncode in (0, 1, 2)
    writes = arguments.split()[0] in ("render", "gallery", "new")
    if writes and "-o -" not in arguments and "--help" not in arguments:
        assert result.returncode == 2
        assert b"error: cannot write " in result.stderr
        assert b"No such file or directory" in result.stderr


@pytest.mark.sample(4)
@pytest.mark.parametrize("folder", ["unset", "read-only", "file", "device", "relative and gone", "fifo"])
@pytest.mark.parametrize(
    "arguments", ["render small.yaml -o - -f pdf,", "check small.yaml", "render small.yaml"]
)
def test_without_a_place_for_the_cache(command: Command, tmp_path: Path, arguments: str, folder: str) -> None:
    environment = dict(ENVIRONMENT)
    if folder == "unset":
        for name in ("HOME", "XDG_CACHE_HOME"):
            environment.pop(name, None)
        environment["HOME"] = str(tmp_path / "home")  # of nobody: not there
    elif folder == "relative and gone":
        environment["LORAFIG_CACHE"] = "cache"
    else:
        place = tmp_path / "place"
        environment["LORAFIG_CACHE"] = "/dev/null/x" if folder == "device" else str(place)
        if folder == "read-only":
            environment["LORAFIG_CACHE"] = "/proc/1"
        elif folder == "file":
            place.write_text("mine")
        elif folder == "fifo":
            os.mkfifo(place)
    results = [command(*arguments.split(), env=environment, text=False) for _ in range(2)]
    assert [result.returncode for result in results] == [0, 0]
    assert [result.stderr for result in results] == [b"", b""]
    assert results[0].stdout == results[1].stdout


def test_without_a_home(command: Command, tmp_path: Path) -> None:
    environment = {
        name: value for name, value in ENVIRONMENT.items() if name not in ("HOME", "XDG_CACHE_HOME")
    }
    for arguments in ("check small.yaml", "render small.yaml -f pdf,svg"):
        result = command(*arguments.split(), env=environment | {"XDG_CACHE_HOME": str(tmp_path / "xdg")})
        assert (result.returncode, result.stderr) == (0, "")


# Signals


def processes_of(group: int) -> dict[int, str]:
    """The living processes of a session, by number, with what they run."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            status = (entry / "stat").read_text().rpartition(")")[2].split()
            if entry.name.isdigit() and int(status[3]) == group and status[0] != "Z":
                found[int(entry.name)] = (entry / "cmdline").read_text()
        except OSError:
            continue
    return found


_SLOW = """
from lorafig import language
import time
real = language.loads
def loads(data, *rest):
    print("begun", data[:9], file=open("begun", "a"))
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass
    return real(data, *rest)
language.loads = loads
"""


@pytest.mark.sample(5)
@pytest.mark.parametrize("whole_group", [True, False], ids=["as from a terminal", "to one process"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(
    "arguments", ["render --jobs 2", "gallery --jobs 2", "render --jobs 1", "check", "render --watch"]
)
def test_a_signal_ends_it_at_once(tmp_path: Path, arguments: str, number: int, whole_group: bool) -> None:
    names = [f"{letter}.yaml" for letter in "abcd"]
    for name in names:
        (tmp_path / name).write_text(TRUE.replace("id: small", f"id: {name[0]}"))
    (tmp_path / "sitecustomize.py").write_text(_SLOW)
    (tmp_path / "build" / "figures").mkdir(parents=True)
    process = subprocess.Popen(
        [sys.executable, "-c", f"{INTERRUPTED}{PROGRAM[2]}", *arguments.split(), *names],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=ENVIRONMENT | {"LORAFIG_CACHE": "off", "PYTHONPATH": f"{tmp_path}:{ENVIRONMENT['PYTHONPATH']}"},
    )  # fmt: skip
    try:
        workers = 2 if "2" in arguments else 1
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if (tmp_path / "begun").exists() and (tmp_path / "begun").read_text().count("\n") == workers:
                break
            time.sleep(0.05)
        begun = time.monotonic()
        (os.killpg if whole_group else os.kill)(process.pid, number)
        out, err = process.communicate(timeout=30)
        took = time.monotonic() - begun
        assert process.returncode == 128 + number
        assert (out, err.strip()) == ("", "")
        assert took < 3  # on a machine that does other things too
        time.sleep(0.2)
        assert processes_of(process.pid) == {}
        assert files(tmp_path) == sorted(["begun", *names, "sitecustomize.py"])
    finally:
        for left in processes_of(process.pid):
            os.kill(left, signal.SIGKILL)


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    """Also when that has had no time to end them."""
    for name in "ab":
        (tmp_path / f"{name}.yaml").write_text(TRUE.replace("id: small", f"id: {name}"))
    (tmp_path / "sitecustomize.py").write_text(_SLOW)
    process = subprocess.Popen(
        [*PROGRAM, "render", "a.yaml", "b.yaml", "--jobs", "2"],
        cwd=tmp_path, stderr=subprocess.DEVNULL, start_new_session=True,
        env=ENVIRONMENT | {"LORAFIG_CACHE": "off", "PYTHONPATH": f"{tmp_path}:{ENVIRONMENT['PYTHONPATH']}"},
    )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while not (tmp_path / "begun").exists() and time.monotonic() < end:
            time.sleep(0.05)
        process.kill()
        process.wait()
        while processes_of(process.pid) and time.monotonic() < end:
            time.sleep(0.05)
        assert processes_of(process.pid) == {}
    finally:
        for left in processes_of(process.pid):
            os.kill(left, signal.SIGKILL)


# What is not there, and what collides


@pytest.mark.parametrize(
    "arguments", ["serve none.yaml", "serve none.yaml other.yaml", "render none.yaml --watch"]
)
def test_nothing_is_waited_for_that_is_not_there(command: Command, arguments: str) -> None:
    result = command(*arguments.split())
    missing = [name for name in arguments.split() if name.endswith(".yaml")]
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "".join(f"error: there is no file {name}\n" for name in missing)


def test_a_pipe_is_nothing_to_watch(command: Command, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    for arguments in ("serve x.yaml", "render x.yaml --watch"):
        result = command(*arguments.split())
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr.startswith("error: x.yaml is not a regular file\n")


def test_ids_that_a_file_system_may_not_tell_apart(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TRUE.replace("id: small", "id: SMALL"))
    (tmp_path / "b.yaml").write_text(TRUE.replace("id: small", "id: other"))
    result = command("render", "small.yaml", "a.yaml", "b.yaml")
    assert result.returncode == 2
    assert result.stderr == (
        "error: a.yaml has the id 'SMALL', and small.yaml has 'small': both would write the same files\n"
        "  hint: give each figure an id of its own\n"
    )
    assert result.stdout == "build/figures/small.svg\nbuild/figures/other.svg\n"
    assert files(tmp_path / "build") == ["figures/other.svg", "figures/small.svg"]


def test_as_a_module(command: Command) -> None:
    result = command("--version", program=[sys.executable, "-m", "lorafig"])
    assert (result.returncode, result.stdout) == (0, f"lorafig {__version__}\n")
    result = command(
        "render", "small.yaml", "none.yaml", "--jobs", "2", program=[sys.executable, "-m", "lorafig"]
    )
    assert (result.returncode, result.stdout) == (2, "build/figures/small.svg\n")


def test_the_program_ends_without_taking_itself_apart_and_loses_nothing(command: Command) -> None:
    code = "import atexit; atexit.register(print, 'registered'); from lorafig.cli import program; program()"
    for arguments, status in ((["check", "small.yaml"], 0), (["check", "none.yaml"], 2), (["--version"], 0)):
        plain = command(*arguments)
        result = command(*arguments, program=[sys.executable, "-c", code])
        assert (result.returncode, result.stderr) == (status, plain.stderr)
        assert result.stdout == plain.stdout + "registered\n"
    full = command("schema", program=["sh", "-c", 'exec "$@" >/dev/full', "sh", sys.executable, "-c", code])
    assert full.returncode == 2
    assert full.stderr.endswith("error: cannot write to standard output: No space left on device\n")
