"""Specs for layout tests, and a strategy for many of them."""

from hypothesis import strategies as st

from lorafig.language.model import (
    Arrow,
    Bar,
    Bottleneck,
    Brace,
    Equation,
    Equations,
    Figure,
    Model,
    Panel,
    Split,
    Square,
    Sum,
    ThemeChoice,
)

WORDS = st.text("abcdefgh", min_size=1, max_size=14)


def two_panel(
    model=None, theme=None, a="A = N", b="B = 0", text=("Pretrained", "Weights"), equation="h = (W + BA)x"
):
    """The two-panel figure with its labels and dimensions left open."""
    return Figure(
        "two-panel",
        "Two panels",
        model=Model(d=768, r=8) if model is None else model,
        theme=ThemeChoice() if theme is None else theme,
        row=(
            Panel(
                (
                    Bar("x", math="x in R"),
                    Split(
                        (
                            Square("W", text=text, math="W"),
                            Bottleneck(("A", "B"), math=(a, b), brace=Brace("r")),
                        )
                    ),
                    Sum(("Wx", "BAx")),
                    Bar("h", math="h in R"),
                ),
                "During",
            ),
            Equations((Equation("h = Wx"), Equation(equation, brace=Brace("M", under="W + BA")))),
            Panel((Bar("x"), Square("W'", text=("Merged",)), Bar("h")), "After"),
        ),
        caption="A caption",
    )


def reparametrization(model=None, theme=None):
    return Figure(
        "reparametrization",
        "Reparametrization",
        model=Model(d=768, r=8) if model is None else model,
        theme=ThemeChoice() if theme is None else theme,
        stack=(
            Bar("x", brace=Brace("d")),
            Arrow(),
            Split((Square("W"), Bottleneck(("A", "B"), brace=Brace("r")))),
            Sum("arrows"),
            Bar("h"),
        ),
    )


@st.composite
def figures(draw):
    """Figures of any sizes: a long label, a tiny rank, k far from d, every font size."""
    d = draw(st.integers(2, 2**20))
    k = draw(st.none() | st.integers(2, 2**20))
    r = draw(st.integers(1, max(1, min(d, d if k is None else k) - 1)))
    theme = ThemeChoice(font_size=draw(st.floats(5, 24)))
    model = Model(d=d, k=k, r=r)
    if draw(st.booleans()):
        return reparametrization(model, theme)
    return two_panel(model, theme, draw(WORDS), draw(WORDS), tuple(draw(st.lists(WORDS, max_size=4))))
