"""Figures of every adapter: what is true of it holds, what is true of another does not."""

import re

import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.language import from_data, load
from lorafig.resources import gallery
from lorafig.verify import verify

SIZES = {"d": 96, "k": 80, "r": 4}


def figure_of(adapter, stack=None, equations=(), alpha=None):
    model = {"adapter": adapter, **SIZES} | ({} if alpha is None else {"alpha": alpha})
    row = [] if stack is None else [{"stack": stack}]
    row += [{"equations": list(equations)}] if equations else []
    return from_data({"id": "f", "title": "f", "model": model, "row": row})


# The drawing of each: what flows from x to h.
STACKS = {
    "lora": [
        {"bar": "x"},
        {"split": [{"square": "W"}, {"bottleneck": ["A", "B"]}]},
        {"sum": "arrows"},
        {"bar": "h"},
    ],
    "rslora": [
        {"bar": "x"},
        {"split": [{"square": "W"}, [{"bottleneck": ["A", "B"]}, {"scale": r"\frac{\alpha}{\sqrt{r}}"}]]},
        {"sum": "arrows"},
        {"bar": "h"},
    ],
    "dora": [
        {"bar": "x"},
        {"scale": r"\frac{m}{\lVert W + BA \rVert_c}"},
        {"split": [{"square": "W"}, {"bottleneck": ["A", "B"]}]},
        {"sum": "arrows"},
        {"bar": "h"},
    ],
    "vera": [
        {"bar": "x"},
        {
            "split": [
                {"square": "W"},
                [{"trapezoid": "A"}, {"scale": r"\lambda_d"}, {"trapezoid": "B"}, {"scale": r"\Lambda_b"}],
            ]
        },
        {"sum": "arrows"},
        {"bar": "h"},
    ],
    "adalora": [
        {"bar": "x"},
        {"split": [{"square": "W"}, [{"trapezoid": "Q"}, {"scale": r"\lambda"}, {"trapezoid": "P"}]]},
        {"sum": "arrows"},
        {"bar": "h"},
    ],
    "pissa": [
        {"bar": "x"},
        {"split": [{"square": r"W_{\mathrm{res}}"}, {"bottleneck": ["A", "B"]}]},
        {"sum": "arrows"},
        {"bar": "h"},
    ],
    "lora-xs": [
        {"bar": "x"},
        {"split": [{"square": "W"}, {"bottleneck": ["A", "R", "B"]}]},
        {"sum": "arrows"},
        {"bar": "h"},
    ],
    "ia3": [{"bar": "x"}, {"square": "W"}, {"scale": "l"}, {"bar": "h"}],
}
STACKS["qlora"] = STACKS["lora-fa"] = STACKS["lora"]


@pytest.mark.parametrize("adapter", STACKS)
def test_the_drawing_of_an_adapter_gives_its_output(adapter):
    figure = figure_of(adapter, STACKS[adapter], alpha=16 if adapter == "rslora" else None)
    report = verify(figure)
    assert [claim.detail for claim in report.claims if claim.verdict != "holds"] == []
    assert any(claim.kind == "diagram" and claim.value for claim in report.claims)


@pytest.mark.parametrize("adapter", STACKS)
@pytest.mark.parametrize("other", STACKS)
def test_the_drawing_of_another_does_not(adapter, other):
    alpha = 16 if "rslora" in (adapter, other) else None
    same = ADAPTERS[adapter].defined["h"] == ADAPTERS[other].defined["h"]
    if same:
        assert STACKS[adapter] == STACKS[other]
        return
    verdict = verify(figure_of(adapter, STACKS[other], alpha=alpha)).verdict
    assert verdict != "holds"


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_what_an_adapter_defines_holds_on_its_figure(adapter):
    row = ADAPTERS[adapter]
    equations = []
    for name, source in row.defined.items():
        if name == "W'":
            continue  # on a figure `let` says what is merged
        unscaled = re.sub(r"\bs ", "", source.replace(f"{row.scale} ", "") if row.scale else source)
        equations.append(f"{name} = {unscaled}")
    report = verify(figure_of(adapter, equations=equations))
    assert {claim.text: claim.detail for claim in report.claims if claim.verdict != "holds"} == {}


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_the_count_of_trained_parameters_is_that_of_the_arrays(adapter):
    row = ADAPTERS[adapter]
    exact = row.parameters(SIZES["d"], SIZES["k"], SIZES["r"])
    state = row.initial(SIZES["d"], SIZES["k"], SIZES["r"], 0)
    assert exact == sum(getattr(state, name).size for name in row.trainable)
    report = verify(figure_of(adapter, equations=[f"{row.count} = {exact}"]))
    assert report.verdict == "holds"
    assert verify(figure_of(adapter, equations=[f"{row.count} = {exact + 1}"])).verdict == "fails"


@pytest.mark.parametrize("name", sorted(gallery()))
def test_the_gallery_holds(name):
    report = verify(load(gallery()[name]))
    assert [claim.detail for claim in report.claims if claim.verdict != "holds"] == []
