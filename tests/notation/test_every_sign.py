"""Every letter of Unicode's mathematical alphabets, every command and every sign of the notation: what can be
read goes through every writer and the typesetter, and what cannot says so."""

from __future__ import annotations

import unicodedata
from contextlib import nullcontext, suppress

import pytest

from lorafig.errors import LorafigError
from lorafig.notation.read import commands
from lorafig.notation.read.parse import SIGNS, parse_math, parse_text
from lorafig.notation.write.mathml import runs_html, to_mathml
from lorafig.notation.write.plain import text_to_plain, to_plain
from lorafig.notation.write.program import to_program
from lorafig.notation.write.speech import text_to_speech, to_speech
from lorafig.notation.write.tex import text_to_tex, to_tex
from lorafig.typeset.line import MissingGlyphError
from lorafig.typeset.mathematics import typeset

LETTERS = [
    chr(code)
    for start, stop in ((0xA0, 0x250), (0x370, 0x400), (0x2070, 0x2300), (0x2A00, 0x2B00), (0x1D400, 0x1D800))
    for code in range(start, stop)
    if unicodedata.category(chr(code)) != "Cn"
]
AROUND_SIGNS = ("{}", "W{}", "{}W", "W {} V", "{} 1\\%", "W^{}", "({} r)", "a, {} b")
AROUND_COMMANDS = (
    "\\{}", "\\{}{{W}}", "W \\{} V", "\\{}{{W}}{{V}}", "\\{}(W)", "{{\\{}}}", "\\{} 65K", "W^{{\\{}}}",
    "\\left\\{} W \\right\\{}", "\\{}_1^2 W", "\\mathbf{{\\{}}}", "\\hat\\{}", "\\Delta\\{}",
)  # fmt: skip
LABELS = [
    *LETTERS,
    *(form.format(*[name] * 2) for form in AROUND_COMMANDS for name in commands.COMMANDS),
    *(
        form.format(sign)
        for form in AROUND_SIGNS
        for table in (commands.CHARACTERS, commands.PAIRS, commands.SUPERSCRIPTS, commands.SUBSCRIPTS)
        for sign in table
    ),
]


def test_labels() -> None:
    read = 0
    for label in LABELS:
        try:
            tree = parse_math(label)
        except LorafigError:
            continue
        read += 1
        for write in (to_mathml, to_plain, to_speech):
            assert write(tree) != "", label
        if label not in SIGNS:
            parse_math(to_tex(tree))
        with suppress(LorafigError):  # it has no value
            to_program(tree)
        if "\\num" in label:
            continue  # what is computed is filled in before
        for display in (False, True):
            with (
                suppress(MissingGlyphError) if "SCRIPT SMALL" in unicodedata.name(label[0]) else nullcontext()
            ):
                assert typeset(tree, 11.0, display=display).glyphs != (), label
    assert read > 3000


def test_texts() -> None:
    read = 0
    for label in LABELS:
        try:
            runs = parse_text(f"a ${label}$ b")
        except LorafigError:
            continue
        read += 1
        for write in (text_to_tex, runs_html, text_to_plain, text_to_speech):
            assert write(runs).startswith("a ")
    assert read > 3000


@pytest.mark.parametrize("relation", ["<", r"\le", r"\approx", "~", "≪"])
def test_a_relation_that_begins_a_text(relation: str) -> None:
    (words, said, rest) = parse_text(f"It trains ${relation} 1\\%$ of the weights.")
    assert said.math is not None
    alone, side = typeset(said.math, 11.0), parse_math("1\\%")
    assert alone.width > typeset(side, 11.0).width
    assert alone.glyphs[0].x == 0.0  # no space before it: nothing stands there
    assert (words.text, rest.text) == ("It trains ", " of the weights.")


@pytest.mark.parametrize(
    ("char", "hint"),
    [
        ("𝚨", "it is MATHEMATICAL BOLD CAPITAL ALPHA, which looks like a Latin letter; type the Latin one"),
        ("Α", "it is GREEK CAPITAL LETTER ALPHA, which looks like a Latin letter; type the Latin one"),
        ("𝛐", "words go into \\text{…}"),
        ("𝟋", "words go into \\text{…}"),
        ("𝟎", "write the LaTeX command for it, or put it into \\text{…}"),
    ],
)
def test_letters_that_tex_has_no_name_for(char: str, hint: str) -> None:
    with pytest.raises(LorafigError) as caught:
        parse_math(char)
    what = f"the character {char} (U+{ord(char):04X}) is not in the notation (column 1)"
    assert str(caught.value) == f"{what}\n  hint: {hint}"
