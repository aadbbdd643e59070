"""What was read before is kept on disk, and only where the same would be read again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import msgpack

from lorafig import cache
from lorafig.language import load
from lorafig.notation.read.parse import parse_text
from lorafig.verify import verify
from lorafig.verify.meaning.figure_symbols import of_figure
from lorafig.verify.meaning.sorts import sort_of
from lorafig.verify.read import kept, reading
from lorafig.verify.read.clause import Context
from lorafig.verify.report import to_json
from tests.conftest import Few
from tests.verify import corpus

ROOT = Path(__file__).parent.parent.parent
GALLERY = sorted((ROOT / "figures").glob("*.yaml"))
TWO_PANEL = ROOT / "figures" / "lora-two-panel.yaml"
CODE = """
import sys
from lorafig.language import load
from lorafig.verify import verify
from lorafig.verify.report import to_json
from tests.conftest import Few
from tests.verify import corpus
print(to_json([("x", verify(load(sys.argv[1])))]))
print("lorafig.verify.read.reading" in sys.modules, file=sys.stderr)
"""


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path))
    kept._before.cache_clear()
    return tmp_path


def test_a_process_that_finds_every_text_imports_nothing_that_reads(empty: Path) -> None:
    def run(spec: Path) -> tuple[str, str]:
        ran = subprocess.run([sys.executable, "-c", CODE, spec], capture_output=True, text=True, check=True)
        return ran.stdout, ran.stderr.strip()

    other = empty / "other.yaml"
    other.write_text(TWO_PANEL.read_text().replace("  d: 1024", "  d: 2048"), encoding="utf-8")
    first, second, third = run(TWO_PANEL), run(TWO_PANEL), run(other)
    assert (first[1], second[1], third[1]) == ("True", "False", "False")
    assert first[0] == second[0]


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_what_is_kept_is_decided_as_what_is_read(
    path: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = load(path)

    def told() -> str:
        kept._before.cache_clear()
        return to_json([("x", verify(figure, floating=False))])

    fresh, again = told(), told()
    assert json.loads(fresh)["figures"][0]["claims"]
    monkeypatch.setenv("LORAFIG_CACHE", "off")
    assert fresh == again == told()


def test_every_reading_of_the_corpus_comes_back_as_it_was(few: Few) -> None:
    known = of_figure(load(TWO_PANEL))
    context = Context(method="lora", own=(parse_text("$W$")[0].math or "",))
    kinds = set()
    cases = [*corpus.assertions(), *corpus.near(), *corpus.names(), *corpus.prose()]
    for text in few([case.text for case in cases if not set(case.text) & set("$\\*")], 800):
        own = kept._anew(parse_text(text), known.knows, lambda node: sort_of(node, known), context)
        back = msgpack.decode(msgpack.encode(own), type=kept.Kept)
        assert repr(back) == repr(own), text  # the places of mathematics too, which equality leaves out
        kinds |= {type(assertion).__name__ for assertion in own.reading.assertions}
    assert len(kinds) > 12, kinds


def test_a_text_is_read_again_where_its_symbols_mean_something_else(empty: Path) -> None:
    runs = parse_text("W is frozen")

    def read(knows: bool, kind: str) -> str:
        kept._before.cache_clear()
        return kept.read(runs, lambda name: knows, lambda node: kind, Context()).kind

    assert [read(True, "matrix"), read(False, "matrix"), read(True, "matrix")] == [
        "asserts",
        "prose",
        "asserts",
    ]


def test_a_claim_by_itself_and_mathematics_are_not_kept(empty: Path) -> None:
    for text, context in (("W is frozen", Context(alone=True)), ("$W$ is frozen", Context())):
        kept.read(parse_text(text), lambda name: True, lambda node: "matrix", context)
    assert not list(empty.iterdir())


def test_texts_that_differ_in_where_their_words_stand_are_kept_apart(empty: Path) -> None:
    def start(text: str) -> int:
        return kept.read(parse_text(text), lambda name: True, lambda node: "matrix", Context()).start

    for text in (r"Fine. 32 zworps are trained", r"\%. 32 zworps are trained"):
        first = start(text)
        kept._before.cache_clear()
        assert start(text) == first


def test_nothing_is_written_without_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", "off")
    monkeypatch.setattr(cache, "put", lambda *_: pytest.fail("written"))
    kept._before.cache_clear()
    told = kept.read(parse_text("frozen weight"), lambda name: True, lambda node: None, Context())
    assert told == reading.read(parse_text("frozen weight"), lambda name: True, lambda node: None, Context())
