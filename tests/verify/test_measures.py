"""Numbers with what they count, and what words say of sizes, in wording that the corpus does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from lorafig.errors import LorafigError
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
= lora_A.weight is [[trained|frozen]].
at: equation
= 2 d^2 = [[32|64]] \text{ KiB in fp16}
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
