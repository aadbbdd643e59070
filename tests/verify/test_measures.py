"""Numbers with what they count, and what words say of sizes, in wording that the corpus does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.verify import verify
from tests.verify.corpus import Case, read
from tests.verify.corpus.places import outcome

TEXTS = r"""
kind: measures
model: lora d=128 r=8 alpha=16
at: caption
= Of its 16,384 weights, the layer trains [[none|2,048]]; the adapter has 2,048.
= LoRA trains [[2,048|4,096]] of the layer's 16,384 parameters.
= It learns [[2,048|16,384]] values in place of [[16,384|2,048]].
= From [[16,384|2,048]] trainable parameters down to [[2,048|16,384]]
= The adapter adds [[2K|4K]] parameters to the layer's 16.4K.
= That is [[1/8|1/16]] of the weights.
= between [[2,000|3,000]] and 4,000 trainable parameters
= There are [[8|4]] times as many frozen parameters as trained ones.
= In bf16 W takes [[32 KiB|32 MiB]].
= One fp32 copy of A is [[twice|half]] as large as one in fp16.
= Adam keeps [[4,096|2,048]] numbers for the adapter.
= Doubling the rank [[doubles|halves]] the trainable parameters.
= The trainable parameters grow [[linearly|quadratically]] with r.
= Doubling α [[doubles|halves]] the update.
= The update is scaled by [[2|1/2]].
= A maps from [[128 to 8|8 to 128]] dimensions.
= At rank 8, A and B have [[2,048|16,384]] entries.
= A has [[r|d]] rows.
= LoRA needs [[2,048|no]] extra parameters.
= A frozen [[weight|update]] and a trainable [[update|weight]]
= Gradients flow only through [[B and A|W]].
= r=8 alpha=[[16|32]]
= LoRA (r=[[8|16]] alpha=16)
= r = 8, alpha = [[16|8]], lr = 2e-4
= rank=[[8|4]] alpha=16 dropout=0.1
= rank r [[≪|≥]] min(d, k)
= rank r [[≤|>]] min(d,k)
= lora_A.weight is [[trained|frozen]].
at: equation
= 2 d^2 = [[32|64]] \text{ KiB in fp16}
= r=8 alpha=[[16|32]]
= rank r [[≤|=]] min(d,k)
= |A| = 8 d = [[1024|2048]]
= 16{,}384 : 2{,}048 = [[8|16]] : 1
= 16{,}384 : 2{,}048 = [[8|7]]
= 2dr = 2.05\text{[[K|M]] trainable parameters}
= B = 0 \text{, [[trained|frozen]]}
= h = Wx + 2BAx \quad \text{with } W \text{ [[frozen|trained]]}
at: answer How many parameters are trained?
= [[2,048|16,384]]
model: lora d=128 r=8
at: panel merged
= [[Merged weight|Pretrained weight]]
at: does save
= [[Speichern|Löschen]]
"""
_SETTINGS = """\
lorafig: 1
id: a
title: LoRA
model: {{d: 128, r: 8, alpha: 16}}
row: [{{stack: [{{bar: x}}, {{square: W}}, {{bar: Wx}}]}}]
caption: '{}'
"""
CASES = read(TEXTS, Path("measures.txt"))


@pytest.mark.parametrize("case", CASES[2:], ids=lambda case: case.text[:60])
def test_a_number_is_held_to_what_it_counts(case: Case) -> None:
    verdict, detail = outcome(case)
    if case.verdict == "holds":
        assert verdict == "holds", detail
    else:
        assert verdict in ("fails", "ill-typed"), detail


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("训练 2,048 个参数，而不是 16,384 个。", "holds"),
        ("LoRA entraîne 2 048 paramètres au lieu de 16 384.", "holds"),
        ("Der Rang ist 8.", "holds"),
        ("Der Rang ist 4.", "fails"),
        ("W는 학습된다.", "fails"),
        ("凍結された重み W", "holds"),
        ("Solo se entrena W.", "fails"),
    ],
)
def test_other_languages(text: str, verdict: str) -> None:
    (case,) = read(f"kind: l\nmodel: lora d=128 r=8\nat: caption\n+ {text}", Path("l.txt"))
    assert outcome(case)[0] == verdict


def test_what_is_said_of_another_method_is_decided_of_it() -> None:
    lines = "kind: m\nmodel: lora d=128 r=8\nat: caption\n+ In VeRA, A and B stay frozen.\n"
    lines += "- In LoRA, A and B stay frozen."
    true, false = read(lines, Path("m.txt"))
    assert outcome(true)[0] == "holds"
    assert outcome(false)[0] == "fails"


def test_a_word_that_is_not_understood_is_named() -> None:
    (case,) = read(
        "kind: w\nmodel: lora d=128 r=8\nat: caption\n+ W is glorpified to 12 numbers.", Path("w.txt")
    )
    try:
        verdict, detail = outcome(case)
    except LorafigError as error:  # a refusal names it too
        verdict, detail = "undetermined", str(error)
    assert verdict == "undetermined"
    assert "glorpified" in detail


def test_a_setting_that_the_model_does_not_know_is_prose() -> None:
    report = verify(loads(_SETTINGS.format("rank=8 alpha=16 dropout=0.1")), floating=False)
    assert report.verdict == "holds"
    assert [text.text for text in report.prose][-1] == "dropout = 0.1"


@pytest.mark.parametrize("written", ["2.048 numbers", "2.048 trainable parameters"])
def test_a_point_between_thousands_is_told(written: str) -> None:
    report = verify(loads(_SETTINGS.format(written)), floating=False)
    (claim,) = (claim for claim in report.claims if claim.verdict == "fails")
    assert claim.detail == "it is 2,048, not 2.048, as '.' is the decimal point here"
    assert claim.hint == "it should read 2,048"


def test_decimals_of_what_is_no_whole_number_stay() -> None:
    report = verify(loads(_SETTINGS.format("0.125% of the parameters are trained")), floating=False)
    (claim,) = (claim for claim in report.claims if claim.verdict == "fails")
    assert claim.hint == "it should read 12.500%"
