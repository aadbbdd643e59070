"""Texts are read as a whole: names, assertions and prose."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lorafig
from lorafig.verify import decide_claim, verify, verify_texts
from lorafig.verify.read.kept import _before
from lorafig.verify.read.lexicon import LANGUAGES, LONGEST, SHARED, Meaning, _plain, folded, lexicon
from lorafig.verify.read.names import _rules, names
from lorafig.verify.report import to_json

WORDS = (
    "W A B is not frozen trained and but , . 32× fewer 2,048 parameters only Llama 3 the rank r × d half than"
)


def _spec(**more: Any) -> Any:
    data = {"id": "t", "title": "T", "model": {"d": 256, "r": 4}, "stack": [{"bar": "x"}], **more}
    return lorafig.from_data(data).spec


def _said(text: str) -> tuple[list[tuple[str, str | None]], int]:
    report = verify_texts(_spec(), [text])
    return [(claim.verdict, claim.detail) for claim in report.claims], len(report.prose)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Llama-3-8B beside it", "Llama-3-8B"),
        ("on an RTX 4090", "RTX 4090"),
        ("Expert 1", "Expert 1"),
        ("in 4-bit NF4", "4-bit NF4"),
        ("after Hu et al., 2021", "et al., 2021"),
        ("model-00001-of-00002.safetensors", "model-00001-of-00002.safetensors"),
    ],
)
def test_a_number_belongs_to_a_name(text: str, name: str) -> None:
    assert name in [text[start:stop] for start, stop in names(text)]


@pytest.mark.parametrize(
    "text", ["a rank of 2048", "2021 parameters", "Trains 2,048 weights", "rank-4 update"]
)
def test_a_number_that_is_counted_by_is_no_name(text: str) -> None:
    assert names(text) == ()


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Train A and B, W stays frozen.", "Train W, A and B stay frozen."),
        ("In full fine-tuning W is trained; in LoRA it is frozen.", "In full fine-tuning W is frozen."),
        (
            "LoRA trains 2,048 parameters instead of 65,536.",
            "LoRA trains 65,536 parameters instead of 2,048.",
        ),
        ("32× fewer trainable parameters", "32× more trainable parameters"),
        ("Only 3.1 % of the parameters are trained.", "Only 31 % of the parameters are trained."),
        ("A is r × d and B is d × r.", "A is d × r."),
        ("B starts at zero.", "A starts at zero."),
        ("Unlike adapters, LoRA adds no inference latency.", "Unlike adapters, LoRA adds inference latency."),
        ("Neither A nor B is frozen.", "Neither A nor B is trained."),
        ("Drawn for d = 256, r = 4.", "Drawn for d = 256, r = 8."),
        ("W has 65,536 parameters.", "W has 2,048 parameters."),
    ],
)
def test_words_are_decided(true: str, false: str) -> None:
    assert {verdict for verdict, _ in _said(true)[0]} == {"holds"}
    assert {verdict for verdict, _ in _said(false)[0]} & {"fails", "ill-typed"}


@pytest.mark.parametrize(("text", "word"), [
    ("W is frozen by a wizard.", "wizard"),
    ("The wizard freezes W.", "wizard"),
    ("W is frozen in every castle.", "castle"),
])  # fmt: skip
def test_what_is_not_understood_is_told(text: str, word: str) -> None:
    assert _said(text)[0] == [("undetermined", f"'{word}' in it is not understood")]


def test_where_something_is_so_changes_nothing_of_it() -> None:
    assert [verdict for verdict, _ in _said("W is frozen in each Transformer layer.")[0]] == ["holds"]
    assert [verdict for verdict, _ in _said("W is trained in each Transformer layer.")[0]] == ["fails"]


@pytest.mark.parametrize("words", ["is always", "stays", "is in every step"])
def test_what_a_matrix_starts_as_need_not_last(words: str) -> None:
    assert "holds" not in [verdict for verdict, _ in _said(f"B {words} zero.")[0]]


def test_prose_is_reported() -> None:
    assert _said("There is no free lunch.") == ([], 1)
    assert _said("Train for 3 epochs on an A100.") == ([], 1)


def test_a_strict_figure_has_no_prose() -> None:
    assert verify(_spec(caption="A small side story."), floating=False).verdict == "holds"
    strict = verify(_spec(caption="A small side story.", strict=True), floating=False)
    assert strict.verdict == "undetermined"


_TOLD = st.builds(
    lambda title, bold, own: _spec(title=title.replace("is", "**is**") if bold else title, **own),
    st.sampled_from(
        ["W is frozen", "F is frozn", "rank(F) is r", "F = BA is trained", "A and F are trained"]
    ),
    st.booleans(),
    st.sampled_from(
        [
            {},
            {
                "model": {
                    "adapter": "lora",
                    "d": 64,
                    "r": 4,
                    "symbols": {"F": {"shape": ["r", "d"], "role": "frozen"}},
                }
            },
            {"model": {"adapter": "lora", "d": 64, "r": 4, "sizes": {"F": 4}}},
        ]
    ),
)


@settings(max_examples=40, deadline=2_000)
@given(st.lists(_TOLD, min_size=2, max_size=4))
def test_what_was_read_before_is_read_alike(figures: list[Any]) -> None:
    """The same words, with other symbols and at other places."""
    warm = [to_json([("x", verify(figure, floating=False))]) for figure in figures]
    for figure, told in zip(figures, warm, strict=True):
        _before.cache_clear()
        assert to_json([("x", verify(figure, floating=False))]) == told


def _written_out(line: str) -> list[str]:
    """Every phrase of a line: choices at `|`, `(a|b)` one of them, `[a|b]` one or none."""
    ways, choice, inside = [""], [""], ""
    done: list[str] = []
    for char in f"{line}|":
        if char in "([":
            inside, choice = char, [""]
        elif char in ")]":
            options = choice if char == ")" else [*choice, ""]
            ways, inside = [way + option for way in ways for option in options], ""
        elif inside and char == "|":
            choice.append("")
        elif inside:
            choice[-1] += char
        elif char == "|":
            done, ways = [*done, *ways], [""]
        else:
            ways = [way + char for way in ways]
    return done


@pytest.mark.parametrize("language", [*LANGUAGES, *(f"{language}.steps" for language in LANGUAGES)])
def test_a_lexicon_has_every_phrase_that_its_file_writes(language: str) -> None:
    file = resources.files("lorafig.verify.read").joinpath("languages", f"{language}.json")
    table, known = json.loads(file.read_bytes()), lexicon(language)
    said: dict[tuple[str, ...], tuple[str, str]] = {}
    for sort, values in table.items():
        for value, lines in values.items():
            for phrase in (phrase for line in lines for phrase in _written_out(line)):
                words = folded(phrase)
                assert "".join(words) == "".join(_plain(phrase).split())  # a text has words alone
                assert 0 < len(words) <= LONGEST
                said.setdefault(tuple(words), (sort, value))
    for words, (sort, value) in said.items():
        assert (
            known.at(words, 0) == (Meaning(sort, value), len(words)) or sort in SHARED
        )  # names and units are English's first


@settings(max_examples=60, deadline=2_000)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=60))
def test_any_words_are_read_in_bounded_time(words: list[str]) -> None:
    _said(" ".join(["it", *words]))


_PIECES = [
    "a", "A", "1", "12", "2021", "(2021)", "et", "al.", ",", ".", ":", ";", "-", "_", "/", "(", ")", "[",
    "#", "no.", "Eq.", "step", "RTX", "v2", "CC", "BY", "4.0", "CC0", "IV", "a)", "%", "K", "M", "GB",
    "4-bit", "NF4", "1st", "two-stage", "thousands", "of", "1000s", "params", "rank", "May", "in",
    "1990s", "2019-20", "https://x.y", "10.1/2", "arXiv:2106.09685", "m.safetensors", "a.b.c", "p.0",
    "key:3", "ICML", "'24", "A100", "80GB", "Llama", "3", "T5", "中", "ſ", "İ", "K", "to", "s", "p", "o",
]  # fmt: skip


@settings(max_examples=200, deadline=2_000)
@given(st.lists(st.sampled_from([*_PIECES, " ", "  "]), max_size=9).map("".join))
def test_a_name_has_the_sign_of_its_rule(text: str) -> None:
    for rule in _rules():
        if rule.names.search(text):
            assert rule.sign.search(text)


@settings(max_examples=60, deadline=2_000)
@given(st.text(alphabet="aA1 0.,-/()%xKM四三", max_size=2_000))
def test_names_take_no_time(text: str) -> None:
    for start, stop in names(text):
        assert 0 <= start < stop <= len(text)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("2,048 trainable parameters (3.1 %)", "holds"),
        ("2,048 trainable parameters (3.2 %)", "fails"),
        (r"2,048 \text{ trainable parameters } (3.1 \%)", "holds"),
        ("65,536 frozen parameters (97.0 %)", "holds"),
        ("65,536 frozen parameters (3.0 %)", "fails"),
        ("2dr parameters (2,048)", "holds"),
        ("2dr parameters (4,096)", "fails"),
    ],
)
def test_a_number_in_brackets_behind_words_is_told_beside_them(text: str, verdict: str) -> None:
    assert decide_claim(text, dims={"d": 256, "r": 4}).verdict == verdict
