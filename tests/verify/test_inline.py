"""Symbols among words are mathematics on the figure, and letters that are not symbols are words."""

from pathlib import Path

import pytest

from lorafig.draw import lay_out
from lorafig.language import loads
from lorafig.notation.read.parse import parse_text
from lorafig.notation.write.plain import text_to_plain
from lorafig.scene import Label, walk
from lorafig.verify.figure.inline import inlined

GALLERY = sorted((Path(__file__).parents[2] / "figures").glob("*.yaml"))
SPEC = """
id: words
title: 'T'
model: {{d: 64, r: 4, symbols: {{a: {{shape: [d]}}, W_g: {{shape: [d, d], over: 'g = 1..d'}}}}}}
stack: [{{bar: x}}, {{square: W}}, {{bar: Wx}}]
caption: '{caption}'
"""


def captioned(caption):
    return inlined(loads(SPEC.format(caption=caption.replace("'", "''")), "words.yaml")).caption


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("W is frozen; only A and B are trained.", "$W$ is frozen; only $A$ and $B$ are trained."),
        ("A weight W, and a rank of r", "A weight $W$, and a rank of $r$"),
        ("A trained matrix A and a trained vector a", "A trained matrix $A$ and a trained vector $a$"),
        ("A: trained, W: frozen", "$A$: trained, $W$: frozen"),
        ("I train A, I think", "I train $A$, I think"),
        ("A + B, h = Wx, r ≪ d and W's size", "$A + B$, $h = Wx$, $r ≪ d$ and $W$'s size"),
        ("W_2 and W_0 of 100% & more", r"$W_2$ and $W_0$ of 100\% \& more"),
        ("**A, B** trained, $r$ and r", "**$A$, $B$** trained, $r$ and $r$"),
        ("y = Wx + b", "$y = Wx + b$"),
        ("Layer y = Wx + b, z = u", "Layer $y = Wx + b$, z = u"),
        ("x = W + e-mail", "$x = W$ + e-mail"),
        ("d x d, twice B", "$d$ x $d$, twice $B$"),
        ("仅训练 A、B 矩阵", "仅训练 $A$、$B$ 矩阵"),
        ("W y A se entrenan a la vez", "$W$ y $A$ se entrenan a la vez"),
    ],
)
def test_symbols_in_words_are_mathematics(words, drawn):
    assert captioned(words) == drawn


@pytest.mark.parametrize(
    "words",
    [
        "A weight is frozen",
        "A frozen weight and a rank",
        "Replace q, k, v and output projections",
        "替换 q、k、v 和输出投影",
        "Task A, Appendix A: client B",
        "65K, T5 and Llama-3-8B",
        "with alpha = 16",
        "32x fewer parameters",
        "I trained it",
        "Feed-forward network",
    ],
)
def test_letters_that_are_no_symbols_are_words(words):
    assert captioned(words) == words


def test_a_figure_without_symbols_in_words_is_the_same_object():
    figure = loads(SPEC.format(caption="A weight is frozen"), "words.yaml")
    assert inlined(figure) is figure


def test_a_panel_has_its_own_symbols_and_the_figure_speaks_of_all():
    figure = loads(
        """
id: scoped
title: 'The matrix R'
model: {d: 64, r: 4}
caption: The small matrix R is trained.
row:
  - {panel: R is none, stack: [{bar: x}, {square: W}, {bar: Wx}]}
  - panel: R is trained
    model: {adapter: lora-xs}
    stack: [{bar: x}, {bottleneck: [A, B]}, {bar: BAx}]
""",
        "scoped.yaml",
    )
    drawn = inlined(figure)
    assert [panel.panel for panel in drawn.row] == ["R is none", "$R$ is trained"]
    assert (drawn.title, drawn.caption) == ("The matrix $R$", "The small matrix $R$ is trained.")


def test_every_text_of_the_gallery_reads_as_before():
    for path in GALLERY:
        figure = loads(path.read_bytes(), path.name)
        for old, new in zip(_texts(figure), _texts(inlined(figure, page=True)), strict=True):
            before, after = (text_to_plain(parse_text(text)) for text in (old, new))
            assert before.replace("_", "") == after.replace("_", "")


def test_the_picture_sets_them_in_italics():
    scene = lay_out(loads(SPEC.format(caption="W is frozen"), "words.yaml"))
    line = next(
        item.lines[0]
        for item in walk(scene.items)
        if isinstance(item, Label) and "frozen" in item.lines[0].plain
    )
    letter, *words = [glyph.key for glyph in line.glyphs]
    assert (line.tex, line.plain) == ("$W$ is frozen", "W is frozen")
    assert letter.split()[0] not in {key.split()[0] for key in words}


def _texts(figure):
    from lorafig.language.rewrite import rewritten

    texts = []
    rewritten(figure, lambda source, form: texts.append(source) or source if form == "text" else source)
    return texts
