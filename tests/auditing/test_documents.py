"""Each kind of document: its sentences and formulas, and where they stand."""

from __future__ import annotations

import json
import time

import pytest

from lorafig.auditing.documents import read
from lorafig.auditing.documents.block import Block, Document, Include, Setting
from lorafig.auditing.documents.sentences import sentences
from lorafig.errors import LorafigError

MARKDOWN = r"""---
title: x
lorafig: {r: 8}
---
# LoRA *fine-tuning* of [Llama](https://x.y/z_1)

We train `q_proj` and **v_proj** with $r = 8$; this costs $5, or $10 (see e.g. Fig. 2). It has 4,194,304
parameters, `print("no")`. See https://a.b/c?d=8.

```python
r = 9  # trainable params: 1 || all params: 2 || trainable%: 50.0
```

- one has $\alpha = 16$
- two a_b_c snake_case 2 * 3 * 4

| a | b |
|---|---|
| 4,194,304 | $B A$ |

$$
h = W x + BA x. \\
A \in \mathbb{R}^{r \times k}
$$

<!-- lorafig: {r: 16} -->
> quote <b>bold</b> &amp; x {math}`r = 2`

    code block = 1

```{math}
:label: e

d = 3
```

Setext
======
"""
LATEX = r"""\documentclass{article}
\newcommand{\bW}{\mathbf{W}} \newcommand{\R}[1]{\mathbb{R}^{#1}} \def\ours{OurLoRA}
% lorafig: {r: 8}
\begin{document}
\section{Method} We freeze \emph{all} of $\bW$, train 4.2M~parameters (0.06\%)~\cite{hu}. \ours{} is good.% no
\begin{equation} \label{e}
h = \bW x + B A x, \\ A &\in \R{r \times k}
\end{equation}
\begin{verbatim} r = 5 \end{verbatim}
\begin{itemize}\item one \item two costs \$5 and $x\end{itemize}

\input{other} \(d = 4\)
\end{document} r = 7
"""
RST = """LoRA
====

We train ``q_proj`` with :math:`r = 8`. A `link <http://x>`_ *em*::

    code = 1

.. math::

   h = W x + B A x

.. lorafig: {r: 4}
.. note:: Inside 5.

.. code-block:: python

   x = 3

- item
"""
HTML = r"""<html><head><title>t</title></head><body><h2>LoRA &amp; me</h2>
<p>We train <b>r</b> = 8, \(h = W<i>x</i>\).<pre>no 5</pre><!-- lorafig: {r: 4} --><img alt="a picture">
<script>r = 6</script></body></html>"""
NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "markdown", "source": ["# LoRA\n", 'We use $r=8$ "so".\n', "Two é 3."]},
            {"cell_type": "code", "source": "x = 1"},
        ]
    },
    indent=1,
)
CASES = {
    "a.md": (
        MARKDOWN,
        [
            ("set", 3, 10, "{r: 8}"),
            (1, 5, 3, "LoRA fine-tuning of Llama"),
            (0, 7, 1, r"We train q_proj and v_proj with $r = 8$; this costs \$5, or \$10 (see e.g. Fig. 2)."),
            (0, 7, 89, "It has 4,194,304 parameters, … ."),
            (0, 8, 28, "See ."),
            (0, 11, 10, "trainable params: 1 || all params: 2 || trainable%: 50.0"),
            (0, 14, 3, r"one has $\alpha = 16$"),
            (0, 15, 3, r"two a_b_c snake_case 2 \* 3 \* 4"),
            (0, 17, 3, "a"),
            (0, 17, 7, "b"),
            (0, 19, 3, "4,194,304"),
            (0, 19, 16, "$B A$"),
            (0, 22, 1, "$h = W x + BA x$"),
            (0, 23, 1, r"$A \in \mathbb{R}^{r \times k}$"),
            ("set", 26, 15, "{r: 16}"),
            (0, 27, 3, "quote bold & x $r = 2$"),
            (0, 34, 1, "$d = 3$"),
            (1, 37, 1, "Setext"),
        ],
    ),
    "a.tex": (
        LATEX,
        [
            ("set", 3, 12, "{r: 8}"),
            (1, 5, 10, "Method"),
            (0, 5, 18, r"We freeze all of $\mathbf{W}$, train 4.2M parameters (0.06%) ."),
            (0, 5, 91, "OurLoRA is good."),
            (0, 7, 1, r"$h = \mathbf{W} x + B A x$"),
            (0, 7, 23, r"$A  \in \mathbb{R}^{r \times k}$"),
            (0, 10, 22, "one"),
            (0, 10, 32, r"two costs \$5 and x"),
            (0, 12, 17, "$d = 4$"),
        ],
    ),
    "a.rst": (
        RST,
        [
            (1, 1, 1, "LoRA"),
            (0, 4, 1, "We train q_proj with $r = 8$."),
            (0, 4, 41, "A link em::"),
            (0, 10, 4, "$h = W x + B A x$"),
            ("set", 12, 13, "{r: 4}"),
            (0, 19, 3, "item"),
        ],
    ),
    "a.html": (
        HTML,
        [
            (2, 1, 46, "LoRA & me"),
            (0, 2, 4, "We train r = 8, $h = Wx$."),
            ("set", 2, 74, "{r: 4}"),
            (0, 2, 84, "a picture"),
        ],
    ),
    "a.ipynb": (NOTEBOOK, [(1, 6, 8, "LoRA"), (0, 7, 6, 'We use $r=8$ "so".'), (0, 8, 6, "Two é 3.")]),
    "a.txt": ("One $x$ two.\n\n# Three: https://x.y/1", [(0, 1, 1, "One $x$ two."), (0, 3, 1, "# Three:")]),
}


def lines(file: str, text: str) -> list[tuple[int | str, int, int, str]]:
    document = Document(file, text)
    found: list[tuple[int | str, int, int, str]] = []
    for item in read(document):
        if isinstance(item, Include):
            continue
        if isinstance(item, Setting):
            place = document.place(item.offset)
            found.append(("set", place.line, place.column, item.text))
            continue
        for line in sentences(item, document):
            place = line.at(0)
            found.append((item.level, place.line, place.column, str(line)))
    return found


@pytest.mark.parametrize("file", CASES)
def test_sentences_and_where_they_stand(file: str) -> None:
    text, wanted = CASES[file]
    assert lines(file, text) == wanted


def test_the_place_of_every_character() -> None:
    """Whatever is not markup stands where its place says."""
    for file, (text, _) in CASES.items():
        document = Document(file, text)
        for item in read(document):
            if not isinstance(item, Block) or file == "a.ipynb":
                continue
            for piece in item.pieces:
                for char, offset in zip(piece.text, piece.places, strict=True):
                    if (
                        char.isalnum()
                        and "\\" not in text[max(0, offset - 1) : offset + 1]
                        and file != "a.html"
                    ):
                        assert text[offset] == char


def test_a_notebook_that_is_none() -> None:
    for text in ("", "[]", "{}", '{"cells": [1]}', "[" * 100_000):
        with pytest.raises(LorafigError, match=r"a\.ipynb is not a notebook"):
            lines("a.ipynb", text)


@pytest.mark.parametrize("file", ["a.md", "a.tex", "a.rst", "a.html", "a.txt"])
@pytest.mark.parametrize(
    "text",
    ["$" * 5000, "`" * 5000, "[" * 5000, r"\(" * 2500, "<a " * 2500, "{" * 5000, "<!--" * 1000, "| " * 2500,
     r"\begin{equation}" * 500, r"\newcommand{\a}{\a\a} $\a$" + "\n" * 5000, "**_~" * 1000],
    ids=range(11),
)  # fmt: skip
def test_what_is_never_closed_takes_no_longer(file: str, text: str) -> None:
    start = time.process_time()
    lines(file, text)
    assert time.process_time() - start < 1


def test_macros_of_macros_end() -> None:
    text = r"\newcommand{\a}{\b\b}\newcommand{\b}{\c\c}\newcommand{\c}{\a\a} We have $\a$ and $r = 8$."
    assert "$r = 8$" in lines("a.tex", text)[-1][3]
