"""Chinese and Japanese in words: blanks beside them, where a line may end, what the writers make of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.notation.cjk import blank, breaks, has_cjk, is_cjk, spaced, spaced_runs
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.write.plain import text_to_plain
from lorafig.notation.write.speech import text_to_speech
from lorafig.notation.write.tex import text_to_tex, to_tex

MIXED = st.text(alphabet="预训练模型，。：（）「」 かカー한글①ａＷ ABxyz019/-+=.,:;()[]'é", max_size=30)


@pytest.mark.parametrize(
    ("typed", "set_as"),
    [
        ("仅训练A/B矩阵", "仅训练 A/B 矩阵"),
        ("替换 q/k/v/output proj", "替换 q/k/v/output proj"),
        ("保存adaptor state_dict", "保存 adaptor state_dict"),
        ("训练态： 独立 adaptor", "训练态：独立 adaptor"),
        ("推理态:merge_lora()", "推理态:merge_lora()"),
        ("模型(LoRA)权重", "模型 (LoRA) 权重"),
        ("共3层，r=8", "共 3 层，r=8"),
        ("冻结 权重", "冻结 权重"),
        ("训练/推理", "训练/推理"),
        ("학습 가중치 W를", "학습 가중치 W 를"),
        ("Pretrained Weights", "Pretrained Weights"),
        ("（W）", "（W）"),
    ],
)
def test_blanks(typed, set_as):
    assert spaced(typed) == set_as


@given(MIXED)
def test_blanks_are_put_in_once(text):
    once = spaced(text)
    assert spaced(once) == once
    assert once.replace(" ", "") == text.replace(" ", "")
    assert len(once) - len(once.rstrip()) == len(text) - len(text.rstrip()) or not has_cjk(text)


@given(MIXED, MIXED)
def test_blanks_between_runs_are_those_of_one_text(left, right):
    """Bold or not makes no difference to blanks."""
    runs = (parse_text("a")[0], parse_text("b")[0])
    runs = tuple(type(run)(text) for run, text in zip(runs, (left, right), strict=True))
    assert "".join(run.text for run in spaced_runs(runs)) == spaced(left + right)


def test_mathematics_is_held_apart_like_a_letter():
    runs = spaced_runs(parse_text("训练$A$与 $B$，**冻结W**权重（$r$）"))
    assert [run.text for run in runs] == ["训练 ", "", " 与 ", "", "，", "冻结 W ", "权重（", "", "）"]


def test_a_typed_blank_stays_beside_a_closing_mark_and_none_is_added():
    assert not blank("层", ",", False)
    assert blank("层", ",", True)
    assert not blank("(", "层", False)
    assert blank(")", "层", False)


def test_lines_end_between_ideographs_but_not_before_punctuation():
    assert breaks("训", "练")
    assert breaks("训", "W")
    assert breaks("。", "训")
    for left, right in ("练，", "练。", "练」", "练）", "（训", "「训", "カー", "练)"):
        assert not breaks(left, right), left + right
    assert not breaks("W", "A")


def test_which_characters():
    assert all(map(is_cjk, "预，。（）「」かカ한①Ａ々"))
    assert not any(map(is_cjk, "Aé—“”…·αЖ ×→🔥"))


@pytest.mark.parametrize(
    ("source", "tex"),
    [
        ("预训练模型", r"\lorafigCJK{预训练模型}"),
        ("替换 q/k_v", r"\lorafigCJK{替换} q/k\_v"),
        ("仅训练A/B矩阵", r"\lorafigCJK{仅训练} A/B \lorafigCJK{矩阵}"),
        ("训练态：独立 adaptor", r"\lorafigCJK{训练态：独立} adaptor"),
        ("冻结 权重 W", r"\lorafigCJK{冻结}\ \lorafigCJK{权重} W"),
        ("“层”#1", r"``\lorafigCJK{层}''\#1"),
        ("**预训练** $W$", r"\textbf{\lorafigCJK{预训练}} $W$"),
    ],
)
def test_tex(source, tex):
    assert text_to_tex(parse_text(source)) == tex


@pytest.mark.parametrize("source", [r"W_{\text{合并}}", r"W_{\text{层}}", r"\mathbf{W}_{\text{合并 LoRA}}"])
def test_words_in_mathematics_keep_their_font(source):
    tex = to_tex(parse_math(source))
    assert r"\text{\lorafigCJK{" in tex
    assert not has_cjk(tex.split(r"\lorafigCJK{")[0])


def test_other_writers_pass_the_words_through():
    runs = parse_text("训练态：独立 adaptor，$W$ 冻结")
    assert text_to_plain(runs) == "训练态：独立 adaptor，W 冻结"
    assert text_to_speech(runs) == "训练态：独立 adaptor，W 冻结"
