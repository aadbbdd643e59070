"""What each writer gives for labels as people write them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from unicodedata import normalize

import pytest

from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.textchars import escape
from lorafig.notation.tree import Number, Product, Relation, Script, Sum, Symbol
from lorafig.notation.write.plain import text_to_plain, to_plain
from lorafig.notation.write.speech import text_to_speech, to_speech
from lorafig.notation.write.tex import text_to_tex, to_tex
from tests.notation.labels import LABELS

# source, TeX, plain text, words
WRITTEN: tuple[tuple[str, str, str, str], ...] = (
    ("h = W x + B A x", "h = Wx + BAx", "h = Wx + BAx", "h equals W x plus B A x"),
    ("h=(W+BA)x", "h = (W + BA)x", "h = (W + BA)x", "h equals the quantity W plus B A, times x"),
    (r"W\in\mathbb{R}^{d\times d}", r"W \in \mathbb{R}^{d \times d}", "W ∈ ℝ^(d×d)", "W in R, d by d"),
    (
        "A = N(0,σ²)",
        r"A = \mathcal{N}(0, \sigma^2)",
        "A = 𝒩(0, σ²)",
        "A equals the normal distribution with mean 0 and variance sigma squared",
    ),
    ("B=0", "B = 0", "B = 0", "B equals 0"),
    ("A: r×d", r"A\colon r \times d", "A: r × d", "A of shape r by d"),
    ("d²=65,536", "d^2 = 65{,}536", "d² = 65,536", "d squared equals 65,536"),
    ("65.5K", r"65.5\mathrm{K}", "65.5K", "65.5 thousand"),
    ("0.39 %", r"0.39\%", "0.39%", "0.39 percent"),
    ("10,000× fewer", r"10{,}000{\times}\text{ fewer}", "10,000× fewer", "10,000 times fewer"),
    (
        r"h = W_0 x + \frac{\alpha}{r} B A x",
        r"h = W_0x + \frac{\alpha}{r}BAx",
        "h = W₀x + (α/r)BAx",
        "h equals W sub 0 x plus alpha over r, times B A x",
    ),
    ("W' = W + ΔW", r"W' = W + \Delta W", "W' = W + ΔW", "W prime equals W plus delta W"),
    ("‖W‖_F", r"\lVert W \rVert_F", "‖W‖_F", "the Frobenius norm of W"),
    ("rank(BA) ≤ r", r"\mathrm{rank}(BA) \le r", "rank(BA) ≤ r", "the rank of B A is at most r"),
    ("r << min(d,k)", r"r \ll \min(d, k)", "r ≪ min(d, k)", "r is much less than the minimum of d and k"),
    ("2dr/dk", "2dr/dk", "2dr/dk", "2 d r over the quantity d k"),
    ("α/r BAx", r"\alpha/r \, BAx", "α/r BAx", "alpha over r, times B A x"),
    ("Wᵀ", r"W^\top", "Wᵀ", "W transposed"),
    ("W^{-1}", "W^{-1}", "W⁻¹", "W inverse"),
    ("σ σ", r"\sigma\sigma", "σσ", "sigma sigma"),
    ("σ x", r"\sigma x", "σx", "sigma x"),
    (r"\hat W", r"\hat{W}", "Ŵ", "W hat"),
    ("a d r", "ad r", "ad r", "a d r"),  # `adr` would be a word
    ("x_i n", "x_i n", "x_i n", "x sub i n"),  # `x_in` is the input
    ("≈ 65K", r"\approx 65\mathrm{K}", "≈ 65K", "is approximately 65 thousand"),
    ("1e-4", r"1\mathrm{e}{-}4", "1e-4", "1 times 10 to the minus 4"),
    ("16.8M (0.8 %)", r"16.8\mathrm{M}\ (0.8\%)", "16.8M (0.8%)", "16.8 million times 0.8 percent"),
    (
        r"\sum_{l=1}^L r_l",
        r"\sum_{l = 1}^L r_l",
        "∑_(l=1)^L r_l",
        "the sum over l equals 1 to L of r sub l",
    ),
    (
        r"\underbrace{BA}_{\Delta W}",
        r"\underbrace{BA}_{\Delta W}",
        "BA (ΔW)",
        "B A, with underbrace delta W",
    ),
    (
        "A: ℝᵏ → ℝʳ",
        r"A\colon \mathbb{R}^k \to \mathbb{R}^r",
        "A: ℝ^k → ℝ^r",
        "A maps R of dimension k to R of dimension r",
    ),
)


@pytest.mark.parametrize(("source", "tex", "plain", "speech"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_written(source: str, tex: str, plain: str, speech: str) -> None:
    tree = parse_math(source)
    assert to_tex(tree) == tex
    assert normalize("NFC", to_plain(tree)) == normalize("NFC", plain)
    assert to_speech(tree) == speech


@pytest.mark.parametrize("source", LABELS)
def test_tex_is_ascii_and_parses_to_the_same_tree(source: str) -> None:
    tree = parse_math(source)
    tex = to_tex(tree)
    assert tex.isascii()
    assert parse_math(tex) == tree
    assert to_tex(parse_math(tex)) == tex


# Fonts, stretched brackets and \frac or braces have no plain form that reads back.
NO_PLAIN = ("\\begin", r"\mathbf", r"\frac", r"\tfrac", r"\underbrace", r"\left", r"\mathrm{W}")


@pytest.mark.parametrize("source", [label for label in LABELS if not any(mark in label for mark in NO_PLAIN)])
def test_plain_text_parses_to_the_same_tree(source: str) -> None:
    tree = parse_math(source)
    again = parse_math(to_plain(tree))
    assert to_tex(again).replace(r"\quad ", "") == to_tex(tree).replace(r"\quad ", "")


@pytest.mark.parametrize("source", LABELS)
def test_speech_is_words(source: str) -> None:
    speech = to_speech(parse_math(source))
    assert speech.isascii()
    assert not set(speech) & set("\\{}^_=+*$")


def test_a_tree_that_no_label_gives_is_written_with_brackets() -> None:
    total = Sum((Symbol("W"), Symbol("B")), ("", "+"))
    assert to_tex(Product((total, Symbol("x")), ("",), ("",))) == "(W + B)x"
    assert to_tex(Script(total, None, Number("2"))) == "(W + B)^2"
    assert to_tex(Sum((Relation((total, total), ("=",)),), ("-",))) == "-(W + B = W + B)"
    assert to_plain(Product((total, Symbol("x")), ("",), ("",))) == "(W + B)x"


@pytest.mark.parametrize(
    ("source", "tex"),
    [
        ("Pretrained Weights", "Pretrained Weights"),
        ("100 % of W_0 & #1", r"100 \% of W\_0 \& \#1"),
        (r"\$5 {x} ^ ~ \\", r"\$5 \{x\} \textasciicircum{} \textasciitilde{} \textbackslash{}"),
        ("<a> | b", r"\textless{}a\textgreater{} \textbar{} b"),
        ("Café “Schön” – naïve", r"Caf\'{e} ``Sch\"{o}n'' -- na\"{\i}ve"),
        ("Łukasz ß Åse", r"\L{}ukasz \ss{} \AA{}se"),
        ("W: $d^2$ × 2", r"W:\ $d^2$ $\times$ 2"),
        ("**Frozen** $W$", r"\textbf{Frozen} $W$"),
        ("**all $W$**", r"\textbf{all }$\boldsymbol{W}$"),
        ("-- ?`", r"-{}- ?\textasciigrave{}"),
        ("权重", r"\lorafigCJK{权重}"),
    ],
)  # fmt: skip
def test_text(source: str, tex: str) -> None:
    assert text_to_tex(parse_text(source)) == tex


def test_text_in_the_other_writers() -> None:
    runs = parse_text("**Frozen** weights $W_0$, $r = 8$")
    assert text_to_plain(runs) == "Frozen weights W₀, r = 8"
    assert text_to_speech(runs) == "Frozen weights W sub 0, r equals 8"


def test_tex_compiles_with_amsmath_and_amssymb_alone(tmp_path: Path) -> None:
    """Every label and every escaped character, with pdfLaTeX."""
    words = "Café “Schön” – naïve — 100 % & # _ { } ^ ~ < > | \" ` ' § © ° † • … ß æ Æ œ ø Å ł ½ "
    words += "× ² µ ± → ≤ ℓ Δ σ ∞ ⟨ ∑"
    lines = [f"${to_tex(parse_math(label))}$" for label in LABELS if "num" not in label]
    lines += [escape(words), text_to_tex(parse_text("**Bold $W_0$** and $r$"))]
    document = "\n\n".join(lines)
    source = (
        "\\documentclass{article}\\usepackage{amsmath,amssymb}\\begin{document}\n"
        + document
        + "\n\\end{document}\n"
    )
    (tmp_path / "labels.tex").write_text(source, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "labels.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=60, check=False,
        env={**os.environ, "openin_any": "p", "openout_any": "p"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Missing character" not in done.stdout
