"""Figures in documents as people have them: the classes of venues, slides, posters, floats side by side.

Each figure is composed for the width that it has there; nothing may stick out of it.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from lorafig import language
from lorafig.draw import composed, lay_out
from lorafig.render import tikz

FIGURES = Path(__file__).parents[2] / "figures"
WORDS = "A figure stands in a text, and the text goes on around it as if nothing had happened. " * 6
LIBRARIES = "arrows.meta, decorations.pathreplacing, positioning, shapes.geometric, backgrounds"
TIKZ = rf"\usepackage{{amsmath,amssymb,tikz}}\usetikzlibrary{{{LIBRARIES}}}"
# What babel makes of these signs in Turkish, French and German: commands that write themselves.
ACTIVE = (
    r"\makeatletter\def\active@sign#1{\catcode`#1=13 \begingroup\lccode`\~=`#1 "
    r"\lowercase{\endgroup\def~{\string#1}}}"
    r"\AtBeginDocument{\active@sign\=\active@sign\;\active@sign\:\active@sign\!\active@sign\?\active@sign\""
    r"\active@sign\'\active@sign\`\active@sign\<\active@sign\>\active@sign\|}\makeatother"
)
COLUMN, PAGE = (
    r"\begin{figure}\centering\input{one.tikz}\caption{One}\end{figure}",
    r"\begin{figure*}\centering\input{two.tikz}\caption{Two}\end{figure*}",
)
ALL = ("pdflatex", "lualatex", "xelatex")
Fit = tuple[str | None, str | None]  # a venue, a width


class Document(NamedTuple):
    kind: str
    body: str
    first: Fit = (None, r"\linewidth")
    second: Fit = (None, r"\linewidth")
    preamble: str = TIKZ
    engines: tuple[str, ...] = ALL
    words: str = WORDS


SUBFIGURE = (
    r"\begin{subfigure}{0.49\linewidth}\centering\input{one.tikz}\caption{}\end{subfigure}\hfill"
    r"\begin{subfigure}{0.49\linewidth}\centering\input{two.tikz}\caption{}\end{subfigure}"
)
WRAPPED = r"\begin{wrapfigure}{r}{0.5\linewidth}\centering\input{one.tikz}\caption{One}\end{wrapfigure}"
HALF: Fit = (None, r"0.48\linewidth")
DOCUMENTS = {
    "IEEEtran": Document(
        "[conference]{IEEEtran}", COLUMN + PAGE, ("ieee", None), ("ieee", r"\textwidth")
    ),
    "acmart": Document("[sigconf, nonacm]{acmart}", COLUMN + PAGE, ("acm", None), ("acm", r"\textwidth")),
    "llncs": Document("{llncs}", COLUMN, ("lncs", None)),
    "beamer": Document(
        "{beamer}", r"\begin{frame}{Light}\centering\input{one.tikz}\end{frame}", ("beamer", None),
        words="",
    ),
    "beamer dark": Document(
        "[aspectratio=169]{beamer}",
        r"\begin{frame}{Dark}\usebeamercolor[fg]{normal text}\centering\input{one.tikz}\end{frame}",
        ("beamer-169", None),
        preamble=TIKZ
        + r"\setbeamercolor{background canvas}{bg=black}\setbeamercolor{normal text}{fg=white}",
        words="",
    ),
    "tikzposter": Document(
        "[a0paper]{tikzposter}",
        r"\begin{columns}\column{.33}\block{One}{\centering\input{one.tikz}}"
        r"\column{.67}\block{Two}{\centering\input{two.tikz}}\end{columns}",
        ("poster", "22cm"), ("poster", "45cm"), r"\usepackage{lmodern}" + TIKZ, words="",
    ),
    "subfigures": Document(
        "{article}", rf"\begin{{figure}}{SUBFIGURE}\end{{figure}}", HALF, HALF,
        r"\usepackage{subcaption}" + TIKZ,
    ),
    "wrapfig": Document("{article}", WRAPPED + WORDS * 3, HALF, preamble=r"\usepackage{wrapfig}" + TIKZ),
    "beside": Document(
        "{article}", r"\begin{figure}\input{one.tikz}\hfill\input{two.tikz}\end{figure}", HALF, HALF
    ),
    "shorthands": Document("{article}", COLUMN, preamble=TIKZ + ACTIVE),
    "hyperref and microtype": Document(
        "{article}", COLUMN,
        preamble=r"\usepackage[T1]{fontenc}\usepackage{lmodern,microtype}" + TIKZ + r"\usepackage{hyperref}",
    ),
    "unicode-math": Document(
        "{article}", COLUMN,
        preamble=r"\usepackage{amsmath,tikz,unicode-math}\setmathfont{latinmodern-math.otf}"
        rf"\usetikzlibrary{{{LIBRARIES}}}",
        engines=("lualatex", "xelatex"),
    ),
}  # fmt: skip
CASES = [(name, engine) for name, document in DOCUMENTS.items() for engine in document.engines]
ORDER = sorted(CASES, key=lambda case: (ALL.index(case[1]), case[0]))


def fragment(spec: str, fit: Fit) -> str:
    figure, _ = composed(language.load(FIGURES / f"{spec}.yaml"), *fit)
    return tikz.render(lay_out(figure))


@pytest.mark.sample(5)
@pytest.mark.parametrize(("name", "engine"), ORDER)
def test_a_document_with_figures_compiles_and_nothing_sticks_out(
    name: str, engine: str, tmp_path: Path
) -> None:
    document = DOCUMENTS[name]
    (tmp_path / "one.tikz").write_text(fragment("bitfit", document.first))
    wide = document.first != document.second
    (tmp_path / "two.tikz").write_text(fragment("lora-two-panel" if wide else "relora", document.second))
    (tmp_path / "main.tex").write_text(
        rf"\documentclass{document.kind}{document.preamble}"
        rf"\begin{{document}}{document.words}{document.body}\end{{document}}"
    )
    done = subprocess.run(
        [engine, "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "main.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2500:]
    log = (tmp_path / "main.log").read_text(errors="replace")
    assert "Overfull \\hbox" not in log, log[log.index("Overfull") :][:300]
    assert "Missing character" not in log
