"""TeX itself says how large a label is; ours must agree, or boxes would not fit in a document."""

import re
import subprocess

import pytest

from lorafig.themes.measures import MM_PER_POINT
from lorafig.typeset import LatinModern

MATHS = [
    "x",
    "h = Wx + BAx",
    "h = (W + BA)x",
    r"W \in \mathbb{R}^{d \times d}",
    r"W_{\mathrm{merged}} \in \mathbb{R}^{d \times d}",
    r"A = \mathcal{N}(0, \sigma^2)",
    "B = 0",
    r"h = W_0 x + \frac{\alpha}{r} BAx",
    r"\Delta W = BA",
    "W' = W + s \\cdot BA",
    r"r \ll \min(d, k)",
    "d^2 = 65{,}536",
    r"W_0^\top",
    r"\left(\frac{a}{b}\right)^2",
    r"\sqrt{d}",
    r"\hat{x}",
    r"\|W\|_F \le -1",
    "2dr/d^2",
    r"\begin{bmatrix} W & BA \\ \frac{\alpha}{r} & x \end{bmatrix}",
    r"\begin{pmatrix} \vdots & \ddots \end{pmatrix}",
    r"x_1, \dots, x_N",
    r"W_1 + \cdots + W_N",
]
TEXTS = [
    "Pretrained",
    "Weights",
    "During training",
    "after Hu et al., 2021",
    "office affine AVATAR",
    "W: frozen. (Only A?) Yes",
]
SIZE = 10.0


def _tex_sizes(tmp_path, lines):
    """Width, height and depth of each TeX label in points, by pdfTeX."""
    body = "\n".join(
        f"\\setbox0\\hbox{{{line}}}\\typeout{{SIZE \\the\\wd0 \\the\\ht0 \\the\\dp0}}" for line in lines
    )
    source = (
        "\\documentclass[10pt]{article}\\usepackage[T1]{fontenc}\\usepackage{lmodern,amsmath,amssymb}"
        f"\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )
    (tmp_path / "sizes.tex").write_text(source)
    run = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "sizes.tex"]
    log = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    found = re.findall(r"SIZE ([\d.]+)pt([\d.]+)pt([\d.]+)pt", log)
    assert len(found) == len(lines)
    return [tuple(float(value) for value in sizes) for sizes in found]


def _ours(line):
    em = line.em / MM_PER_POINT
    return line.width * em, line.height * em, line.depth * em


@pytest.mark.parametrize("display", [False, True])
def test_mathematics_has_the_size_that_tex_gives_it(tmp_path, display):
    setter = LatinModern()
    lines = [setter.math(source, SIZE, display=display) for source in MATHS]
    for source, line, (width, height, depth) in zip(
        MATHS, lines, _tex_sizes(tmp_path, [line.tex for line in lines]), strict=True
    ):
        w, h, d = _ours(line)
        assert w == pytest.approx(width, rel=0.03, abs=0.95), source
        assert h == pytest.approx(height, abs=1.0), source
        assert d == pytest.approx(depth, abs=1.0), source


@pytest.mark.parametrize("bold", [False, True])
def test_text_has_the_size_that_tex_gives_it(tmp_path, bold):
    setter = LatinModern()
    lines = [setter.text(source, SIZE, bold=bold) for source in TEXTS]
    for source, line, (width, height, depth) in zip(
        TEXTS, lines, _tex_sizes(tmp_path, [line.tex for line in lines]), strict=True
    ):
        w, h, d = _ours(line)
        assert w == pytest.approx(width, rel=0.01), source
        assert h == pytest.approx(height, abs=0.3), source
        assert d == pytest.approx(depth, abs=0.3), source


def test_a_marked_part_is_where_tex_puts_it(tmp_path):
    line = LatinModern().math("h = (W + BA)x", SIZE, part="W + BA")
    assert line.pieces is not None
    assert line.part is not None
    before, part, after = line.pieces
    assert f"${before}{part}{after}$" == line.tex
    sizes = _tex_sizes(tmp_path, [f"${before}{{}}$", f"${part}$"])
    em = line.em / MM_PER_POINT
    assert line.part[0] * em == pytest.approx(sizes[0][0], abs=0.4)
    assert (line.part[1] - line.part[0]) * em == pytest.approx(sizes[1][0], abs=0.4)


@pytest.mark.parametrize("size", [5.4, 5.5, 6.5, 7.5, 8, 8.5, 9.5, 10.95, 11, 12])
def test_the_drawing_for_a_size_is_the_one_that_tex_takes(tmp_path, size):
    """Latin Modern is wider the smaller it is, in steps; at a step TeX takes the larger drawing."""
    line = LatinModern().text("Pretrained Weights", size)
    ((width, _, _),) = _tex_sizes(tmp_path, [rf"\fontsize{{{size}}}{{12}}\selectfont {line.tex}"])
    assert line.width * size == pytest.approx(width, rel=0.008)
