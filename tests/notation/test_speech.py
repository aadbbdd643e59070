"""What is said for every construct of the notation."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Node
from lorafig.notation.write.speech import text_to_speech, to_speech
from tests.notation.labels import LABELS

SPOKEN = (
    # relations, sums and products
    ("h = Wx + BAx", "h equals W x plus B A x"),
    ("h = Wx + BAx = (W + BA)x", "h equals W x plus B A x equals the quantity W plus B A, times x"),
    ("W - BA", "W minus B A"),
    ("-W", "minus W"),
    (r"W \pm BA", "W plus or minus B A"),
    (r"B = 0 \Rightarrow h = Wx", "B equals 0, hence h equals W x"),
    ("r(d+k)", "r times the quantity d plus k"),
    ("2 · d · r", "2 times d times r"),
    ("W(x) + s · B(A(x))", "W of x plus s times B of A of x"),
    (r"r \ll \min(d, k)", "r is much less than the minimum of d and k"),
    (r"r \le d \ne k", "r is at most d does not equal k"),
    (r"W \leftarrow W + BA", "W becomes W plus B A"),
    ("~0.1 %", "is about 0.1 percent"),
    (r"\approx 65K", "is approximately 65 thousand"),
    ("d = 4, r = 2", "d equals 4; r equals 2"),
    ("min(d, k)", "the minimum of d and k"),
    # parts of matrices
    ("B[:, :b] A[:b] x", "the first b columns of B, times the first b rows of A, times x"),
    ("B_{:, :b} A_{:b} x", "the first b columns of B, times the first b rows of A, times x"),
    ("A_{r+1:2r, b:}", "rows r plus 1 to 2 r and columns b and on of A"),
    ("U_{[:, :r]}^T", "the first r columns of U transposed"),
    # matrices
    (
        r"\begin{bmatrix} W & B \end{bmatrix} \begin{bmatrix} x \\ Ax \end{bmatrix} = h",
        "the matrix with row W, B, times the matrix with rows x; A x, equals h",
    ),
    # shapes
    (r"W \in \mathbb{R}^{d \times d}", "W in R, d by d"),
    (r"x \in \mathbb{R}^d", "x in R of dimension d"),
    ("A: r × d", "A of shape r by d"),
    ("A: ℝᵏ → ℝʳ", "A maps R of dimension k to R of dimension r"),
    ("d × d", "d by d"),
    # the start
    (
        r"A = \mathcal{N}(0, \sigma^2)",
        "A equals the normal distribution with mean 0 and variance sigma squared",
    ),
    ("A ~ N(0, σ²)", "A is drawn from the normal distribution with mean 0 and variance sigma squared"),
    (r"A \sim \mathcal{U}(-1, 1)", "A is drawn from the uniform distribution from minus 1 to 1"),
    ("B = 0", "B equals 0"),
    # indices, primes and powers
    (r"W_{\mathrm{merged}}", "W merged"),
    (r"W_{\text{merged}} x", "W merged x"),
    (r"\sigma_{\max}", "sigma max"),
    ("W_0", "W sub 0"),
    (r"\lambda_b", "lambda sub b"),
    ("W_{ij}", "W sub i j"),
    ("W'", "W prime"),
    ("W''", "W double prime"),
    ("d^2", "d squared"),
    ("d^3", "d cubed"),
    ("10^4", "10 to the 4"),
    ("x^{(l)}", "x superscript l"),
    ("xW^\\top", "x W transposed"),
    ("(W + BA)^T", "the quantity W plus B A, transposed"),
    ("W^{-1}", "W inverse"),
    (r"B^\dagger", "B dagger"),
    # marks
    (r"\hat W", "W hat"),
    (r"\tilde W", "W tilde"),
    (r"\overline{BA}", "B A bar"),
    (r"\Delta W = BA", "delta W equals B A"),
    (r"\Lambda_b", "capital lambda sub b"),
    # fractions and roots
    (r"\frac{\alpha}{r}", "alpha over r"),
    (r"\frac{\alpha}{r} BAx", "alpha over r, times B A x"),
    (r"\alpha/r BAx", "alpha over r, times B A x"),
    (r"\frac{W + BA}{2}", "the quantity W plus B A, over 2"),
    ("2dr/d^2", "2 d r over d squared"),
    (r"\sqrt{r}", "the square root of r"),
    (r"\sqrt{r} x", "the square root of r, times x"),
    (r"\sqrt[3]{r}", "the root of degree 3 of r"),
    # norms and brackets
    (r"\|W\|", "the norm of W"),
    (r"\|W\|_F", "the Frobenius norm of W"),
    (r"\|W\|_2", "the 2-norm of W"),
    (r"\lVert W + BA \rVert_c", "the norm of each column of the quantity W plus B A"),
    (r"|r|", "the absolute value of r"),
    (r"\lfloor d/2 \rfloor", "the floor of d over 2"),
    # products with a sign of their own
    (r"A \odot B", "A Hadamard times B"),
    (r"C \otimes (BA)", "C Kronecker times the quantity B A"),
    (r"f \circ g", "f composed with g"),
    # functions
    (r"\mathrm{rank}(BA) \le r", "the rank of B A is at most r"),
    (r"\mathrm{diag}(\lambda) Q", "the diagonal matrix of lambda, times Q"),
    (r"\log_2 r", "the logarithm to the base 2 of r"),
    (r"\sum_{l=1}^{L} r_l", "the sum over l equals 1 to L of r sub l"),
    (r"\prod_i x_i", "the product over i of x sub i"),
    (r"\underbrace{BA}_{\Delta W}", "B A, with underbrace delta W"),
    (r"\overbrace{BA}^{\Delta W} x", "B A, with overbrace delta W, x"),
    # numbers
    ("65,536", "65,536"),
    ("65 536", "65536"),
    ("16.8M parameters", "16.8 million parameters"),
    (r"0.39\%", "0.39 percent"),
    ("32× fewer", "32 times fewer"),
    ("1e-4", "1 times 10 to the minus 4"),
    (r"\num{d^2}", "the value of d squared"),
    # words, whatever their language
    (r"x \text{ where } r", "x where r"),
    (r"\text{ 冻结 } W", "冻结 W"),
    # looks change nothing
    (r"\mathbf{BA}", "B A"),
    (r"\mathbf{h} = \mathbf{W}_0 \, \mathbf{x}", "h equals W sub 0 x"),
)


@pytest.mark.parametrize(("label", "words"), SPOKEN)
def test_spoken(label: str, words: str) -> None:
    assert to_speech(parse_math(label)) == words


def test_every_kind_of_node_is_spoken_of_here() -> None:
    found = {type(node) for label, _ in SPOKEN for node in walk(parse_math(label))}
    assert found == set(Node.__args__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("label", LABELS)
def test_words_are_words(label: str) -> None:
    words = to_speech(parse_math(label))
    assert words == " ".join(words.split())
    assert not re.search(r"[\\{}^_=<>≤≥×·⊗⊙∈ℝ√‖]|,,|,$| ,", words)


@given(st.lists(st.sampled_from(LABELS), min_size=1, max_size=3))
def test_a_text_is_spoken_run_by_run(labels: list[str]) -> None:
    text = " and ".join(f"${label}$" for label in labels)
    assert text_to_speech(parse_text(text)) == " and ".join(to_speech(parse_math(one)) for one in labels)
