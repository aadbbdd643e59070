"""Every error of a label: source, full message with its column, hint."""

from __future__ import annotations

import pytest

from lorafig.errors import LorafigError, Place
from lorafig.language.model import Source
from lorafig.notation.read.parse import parse_math, parse_text


def _said(error: LorafigError) -> list[tuple[str, Place | None, str | None]]:
    """What each problem says, but for its code."""
    return [(problem.what, problem.where, problem.hint) for problem in error.problems]


MATH: tuple[tuple[str, str, str | None], ...] = (
    ("", "the label is empty (column 1)", "write some mathematics, or leave the label out"),
    ("\\alhpa x", "unknown command \\alhpa (column 1)", "did you mean \\alpha?"),
    (
        "\\input{x}",
        "the command \\input is not allowed in a label (column 1)",
        "a label is mathematics: no macros, files, colours or links",
    ),
    (
        "\\write18{rm}",
        "the command \\write is not allowed in a label (column 1)",
        "a label is mathematics: no macros, files, colours or links",
    ),
    (
        "\\def\\a{b}",
        "the command \\def is not allowed in a label (column 1)",
        "a label is mathematics: no macros, files, colours or links",
    ),
    (
        "\\href{a}{b}",
        "the command \\href is not allowed in a label (column 1)",
        "a label is mathematics: no macros, files, colours or links",
    ),
    (
        "\\begin{tabular}",
        "the command \\begin is not allowed in a label (column 1)",
        "write each line as a label of its own: equations: [h = Wx, W' = W + BA]",
    ),
    ("\\begin{bmatrix} 1", "\\begin{bmatrix} is never closed (column 1)", "add \\end{bmatrix}"),
    ("1 \\end{pmatrix}", "\\end{pmatrix} closes nothing (column 3)", "remove it, or open it before"),
    ("\\begin{bmatrix} 1 \\end{pmatrix}", "\\begin{bmatrix} is closed by \\end{pmatrix} (column 19)", None),
    ("\\begin{bmatrix} (1 & 2) \\end{bmatrix}", "& cannot stand here (column 20)", None),
    (
        "\\begin{bmatrix} 1 & \\\\ 1 & 2 \\end{bmatrix}",
        "an empty cell in a matrix (column 21)",
        "write 0, or \\cdots",
    ),
    (
        "\\begin{bmatrix} 1 \\\\ 1 & 2 \\end{bmatrix}",
        "the rows of a matrix have 1 and 2 entries (column 1)",
        "write each with as many",
    ),
    (
        "\\begin{bmatrix} 1 \\\\[2pt] 2 \\end{bmatrix}",
        "[ right behind \\\\ (column 19)",
        "write a blank between them",
    ),
    ("\\foo", "unknown command \\foo (column 1)", "for a word write \\mathrm{foo} or \\text{foo}"),
    ("\\Delt W", "unknown command \\Delt (column 1)", "did you mean \\Delta?"),
    ("\\matbf{W}", "unknown command \\matbf (column 1)", "did you mean \\mathbf?"),
    ("h =", "nothing stands after = (column 3)", "complete it, or remove it"),
    ("= Wx", "nothing stands before = (column 1)", "complete it, or remove it"),
    ("W +", "nothing stands after + (column 3)", "complete it, or remove it"),
    ("-W -", "nothing stands after - (column 4)", "complete it, or remove it"),
    ("(W + BA", "( is never closed (column 1)", "add )"),
    ("(W + BA]", "( is closed by ] (column 8)", "write )"),
    ("W + BA)", ") closes nothing (column 7)", "remove it, or open it before"),
    ("{W + BA", "{ is never closed (column 1)", "add }"),
    ("W}", "} closes nothing (column 2)", "remove it, or open it before"),
    ("[0, 1)", "[ is closed by ) (column 6)", "write ]"),
    ("\\left( W", "\\left( is never closed (column 1)", "add \\right)"),
    ("\\left( W )", "\\left( is closed by ) (column 10)", "\\left needs its \\right"),
    ("( W \\right)", "( is closed by \\right) (column 5)", "\\left needs its \\right"),
    ("\\left W", "no bracket after \\left (column 1)", "write \\left("),
    ("\\lVert W", "\\lVert is never closed (column 1)", "add \\rVert"),
    ("|W", "| is never closed (column 1)", "add |"),
    ("()", "nothing stands between ( and ) (column 1)", None),
    ("W_{}", "an empty subscript: nothing stands between the braces (column 3)", None),
    ("W_", "a subscript is missing after _ (column 2)", None),
    ("W^", "a superscript is missing after ^ (column 2)", None),
    ("A_{a:b:c}", "two colons in a range (column 7)", "write its first and its last: A_{a:b}"),
    ("A[:2", "[ is never closed (column 2)", "add ]"),
    ("W_0_1", "two subscripts on one symbol (column 4)", "write one: W_{0,1}"),
    ("W^2^3", "two superscripts on one symbol (column 4)", "write one: (W^2)^T or W^{2T}"),
    ("W^2'", "a prime after a superscript (column 4)", "write the prime first: W'^2"),
    ("_0", "_ stands on nothing (column 1)", "write what it belongs to before it"),
    ("^2", "^ stands on nothing (column 1)", "write what it belongs to before it"),
    ("$W$", "a dollar sign in mathematics (column 1)", "a label of mathematics has no $; write it without"),
    ("W $x", "a dollar sign in mathematics (column 3)", "a label of mathematics has no $; write it without"),
    ("W & x", "& in mathematics (column 3)", "write one label a line; a word goes into \\text{…}"),
    ("W \\\\ x", "a line break \\\\ in mathematics (column 3)", "write one label a line"),
    (
        "W\x07lpha",
        "a control character (U+0007) where \\alpha was meant (column 2)",
        "write the label in single quotes: '\\alpha'",
    ),
    (
        "\x08eta",
        "a control character (U+0008) where \\beta was meant (column 1)",
        "write the label in single quotes: '\\beta'",
    ),
    (
        "\x0crac{a}{b}",
        "a control character (U+000C) where \\frac was meant (column 1)",
        "write the label in single quotes: '\\frac'",
    ),
    ("W \times d", "a tab where \\times was meant (column 3)", "write the label in single quotes: '\\times'"),
    (
        "x \nabla",
        "a line break where \\nabla was meant (column 3)",
        "write the label in single quotes: '\\nabla'",
    ),
    ("x\nu", "a line break where \\nu was meant (column 2)", "write the label in single quotes: '\\nu'"),
    (
        "\rank(BA)",
        "a carriage return where \\rank was meant (column 1)",
        "write the label in single quotes: '\\rank'",
    ),
    (
        "\x1bta",
        "a control character (U+001B) where \\eta was meant (column 1)",
        "write the label in single quotes: '\\eta'",
    ),
    (
        "W\x00x",
        "a control character (U+0000) (column 2)",
        "remove it; if a backslash and 0 was meant, write the label in single quotes",
    ),
    ("W\u202ex", "a bidirectional control character (U+202E) (column 2)", "remove it"),
    ("W\u200bx", "an invisible character (U+200B) (column 2)", "remove it"),
    ("W\ud800", "half of a surrogate pair (U+D800) (column 2)", "write the whole character"),
    ("W️", "an invisible character (U+FE0F) (column 2)", "remove it"),
    (
        "\x0bec x",
        "a control character (U+000B) where \\vec was meant (column 1)",
        "write the label in single quotes: '\\vec'",
    ),
    (
        "А + x",
        "the character А (U+0410) is not in the notation (column 1)",
        "it is CYRILLIC CAPITAL LETTER A, which looks like a Latin letter; type the Latin one",
    ),
    (
        "W ☃",
        "the character ☃ (U+2603) is not in the notation (column 3)",
        "write the LaTeX command for it, or put it into \\text{…}",
    ),
    ("预训练", "the character 预 (U+9884) is not in the notation (column 1)", "words go into \\text{…}"),
    ("{W + BA}x", "braces { } do not show (column 1)", "write ( ) for brackets that do"),
    ("{BA}^T", "a script on a product in braces (column 5)", "write ( ) around the product"),
    ("a/{b/c}", "braces { } do not show (column 3)", "write ( ) around the quotient, or \\frac"),
    ("d2", "2 after d: an index or a factor? (column 2)", "write d_2 for an index, 2d for a product"),
    ("2 3", "a number after a factor, with no sign between (column 3)", "write \\cdot or · before it"),
    ("x 2", "a number after a factor, with no sign between (column 3)", "write \\cdot or · before it"),
    ("\\frac{a}", "\\frac lacks its second argument (column 1)", "write \\frac{…}{…}"),
    ("\\frac", "\\frac lacks its argument (column 1)", "write \\frac{…}"),
    ("\\frac12,536", "\\frac before 12,536 (column 1)", "write \\frac{12,536}"),
    ("\\sqrt", "\\sqrt lacks its argument (column 1)", "write \\sqrt{…}"),
    ("\\hat", "\\hat lacks its argument (column 1)", "write \\hat{…}"),
    ("\\text{abc", "the brace { of \\text is never closed (column 6)", "add }"),
    ("\\text abc", "no braces after \\text (column 1)", "write \\text{words}"),
    ("\\text{}", "\\text has no words in it (column 1)", None),
    ("\\text{a $x$}", "$ inside \\text (column 9)", "\\text takes words only; close it first"),
    (
        "\\text{\\frac}",
        "the command \\frac inside \\text (column 7)",
        "\\text takes words only; close it first",
    ),
    (
        "\\num[Q]{d}",
        "unknown form [Q] of \\num (column 1)",
        "a form is a unit (K, M, B, T, % or x), a number of digits (3) or of decimals (.2), or both: [M 3]",
    ),
    ("\\num{}", "\\num: nothing stands between the braces (column 5)", None),
    ("\\sum_{l}_{k} x", "two limits on \\sum (column 9)", "write one below and one above"),
    ("\\sum", "nothing stands after \\sum (column 1)", None),
    ("\\big W", "no bracket after \\big (column 1)", "write \\big(, or leave it out"),
    ("W;", "nothing stands after ; (column 2)", "complete it, or remove it"),
    ("W,,x", "nothing stands after , (column 2)", "complete it, or remove it"),
    ("lora_A.weight", ". has no meaning in mathematics here (column 7)", "words go into \\text{…}"),
    ("W!", "! has no meaning in mathematics here (column 2)", "words go into \\text{…}"),
    ("W\\", "a backslash at the end (column 2)", None),
    ("W\\_merged", "an escaped _ in mathematics (column 2)", "write _ for an index, or \\text{…} for words"),
    ("\\underbrace{BA}_", "a label is missing after _ (column 16)", None),
    ("\\underbrace", "\\underbrace lacks its argument (column 1)", "write \\underbrace{…}"),
    ("diag(", "( is never closed (column 5)", "add )"),
    ("W(x", "( is never closed (column 2)", "add )"),
    ("a < < b", "nothing stands after < (column 3)", "complete it, or remove it"),
    ("\\text{fewer}^2", "^ on words (column 13)", "write it on a symbol"),
    ('"a"', '" has no meaning in mathematics here (column 1)', "words go into \\text{…}"),
    ("x^{", "{ is never closed (column 3)", "add }"),
    ("\\|W", "\\| is never closed (column 1)", "add \\|"),
    ("⟨a, b)", "⟨ is closed by ) (column 6)", "write ⟩"),
    ("W\\left", "no bracket after \\left (column 2)", "write \\left("),
    ("W\\right)", "\\right) closes nothing (column 2)", "remove it, or open it before"),
    (
        "\\color{red}x",
        "the command \\color is not allowed in a label (column 1)",
        "a label is mathematics: no macros, files, colours or links",
    ),
    ("h = Wx + = 3", "nothing stands after + (column 8)", "complete it, or remove it"),
    ("\\left\\| W", "\\left\\| is never closed (column 1)", "add \\right\\|"),
    ("\\left\\{ W", "\\left\\{ is never closed (column 1)", "add \\right\\}"),
)

LIMITS: tuple[tuple[str, str], ...] = (
    ("x" * 2001, "a label of 2,001 characters; the limit is 2,000 (column 1)"),
    ("(" * 33 + "x" + ")" * 33, "nested more than 32 levels deep (column 34)"),
    ("x_{" * 33 + "a" + "}" * 33, "nested more than 32 levels deep (column 100)"),
    (r"\hat" * 40 + " x", "nested more than 32 levels deep (column 133)"),
    ("-" * 40 + "x", "nested more than 32 levels deep (column 34)"),
    (r"\sqrt" * 40 + " x", "nested more than 32 levels deep (column 166)"),
    ("√" * 40 + "x", "nested more than 32 levels deep (column 34)"),
    ("log " * 40 + "x", "nested more than 32 levels deep (column 133)"),
)

TEXT: tuple[tuple[str, str, str | None], ...] = (
    ("", "the text is empty (column 1)", "write some words, or leave the text out"),
    ("  ", "the text is empty (column 1)", "write some words, or leave the text out"),
    ("$x", "$ is never closed (column 1)", "add $ after the mathematics, or write \\$ for the sign"),
    ("a $", "$ is never closed (column 3)", "add $ after the mathematics, or write \\$ for the sign"),
    ("$ $", "nothing stands between $ and $ (column 1)", "write \\$ for a dollar sign"),
    ("a \\alpha b", "the command \\alpha in a text (column 3)", "mathematics goes between $…$: $\\alpha$"),
    ("a\\", "a backslash at the end (column 2)", "write \\\\ for a backslash"),
    ("**bold", "** is never closed (column 1)", "add ** after the bold words"),
    ("$\\foo$ and", "unknown command \\foo (column 2)", "for a word write \\mathrm{foo} or \\text{foo}"),
    ("cost $5", "$ is never closed (column 6)", "add $ after the mathematics, or write \\$ for the sign"),
    (
        "\x07lpha",
        "a control character (U+0007) where \\alpha was meant (column 1)",
        "write the label in single quotes: '\\alpha'",
    ),
    ("a\u202eb", "a bidirectional control character (U+202E) (column 2)", "remove it"),
    (
        "\\input{x}",
        "the command \\input is not allowed in a label (column 1)",
        "a label is mathematics: no macros, files, colours or links",
    ),
    ("$h =$", "nothing stands after = (column 4)", "complete it, or remove it"),
)


@pytest.mark.parametrize(("source", "what", "hint"), MATH, ids=[repr(row[0]) for row in MATH])
def test_mathematics(source: str, what: str, hint: str | None) -> None:
    with pytest.raises(LorafigError) as caught:
        parse_math(source)
    assert _said(caught.value) == [(what, None, hint)]
    assert caught.value.kind == "spec"


@pytest.mark.parametrize(("source", "what"), LIMITS, ids=[row[0][:12] for row in LIMITS])
def test_limits(source: str, what: str) -> None:
    with pytest.raises(LorafigError) as caught:
        parse_math(source)
    assert _said(caught.value) == [(what, None, None)]
    assert caught.value.kind == "limit"


@pytest.mark.parametrize(("source", "what", "hint"), TEXT, ids=[repr(row[0]) for row in TEXT])
def test_text(source: str, what: str, hint: str | None) -> None:
    with pytest.raises(LorafigError) as caught:
        parse_text(source)
    assert _said(caught.value) == [(what, None, hint)]


def test_the_deepest_label_parses() -> None:
    parse_math("(" * 32 + "x" + ")" * 32)
    parse_math("x" * 2000)


def test_an_exact_source_gives_the_place_of_the_fault() -> None:
    source = Source(r"h = \alhpa x", Place("a.yaml", 3, 9), True)
    with pytest.raises(LorafigError) as caught:
        parse_math(source)
    assert str(caught.value) == "a.yaml:3:13: unknown command \\alhpa\n  hint: did you mean \\alpha?"


def test_another_source_gives_its_own_place_and_the_column() -> None:
    source = Source(r"h = \alhpa x", Place("a.yaml", 3, 9), False)
    with pytest.raises(LorafigError) as caught:
        parse_math(source)
    expected = "a.yaml:3:9: unknown command \\alhpa (column 5)\n  hint: did you mean \\alpha?"
    assert str(caught.value) == expected


def test_mathematics_in_a_text_keeps_its_place() -> None:
    source = Source(r"Weights $W + $", Place("a.yaml", 2, 1), True)
    with pytest.raises(LorafigError) as caught:
        parse_text(source)
    assert caught.value.problems[0].where == Place("a.yaml", 2, 12)
