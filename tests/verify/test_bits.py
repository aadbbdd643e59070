"""In how many bits a symbol is kept: a fact that the author declares, whatever the adapter."""

from __future__ import annotations

from typing import Any

import pytest

from lorafig.errors import LorafigError
from lorafig.language.model import Figure
from lorafig.verify import verify
from lorafig.words import describe
from tests.verify.own import figure, verdicts

SIZES = {"d": 64, "k": 64, "r": 4}


def drawn(adapter: str, symbols: dict[str, Any], *notes: str, box: str = "W", bits: int | None = 4) -> Figure:
    node: dict[str, Any] = {"box": box} | ({} if bits is None else {"bits": bits})
    row = [{"flow": {"nodes": {"kept": node}}}, {"equations": ["d = 64", *notes]}]
    declared = {"symbols": symbols} if symbols else {}
    return figure({"adapter": adapter, **SIZES, **declared}, row=row)


def shown(text: str) -> dict[str, Any]:
    return {"caption": text, "row": [{"equations": ["d = 64"]}]}


@pytest.mark.parametrize("adapter", ["lora", "dora", "pissa", "vera"])
def test_a_weight_drawn_by_its_bits_is_held_to_those_that_are_declared(adapter: str) -> None:
    name = "W_{\\mathrm{res}}" if adapter == "pissa" else "W"
    for bits, verdict in ((4, "holds"), (8, "fails"), (16, "fails")):
        told = verdicts(drawn(adapter, {name: {"bits": 4}}, box=name, bits=bits))
        assert [told[text] for text in told if "bits" in text] == [verdict], told
    told = verdicts(drawn(adapter, {}, box=name, bits=4))
    assert [told[text] for text in told if "bits" in text] == ["undetermined"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("W is stored in 4 bits.", "holds"),
        ("W is stored in 8 bits.", "fails"),
        ("The base weights are stored in 4 bits.", "holds"),
        ("The base weights are stored in 16 bits.", "fails"),
        ("W is stored in 4 bits, A and B in 16.", "holds"),
        ("W is stored in 4 bits, A and B in 8.", "fails"),
        ("m is stored in 16 bits.", "undetermined"),
    ],
)
def test_texts_are_held_to_the_bits_that_are_declared(text: str, verdict: str) -> None:
    symbols = {"W": {"bits": 4}, "A": {"bits": 16}, "B": {"bits": 16}}
    model = {"adapter": "dora", **SIZES, "symbols": symbols}
    assert verdicts(figure(model, **shown(text)))[text] == verdict


def test_the_other_names_of_the_weight_have_its_bits() -> None:
    for declared, name in (("W_0", "W"), ("W", "W_0")):
        told = verdicts(drawn("lora", {declared: {"bits": 4}}, box=name, bits=8))
        assert [told[text] for text in told if "bits" in text] == ["fails"]


def test_any_member_of_a_family_has_its_bits() -> None:
    family = {"W_i": {"shape": ["d", "d"], "role": "frozen", "over": "i = 1..3", "bits": 4}}
    for bits, verdict in ((4, "holds"), (8, "fails")):
        told = verdicts(drawn("none", family, box="W_2", bits=bits))
        assert [told[text] for text in told if "bits" in text] == [verdict]


def test_bits_that_the_method_has_otherwise_are_refused() -> None:
    assert drawn("qlora", {"W": {"bits": 4}})
    with pytest.raises(LorafigError, match="W is kept in 8 bits here, and in 4 in QLoRA"):
        drawn("qlora", {"W": {"bits": 8}})
    with pytest.raises(LorafigError, match="1 to 64"):
        drawn("lora", {"W": {"bits": 0}})


def test_the_words_say_in_how_many_bits() -> None:
    for symbols, bits in (({"W": {"bits": 4}}, 4), ({}, 16)):
        told = drawn("dora", symbols, bits=bits)
        assert ("kept in 4 bits" in describe(told, verify(told))) == (bits == 4)


def test_the_first_output_over_a_quantized_weight_is_not_called_that_of_the_pretrained_one() -> None:
    text = "At the start the output is that of the pretrained model."
    model = {"adapter": "lora", **SIZES}
    assert verdicts(figure(model, **shown(text)))[text] == "holds"
    assert verdicts(figure({**model, "symbols": {"W": {"bits": 4}}}, **shown(text)))[text] == "undetermined"


MEMORY = {
    "adapter": "none",
    "d": 4096,
    "r": 16,
    "symbols": {
        "W": {"shape": ["d", "d"], "role": "frozen", "bits": 4},
        "A": {"shape": ["r", "d"], "role": "trained", "bits": 16},
        "B": {"shape": ["d", "r"], "role": "trained", "bits": 16},
        "C": {"shape": ["d", "d"], "role": "trained"},
    },
}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("W takes 8.4 MB.", "holds"),
        ("W takes 33.6 MB.", "fails"),
        ("A takes 131 kB.", "holds"),
        ("A and B take 262 kB together.", "holds"),
        ("A and B take 131 kB together.", "fails"),
        ("The frozen weight takes 8.4 MB.", "holds"),
        ("W and A take 8.5 MB together.", "holds"),
        ("C takes 8.4 MB.", "undetermined"),
        ("W takes 33.6 MB in fp16.", "holds"),
        ("W takes 4 times less memory than in 16 bits.", "holds"),
        ("W takes 2 times less memory than in 16 bits.", "fails"),
        ("C takes 4 times less memory than in 16 bits.", "undetermined"),
        ("W needs 8.4 MB instead of 33.6 MB in fp16.", "holds"),
        ("W needs 33.6 MB instead of 33.6 MB in fp16.", "fails"),
    ],
)
def test_memory_is_counted_by_the_bits_that_are_declared(text: str, verdict: str) -> None:
    assert verdicts(figure(MEMORY, **shown(text)))[text] == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The weights need 8.4 MB.", "holds"),  # those of the base
        ("The weights need 8.7 MB.", "holds"),  # with those of A and B
        ("The weights need 0.3 MB.", "fails"),
        ("The weights need 33.6 MB.", "fails"),
    ],
)
def test_the_weights_are_those_of_the_base_or_all(text: str, verdict: str) -> None:
    kept = {name: row for name, row in MEMORY["symbols"].items() if name != "C"}
    assert verdicts(figure({**MEMORY, "symbols": kept}, **shown(text)))[text] == verdict
