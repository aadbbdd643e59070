"""What is written of a figure is read back, whatever its spec says, and what damages it is told."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.options import FORMATS, Format, Options
from lorafig.provenance import Record, attach, bare, pdf
from lorafig.provenance.find import find
from lorafig.provenance.record import total_of


def _chunk(name: bytes, value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + name + value + zlib.crc32(name + value).to_bytes(4, "big")


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", bytes.fromhex("00000001000000010800000000"))
    + _chunk(b"IDAT", zlib.compress(b"\0\0"))
    + _chunk(b"IEND", b"")
)
# The least that is a file of each kind.
LEAST: dict[Format, bytes] = {
    "svg": b'<svg id="a" xmlns="http://www.w3.org/2000/svg"><title>a</title></svg>\n',
    "html": b"<!doctype html>\n<head>\n<title>a</title>\n</head>\n",
    "md": b"# a\n\nwords\n",
    "tikz": b"% a\n\\begin{tikzpicture}\n\\end{tikzpicture}\n",
    "tex": b"\\documentclass{article}\n\\begin{document}\n\\end{document}\n",
    "mmd": b"flowchart LR\n  a --> b\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%EndComments\nshowpage\n%%EOF\n",
    "json": b'{\n  "version": 1,\n  "figures": []\n}\n',
    "png": PNG,
    "pdf": b"%PDF-1.4\n1 0 obj\n<</Type/Page/Contents 2 0 R>>\nendobj\n2 0 obj\n<</Length 1>>\nstream\nn\n"
    b"endstream\nendobj\nxref\n0 1\n0000000000 65535 f \n"
    b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n90\n%%EOF\n",
}
HOSTILE = (
    "lorafig: 1\nid: a --> b\r\n]]> ;. <!-- --> %%EOF endstream ) (\\ %0A%2541 \t \n\n  x  \n",
    "% | a\n% .\n+ b\n;.\nlorafig-spec:1;0000;spec=;.\n",
    "\ufeffa: '∈ ℝ 四 𝒩 \u2028\u2029\x85\x7f'\n \n",
    " ",
    "",
    "%",
    "&quot; &#10; <b>\"'",
    "é " * 500 + "%4" * 100,
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.text("%0A;.|+ \n\r\t<>-]&\"'()\\:lorafig2é四", max_size=300),
)


def _record(spec: str, form: Format, options: Options = Options(), **files: str) -> Record:  # noqa: B008
    return Record("a", spec, form, options, "0.1.0", "holds", "0123456789abcdef", files)


@pytest.mark.parametrize("form", FORMATS)
@given(spec=TEXTS)
def test_any_text_is_read_back(form: Format, spec: str) -> None:
    known = _record(spec, form)
    made = attach(known, LEAST[form])
    assert find(made, "a") == (known,)
    assert bare(form, made) == LEAST[form]


@pytest.mark.parametrize("spec", HOSTILE)
@pytest.mark.parametrize("form", FORMATS)
def test_what_ends_things_elsewhere_is_read_back(form: Format, spec: str) -> None:
    known = _record(spec, form, Options(theme="auto", dpi=96.0, check=False), **{"config.json": spec})
    made = attach(known, LEAST[form])
    (found,) = find(made, "a")
    assert (found.spec, found.files, found.options.theme, found.options.check) == (
        spec,
        known.files,
        "auto",
        False,
    )
    assert found.options.dpi == (
        96.0 if form == "png" else 300.0
    )  # what does not change the file is not in it
    assert bare(form, made) == LEAST[form]


@given(spec=TEXTS)
@example("a: b\n")
def test_line_ends_and_blanks_at_ends_may_change(spec: str) -> None:
    """Editors and git do that to the comments of a source."""
    known = _record(spec, "tikz")
    made = attach(known, LEAST["tikz"]).replace(b"\n", b"\r\n")
    assert find(made, "a") == (known,)
    stripped = b"\n".join(line.rstrip() + b"  " for line in made.splitlines())
    assert find(stripped, "a") == (known,)


def _without(pattern: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(pattern, b"", 1)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda data: data.replace(b"rank: 4", b"rank: 8"), "checksum"),
        (lambda data: data.replace(b"0.1.0", b"0.1.1"), "checksum"),
        (lambda data: data[: data.index(b"rank: 4")], "cut off|damaged|not JSON"),
        (
            lambda data: data.replace(b"lorafig-spec:1;", b"lorafig-spec:7;").replace(
                b'-spec": 1', b'-spec": 7'
            ),
            "version 7",
        ),
    ],
)
def test_damage_is_told(form: Format, harm: Callable[[bytes], bytes], told: str) -> None:
    made = attach(_record("rank: 4\nid: a\n", form), LEAST[form])
    harmed = harm(made)
    if form == "png" and len(harmed) == len(made):  # with the sum of the chunk put right
        harmed = _summed(harmed)
    assert harmed != made
    with pytest.raises(LorafigError, match=told) as caught:
        find(harmed, "mine.file")
    assert str(caught.value).startswith("mine.file: ")
    assert caught.value.exit_status == 2


def _summed(data: bytes) -> bytes:
    at, out = 8, data[:8]
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        out += _chunk(data[at + 4 : at + 8], data[at + 8 : at + 8 + size])
        at += 12 + size
    return out


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\0" * 9000,
        b"{",
        b'{"a": 1}',
        b"%PDF-1.7\nstream\n",
        PNG[:20],
        PNG,
        b"\x1f\x8b\x08",
        b"[" * 9000,
    ],
)
def test_a_file_without_a_spec(junk: bytes) -> None:
    with pytest.raises(LorafigError, match="no spec in it") as caught:
        find(junk, "a")
    assert caught.value.exit_status == 2


@given(st.binary(max_size=400))
def test_any_bytes_are_an_error_of_ours(junk: bytes) -> None:
    for head in (b"", PNG[:33], b"%PDF-1.4\nstream\n", b'{"lorafig-spec":', b"lorafig-spec:1;"):
        with pytest.raises(LorafigError):
            find(head + junk, "a")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_STREAM", 1 << 20)
    monkeypatch.setattr(pdf, "MAX_STREAMS", 4 << 20)
    bomb = zlib.compress(bytes(40 << 20), 9)
    paper = b"%PDF-1.4\n" + b"".join(b"stream\n%sendstream\n" % bomb for _ in range(9))
    with pytest.raises(LorafigError, match="larger than 4 MiB") as caught:
        find(paper, "a")
    assert caught.value.exit_status == 4
    packed = PNG[:33] + _chunk(b"zTXt", b"lorafig-spec\0\0" + bomb) + PNG[33:]
    with pytest.raises(LorafigError, match="no spec in it"):
        find(packed, "a")


def test_a_text_that_another_program_packed() -> None:
    known = _record("id: a\n", "png")
    text = attach(known, PNG).partition(b"tEXt")[2].partition(b"\0")[2].partition(b";.")[0] + b";."
    packed = PNG[:33] + _chunk(b"zTXt", b"lorafig-spec\0\0" + zlib.compress(text)) + PNG[33:]
    assert find(packed, "a") == (known,)


def test_an_option_of_another_version() -> None:
    known = _record("id: a\n", "svg", Options(theme="dark"))
    fields = [(key.replace("theme", "glow"), value) for key, value in known.fields()]
    text = attach(known, LEAST["svg"]).replace(b"theme=", b"glow=")
    start = text.index(b"spec:1;") + 7
    text = text[:start] + total_of(fields).encode() + text[start + 16 :]
    with pytest.raises(LorafigError, match="option 'glow'"):
        find(text, "a")
