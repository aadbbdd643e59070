"""Whatever size a spec or the command line names, nothing is allocated before it is bounded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOM = 1 << 30  # of the address space, with the libraries in it
MOST = 300 << 20  # of memory in use
START = f"""
import re, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({ROOM}, {ROOM}))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from lorafig.cli import main
try:
    main()
finally:
    sys.stdout.flush()
    # Of this program alone: ru_maxrss counts the memory of the process that started it, too.
    print(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
"""
HUGE = 2**40


def run(*arguments: str) -> Any:
    """What a command prints as JSON, within the memory."""
    environment = {"OPENBLAS_NUM_THREADS": "1", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", START, *arguments],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stderr
    assert int(done.stderr.split()[-1]) * 1024 < MOST
    return json.loads(done.stdout)


@pytest.mark.parametrize("r", [100_000, 1_000_000, 3_000_000, HUGE])
def test_a_rank_that_is_too_large_for_float64_is_decided_exactly_all_the_same(r: int) -> None:
    claim = run("claim", "h = (W+BA)x", "-D", "d=256", "-D", "k=256", "-D", f"r={r}", "--json")
    assert claim["verdict"] == "holds"
    assert claim["residual"] is None
    exactly, _, rest = claim["detail"].partition("; ")
    assert exactly == "decided exactly: an error has a probability below 2^-124"
    size = f"r = {r:,} is too large to keep in memory, up to 24,576 is evaluated"
    said = f"not evaluated in float64: a product of two large matrices: {size}"
    assert rest == said or (r == HUGE and "multiply-adds in float64 are too many" in rest)


@pytest.mark.parametrize(
    ("text", "sizes", "said"),
    [
        ("h = (W + BA)x", {"d": 1, "k": 10**9, "r": 1}, "k = 1,000,000,000 is too large to keep in memory"),
        ("h = (W + BA)x", {"d": 10**9, "k": 1, "r": 1}, "d = 1,000,000,000 takes minutes to evaluate"),
        ("h = (W + BA)x", {"d": 200_000, "k": 200_000, "r": 1}, "k = 200,000 takes minutes to evaluate"),
        ("h = (W + BA)x", {"d": HUGE, "k": HUGE, "r": HUGE}, "multiply-adds in float64 are too many"),
        ("ΔW = BA", {"d": HUGE, "k": HUGE, "r": 8}, ""),
        ("B = 0", {"d": HUGE, "k": HUGE, "r": HUGE}, ""),
        ("r(d+k) = 2.42e24", {"d": HUGE, "k": HUGE, "r": HUGE}, ""),
        ("‖BA‖_F ≤ ‖B‖_F ‖A‖_F", {"d": HUGE, "k": HUGE, "r": HUGE}, ""),
    ],
)  # fmt: skip
def test_a_claim_at_any_size(text: str, sizes: dict[str, int], said: str) -> None:
    given = [word for name, size in sizes.items() for word in ("-D", f"{name}={size}")]
    claim = run("claim", text, *given, "--json")
    assert claim["verdict"] == "holds"
    assert said in (claim["detail"] or "")


@pytest.mark.parametrize(
    ("text", "shapes", "verdict"),
    [
        ("W = V + W", {"W": "3000,3000", "V": "3000,3000"}, "fails"),
        ("W x = x", {"W": "100000,100000", "x": "100000"}, "fails"),
        ("A ⊗ B ⊗ C ⊗ D ⊗ E ⊗ F = B ⊗ A ⊗ C ⊗ D ⊗ E ⊗ F",
         {"A": "a,b", "B": "c,d", "C": "e,f", "D": "g,h", "E": "i,j", "F": "k,l"}, "undetermined"),
        ("(A ⊗ B) ⊗ C = A ⊗ (B ⊗ C)", dict.fromkeys("ABC", "9000,9000"), "holds"),
    ],
)  # fmt: skip
def test_shapes_of_any_size(text: str, shapes: dict[str, str], verdict: str) -> None:
    given = [word for name, sizes in shapes.items() for word in ("-T", f"{name}: {sizes}")]
    claim = run("claim", text, *given, "--json")
    assert claim["verdict"] == verdict
    if verdict == "undetermined":
        assert claim["hint"] == "write fewer factors of ⊗"


@pytest.mark.sample(9)
@pytest.mark.parametrize("size", [4_096, 2**20, HUGE])
@pytest.mark.parametrize(
    "adapter", ["lora", "dora", "vera", "adalora", "pissa", "loha", "lokr", "ia3", "lora-xs"]
)
def test_a_figure_of_any_size(adapter: str, size: int, tmp_path: Path) -> None:
    from lorafig.core.adapters import ADAPTERS

    defined = {
        name: re.sub(r"\bs ", "", what) for name, what in ADAPTERS[adapter].defined.items() if name != "W'"
    }
    spec = {
        "lorafig": 1,
        "id": "f",
        "title": "A figure",
        "model": {"adapter": adapter, "d": size, "k": size, "r": min(size, 2**30)},
        "row": [{"equations": [f"{name} = {what}" for name, what in defined.items()]}],
    }
    path = tmp_path / "f.yaml"
    path.write_text(json.dumps(spec), encoding="utf-8")
    assert run("check", str(path), "--json")["figures"][0]["verdict"] == "holds"
