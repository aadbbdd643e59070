"""Words on a figure: numbers that claim something are found, names and citations are left alone."""

from __future__ import annotations

import pytest

from lorafig.language.model import Bar, Bottleneck, Brace, Figure, Model, Split, Square, Sum
from lorafig.verify import decide_claim, verify
from lorafig.verify.read.texts import claimed

CLAIMS = [
    "LoRA-99% fewer",
    "GPT-99 %",
    "figure 99x fewer",
    "layer 99% fewer",
    "no. 99% fewer",
    "step 99 times fewer",
    "section 4096 parameters",
    "part 7B parameters",
    "in 2000 parameters",
    "of 1999 parameters",
    "(1999 times fewer)",
    "and Foo 2048 parameters",
    "ACL 99% fewer",
    "[99] fewer",
    "v99 times",
    "lesson 99 K parameters",
    "½ the size",
    "W - BA",
    "W−BA",
    "Wx+ABx",
    "W → B → A",
    "d x r",
]
NAMES = [
    "after Hu et al., 2021",
    "Hu et al. (2021), Fig. 1",
    "(Hu et al., 2021; Zhang et al., 2023)",
    "GPT-2",
    "Step 1",
    "Figure 2 and section 4.1",
    "in 2021",
    "arXiv:2106.09685",
    "https://arxiv.org/abs/2106.09685",
    "ICLR 2022",
    "low-rank adaptation of pre-trained weights",
    "CC0-1.0",
    "Table A1",
]


@pytest.mark.parametrize("words", CLAIMS)
def test_words_that_claim_something_are_found(words: str) -> None:
    assert claimed(words) is not None


@pytest.mark.parametrize("words", NAMES)
def test_names_and_citations_claim_nothing(words: str) -> None:
    assert claimed(words) is None


def _figure(**changes: object) -> Figure:
    """A true figure, with some of its fields replaced."""
    square = changes.pop("square", Square("W"))
    bottleneck = changes.pop("bottleneck", Bottleneck(("A", "B"), brace=Brace("r")))
    stack = (Bar("x"), Split((square, bottleneck)), Sum(("Wx", "BAx")), Bar("h"))  # type: ignore[arg-type]
    fields = {"model": Model(d=64, r=4), "stack": stack} | changes
    return Figure("f", "F", **fields)  # type: ignore[arg-type]


def test_the_figure_by_itself_is_true() -> None:
    assert verify(_figure()).verdict == "holds"


@pytest.mark.parametrize(
    "changes",
    [
        {"caption": "where $A$ is $d \\times r$"},
        {"caption": "of shape $r \\times d$"},
        {"caption": "$\\num{99}$ numbers"},
        {"caption": "$\\num[x]{99} \\text{ fewer}$"},
        {"caption": "$\\num[%]{2dr/d^2} \\text{ fewer}$"},
        {"caption": "layer 99% fewer"},
        {"square": Square("W", text=("$A$",))},
        {"bottleneck": Bottleneck(("A", "B"), brace=Brace("\\text{999}"))},
        {"bottleneck": Bottleneck(("A", "B"), brace=Brace("\\text{rank 999}"))},
        {"bottleneck": Bottleneck(("A", "B"), math=("\\underbrace{A}_{\\text{99}}",), brace=Brace("r"))},
        {"model": Model(d=64, r=4, let=("\\Delta W = 2BA",))},
        {"model": Model(d=64, r=4, let=("\\Delta W = W",))},
    ],
)
def test_a_lie_in_words_does_not_hold(changes: dict[str, object]) -> None:
    assert verify(_figure(**changes)).verdict != "holds"


@pytest.mark.parametrize(
    "changes",
    [
        {"caption": "where $A$ is $r \\times d$"},
        {"caption": "$\\num{2dr}$ instead of $\\num{d^2}$"},
        {"caption": "$\\num{d^2 / (2dr)}\\times$ fewer"},
        {"caption": "$\\num[%]{2dr/d^2} \\text{ of the parameters}$"},
        {"square": Square("W", text=("Pretrained", "$W$"))},
        {"model": Model(d=64, r=4, let=("\\Delta W = BA",))},
        {
            "model": Model(d=64, r=4, alpha=8, let=("\\Delta W = BA",)),
            "stack": (Bar("x"), Square("W"), Bar("Wx")),
        },
    ],
)
def test_a_truth_in_words_holds(changes: dict[str, object]) -> None:
    report = verify(_figure(**changes))
    assert report.verdict == "holds", report.problems()


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("d^2 = 6.6 \\times 10^4", "holds"),
        ("d^2 = 5.9 \\times 10^5", "fails"),
        ("d^2 = 0M", "fails"),
        ("A \\sim \\mathcal{N}(0, 7)", "undetermined"),
        ("A \\sim \\mathcal{N}(0, \\sigma)", "undetermined"),
        ("A \\sim \\mathcal{N}(0, \\sigma^2)", "holds"),
        ("\\text{h = ABx}", "ill-typed"),
        ("W is not frozen", "fails"),
        ("h is 2 Wx", "fails"),
        ("h = Wx + BAx is false", "undetermined"),
        ("W is frozen", "holds"),
        ("h = Wx + BAx \\text{ where r = 999}", "fails"),
    ],
)
def test_one_claim(claim: str, verdict: str) -> None:
    assert decide_claim(claim, dims={"d": 256, "r": 4}).verdict == verdict
