"""Labels in Chinese and Japanese: the fonts for them, their sizes, and what cannot be drawn."""

import subprocess
import sys
from pathlib import Path

import pytest
import uharfbuzz as hb

import lorafig
from lorafig.errors import LorafigError, Place
from lorafig.language import Source
from lorafig.layout.wrap import wrapped
from lorafig.themes.measures import MM_PER_POINT
from lorafig.typeset import LatinModern
from tests.typeset.subset import FACES, characters

FONTS = Path(lorafig.__file__).parent / "fonts"
TEXTS = [
    "预训练模型",
    "冻结原始权重",
    "替换 q/k/v/output proj",
    "仅训练A/B矩阵",
    "保存 adaptor state_dict",
    "训练态：独立 adaptor",
    "推理态:merge_lora()",
    "参数量减少 99%，推理时（$h = Wx + BAx$）合并。",
    "事前学習済みモデル",
]


@pytest.mark.parametrize("name", FACES.values())
def test_a_font_has_the_characters_it_says(name):
    face = hb.Face(hb.Blob.from_file_path(str(FONTS / name)))
    assert set(face.unicodes) == characters()
    font = hb.Font(face)
    hanzi = [code for code in characters() if 0x4E00 <= code <= 0x9FFF]
    assert len(hanzi) > 6763
    assert {font.get_glyph_h_advance(font.get_nominal_glyph(code)) for code in hanzi} == {face.upem}


def test_the_fonts_are_small_and_have_their_licence():
    assert sum((FONTS / name).stat().st_size for name in FACES.values()) < 5e6
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()


def test_the_fonts_are_opened_where_a_label_needs_them_and_not_before():
    code = (
        "from lorafig.typeset import LatinModern\n"
        "from lorafig.typeset.fonts import font\n"
        "setter = LatinModern()\n"
        "setter.text('Weights', 9, bold=True), setter.math('W', 9)\n"
        "before = font.cache_info().currsize\n"
        "setter.text('预训练', 9)\n"
        "print(before, font.cache_info().currsize)"
    )
    environment = {"LORAFIG_CACHE": "off", "PYTHONPATH": ":".join(sys.path)}
    run = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.split() == ["2", "3"]


def test_ideographs_are_an_em_wide_and_blanks_are_the_text_fonts():
    setter = LatinModern()
    blank_width = setter.text("n n", 10).width - 2 * setter.text("n", 10).width
    assert setter.text("预训练模型", 10).width == 5
    assert setter.text("训练，A", 10).width == pytest.approx(3 + setter.text("A", 10).width)
    assert setter.text("训练A", 10).width == pytest.approx(2 + blank_width + setter.text("A", 10).width)
    assert setter.text("训练 A", 10).width == setter.text("训练A", 10).width
    assert setter.text("训练$A$", 10).width == pytest.approx(2 + blank_width + setter.math("A", 10).width)


def test_regular_is_song_and_bold_is_hei():
    setter = LatinModern()
    assert {glyph.key[0] for glyph in setter.text("预训练 W", 9).glyphs} == {"s", "r"}
    assert {glyph.key[0] for glyph in setter.text("预训练 W", 9, bold=True).glyphs} == {"h", "b"}
    assert {glyph.key[0] for glyph in setter.text("**预**训", 9).glyphs} == {"s", "h"}
    line = setter.text("预训练 W", 9)
    assert "".join(glyph.char for glyph in line.glyphs) == "预训练 W"
    assert all(setter.outlines[glyph.key] != "" for glyph in line.glyphs if glyph.char != " ")


def test_the_authors_own_blanks_are_in_plain_text():
    assert LatinModern().text("仅训练A/B矩阵", 9).plain == "仅训练A/B矩阵"


def _undrawn(source):
    with pytest.raises(LorafigError) as caught:
        LatinModern().text(source, 9)
    assert caught.value.kind == "spec"
    return str(caught.value)


def test_what_no_font_has_is_an_error_with_its_place():
    hint = "\n  hint: words may use what GB 2312, JIS X 0208, level 1, and KS X 1001 have"
    assert _undrawn("冻结龘") == f"no font here has the character '龘' (U+9F98) (column 3){hint}"
    source = Source("冻结龘", Place("figure.yaml", 7, 12), True)
    assert _undrawn(source) == f"figure.yaml:7:14: no font here has the character '龘' (U+9F98){hint}"
    assert _undrawn("쀍쀎") == f"no font here has the character '쀍' (U+C00D) (column 1){hint}"
    assert _undrawn("ก") == (
        "no font here has the character 'ก' (U+0E01) (column 1)\n"
        "  hint: in words use Latin, Cyrillic, Chinese, Japanese or Korean letters"
        r", and mathematics for others: $\alpha$"
    )


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("setup", ["plain", "xeCJK"])
def test_text_has_the_size_that_xetex_gives_it(tmp_path, setup, bold):
    """In a document that only switches fonts, and in one with xeCJK's own rules for blanks."""
    lines = [LatinModern().text(source, 10, bold=bold) for source in TEXTS]
    song, hei = FACES.values()
    fonts = f"{{{song}}}[Path={FONTS}/,BoldFont={hei}]"
    preamble = {
        "plain": rf"\usepackage[no-math]{{fontspec}}\newfontfamily\lorafigCJKfont{fonts}"
        r"\newcommand\lorafigCJK[1]{{\lorafigCJKfont #1}}",
        "xeCJK": rf"\usepackage{{xeCJK}}\setCJKmainfont{fonts}\newcommand\lorafigCJK[1]{{#1}}",
    }[setup]
    boxes = "\n".join(
        rf"\setbox0\hbox{{{line.tex}}}\typeout{{SIZE \the\wd0; \the\ht0; \the\dp0;}}" for line in lines
    )
    (tmp_path / "sizes.tex").write_text(
        rf"\documentclass[10pt]{{article}}\usepackage{{lmodern,amsmath}}{preamble}"
        rf"\begin{{document}}{boxes}\end{{document}}",
        encoding="utf-8",
    )
    run = ["xelatex", "-interaction=nonstopmode", "-halt-on-error", "sizes.tex"]
    log = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    sizes = [line.split()[1:] for line in log.splitlines() if line.startswith("SIZE")]
    assert len(sizes) == len(TEXTS)
    for source, line, size in zip(TEXTS, lines, sizes, strict=True):
        width, height, depth = (float(value.removesuffix("pt;")) for value in size)
        em = line.em / MM_PER_POINT
        assert line.width * em == pytest.approx(width, abs=1.0), source
        assert line.height * em == pytest.approx(height, abs=0.3), source
        assert line.depth * em == pytest.approx(depth, abs=0.3), source


CAPTION = (
    "冻结原始权重 W，只训练低秩矩阵 $A$ 与$B$（rank 为 $r$）；参数量减少 99%，推理时合并为「$W + BA$」，"
    "不增加延迟。保存 adaptor state_dict 即可；**仅训练 A/B** 矩阵！"
)


@pytest.mark.parametrize("width", range(24, 140, 4))
def test_lines_are_broken_between_ideographs(width):
    setter = LatinModern()
    lines = wrapped(setter, CAPTION, 9, width)
    assert all(line.width * line.em <= width + 0.05 for line in lines)
    plain = [line.plain for line in lines]
    assert all(text[0] not in "，。；）」！" and text[-1] not in "（「" for text in plain)
    whole = setter.text(CAPTION, 9).plain
    assert "".join(plain).replace(" ", "") == whole.replace(" ", "")


def test_lines_of_ideographs_are_full():
    setter = LatinModern()
    em = setter.text("预", 9).em
    lines = wrapped(setter, "预训练模型冻结原始权重仅训练矩阵", 9, 5.5 * em)
    assert [line.plain for line in lines] == ["预训练模型", "冻结原始权", "重仅训练矩", "阵"]
    lines = wrapped(setter, "预训练模型（冻结）。原始", 9, 5.5 * em)
    assert [line.plain for line in lines] == ["预训练模型", "（冻结）。", "原始"]


@pytest.mark.parametrize("bold", [False, True])
def test_korean_words_are_set(bold):
    line = LatinModern().text("학습 데이터 8K개", 9, bold=bold)
    assert [glyph.char for glyph in line.glyphs if "가" <= glyph.char <= "힣"] == list("학습데이터개")
    assert {glyph.key[0] for glyph in line.glyphs if "가" <= glyph.char <= "힣"} == {"h" if bold else "s"}


def test_an_emoji_is_left_out_or_a_badge() -> None:
    assert _undrawn("LoRA 🚀") == (
        "no font here has the character '🚀' (U+1F680) (column 6)\n"
        "  hint: leave it out; in a flow, a node's badge is a picture: badge: trainable"
    )
