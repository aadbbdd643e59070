"""The benchmark's harness on trivial commands: what it counts, what it leaves out, how it says so."""

from __future__ import annotations

import io
import json
import resource
import sys
from pathlib import Path

from bench.__main__ import ROWS, measured
from bench.install import system
from bench.measure import RSS_UNIT, Command, Measured, in_turn, run
from bench.ours.again import changed
from bench.setting import ROOT, SPEC, Bench, reference
from bench.table import Goal, Section, timed, write_json, write_table

PASS = Command("pass", (sys.executable, "-c", "pass"))


def python(name: str, code: str, **more: object) -> Command:
    return Command(name, (sys.executable, "-c", code), **more)  # type: ignore[arg-type]


def test_a_run_has_a_time_and_a_peak() -> None:
    # More than this process has ever held itself, which is the least that can be seen.
    least = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT + (100 << 20)
    one = run(python("large", f"data = b'x' * {least}"))
    assert one.failure is None
    assert one.seconds > 0
    assert least < one.peak < least + (400 << 20)


def test_commands_run_in_turn_after_a_warm_up(tmp_path: Path) -> None:
    log = tmp_path / "log"
    commands = [python(name, f"open({str(log)!r}, 'a').write({name!r})") for name in "AB"]
    results = in_turn(commands, 3)
    assert log.read_text() == "AB" * 4
    assert [len(result.seconds) for result in results] == [3, 3]


def test_prepare_runs_before_each_run_and_rounds_can_be_bounded() -> None:
    calls: list[str] = []
    command = python("A", "pass", prepare=lambda: calls.append("A"), at_most=2)
    (result,) = in_turn([command], 5)
    assert len(calls) == 3
    assert len(result.seconds) == 2


def test_a_failing_command_is_left_out_with_its_reason(tmp_path: Path) -> None:
    failing = python("bad", "import sys; sys.exit('no such thing')")
    bad, good = in_turn([failing, PASS], 2)
    assert bad.missing == "exit status 1: no such thing"
    assert bad.median is None
    assert good.missing is None
    assert (
        run(Command("none", (str(tmp_path / "none"),))).failure == "cannot start: No such file or directory"
    )


def test_a_command_that_does_not_end_is_ended() -> None:
    assert run(python("slow", "import time; time.sleep(60)", time_limit=0.2)).failure == "not done after 0 s"


def test_what_a_program_reports_counts_instead_of_its_whole_time() -> None:
    code = "import json; print('noise'); print(json.dumps({'seconds': [1.0, 2.0, 30.0] * 99}))"
    (result,) = in_turn([python("A", code, reports=True)], 2)
    assert result.seconds == [2.0, 2.0]


def test_a_ratio_is_the_median_over_the_rounds() -> None:
    ours, peer = Measured("ours", [2.0, 40.0, 9.0]), Measured("peer", [1.0, 10.0, 3.0])
    assert ours.ratio(peer) == 3.0
    assert ours.ratio(Measured("none", missing="not there")) is None
    results = {"none": Measured("none", missing="not there"), "peer": peer}
    assert reference(results, "none", "peer") is peer


def test_the_table_is_plain_where_there_is_no_terminal() -> None:
    ours, peer = Measured("ours", [0.25], 30 << 20), Measured("peer", [0.5], 0)
    missed = Goal("≤ 0.1 s", ours.median, 0.1)
    section = Section("One thing", "peer", notes=["a note"])
    section.lines = [
        timed(ours, peer, (Goal("≤ 1 × peer", 0.5, 1.0), missed)),
        timed(peer, peer),
        timed(Measured("third", missing="there is no third"), peer),
    ]
    out = io.StringIO()
    write_table([section], "A heading.", out)
    assert out.getvalue() == (
        "A heading.\n"
        "\n"
        "One thing   (ratios: ÷ peer)\n"
        "  ours     250 ms    30 MiB    0.50 ×   ≤ 1 × peer met; ≤ 0.1 s missed\n"
        "  peer     500 ms              1.00 ×\n"
        "  third         –                       left out: there is no third\n"
        "  a note\n"
    )
    kept = io.StringIO()
    write_json([section], "A heading.", kept)
    record = json.loads(kept.getvalue())["sections"][0]
    assert record["lines"][0]["values"] == [0.25]
    assert [goal["met"] for goal in record["lines"][0]["goals"]] == [True, False]
    assert record["lines"][2]["missing"] == "there is no third"


def test_a_row_that_breaks_off_costs_the_others_nothing(tmp_path: Path) -> None:
    def broken(bench: Bench) -> Section:
        raise ValueError("no such figure")

    bench = Bench(tmp_path, {}, quick=True)
    sections = [measured("first", broken, bench), measured("second", lambda bench: Section("Second"), bench)]
    out = io.StringIO()
    write_table(sections, "A heading.", out)
    assert out.getvalue() == "A heading.\n\nfirst\n  broke off: no such figure\n\nSecond\n"


def test_the_numbers_of_the_spec_can_be_changed() -> None:
    text = SPEC.read_text(encoding="utf-8")
    assert changed(text, 1) != changed(text, 2)
    assert "  d: 520\n  r: 5\n" in changed(text, 1)


def test_a_missing_tool_is_said_and_not_raised() -> None:
    assert system("no-such-program").missing == "there is no no-such-program"


def test_the_programs_that_are_measured_are_there() -> None:
    rows = ["svg", "pdf", "again", "boxes", "sizes", "figures", "equation", "lies", "layout", "page"]
    assert list(ROWS) == [*rows, "adapters", "specs"]
    names = {path.name for path in (ROOT / "bench" / "peers").iterdir()}
    assert {"two_panels.typ", "two_panels.mmd", "boxes.typ", "matplotlib_figure.py"} <= names
