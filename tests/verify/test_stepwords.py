"""The projections that the words of a step name are those that it puts adapters beside, in every language."""

from __future__ import annotations

import pytest

from lorafig.verify.figure.stepwords import called

QV, ALL = ("q", "v"), ("q", "k", "v", "o")


@pytest.mark.parametrize(
    ("words", "puts"),
    [
        ("Replace the query and value projections", QV),
        ("Add LoRA to q_proj and v_proj", QV),
        ("Replace q, k, v and output projections", ALL),
        ("在 q、v 旁注入适配器", QV),
        ("替换 q、k、v 和输出投影", ALL),
        ("q, v 투영에 어댑터 추가", QV),
        ("q と v にアダプタを追加", QV),
        ("Adapter neben q und v", QV),
        ("Ajouter les adaptateurs à q et v", QV),
        ("Añadir adaptadores a q y v", QV),
        ("Añadir adaptadores a q, k, v y o", ALL),
    ],
)
def test_named_projections(words: str, puts: tuple[str, ...]) -> None:
    assert called([words], ["inject"], puts) is None
    other = ALL if puts == QV else QV
    found = called([words], ["inject"], other)
    assert found is not None
    assert found.verdict == "fails"
    named = ", ".join(sorted(puts))
    assert found.detail == f"the words name {named}, and adapters are put beside {', '.join(other)}"


@pytest.mark.parametrize("words", ["Insert adapters", "Key step: insert the adapters", "注入适配器,数值不变"])
def test_words_that_name_none(words: str) -> None:
    assert called([words], ["inject"], QV) is None
