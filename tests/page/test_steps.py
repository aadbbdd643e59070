"""The steps that a learner sees, for every method of the core."""

from __future__ import annotations

import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.notation.write.plain import to_plain
from lorafig.page.steps import compile_plan

LORA = (
    ["Ax", "B(Ax)", "s = α/r", "s · B(Ax)", "Wx", "h = Wx + s · B(Ax)"],
    ["BA", "ΔW = s · BA", "W' = W + s · BA", "W'x"],
)
PASSES = {
    "lora": LORA,
    "qlora": LORA,
    "lora-fa": LORA,
    "rslora": (
        ["Ax", "B(Ax)", "√r", "α/√r", "(α/√r) · B(Ax)", "Wx", "h = Wx + (α/√r) · B(Ax)"],
        ["BA", "ΔW = (α/√r) · BA", "W' = W + (α/√r) · BA", "W'x"],
    ),
    "dora": (
        ["m ⊙ x", "BA", "s = α/r", "ΔV = s · BA", "W + s · BA", "‖W + s · BA‖_c", "(m ⊙ x)/‖W + s · BA‖_c",
         "h = (W + s · BA)((m ⊙ x)/‖W + s · BA‖_c)"],
        ["(W + s · BA)/‖W + s · BA‖_c", "W' = m ⊙ ((W + s · BA)/‖W + s · BA‖_c)", "W'x", "Wx"],
    ),
    "vera": (
        ["Ax", "diag(λ_d)(Ax)", "B(diag(λ_d)(Ax))", "diag(λ_b)(B(diag(λ_d)(Ax)))", "Wx",
         "h = Wx + diag(λ_b)(B(diag(λ_d)(Ax)))"],
        ["diag(λ_d) A", "B(diag(λ_d) A)", "ΔW = diag(λ_b)(B(diag(λ_d) A))",
         "W' = W + diag(λ_b)(B(diag(λ_d) A))", "W'x"],
    ),
    "adalora": (
        ["Qx", "diag(λ)(Qx)", "P(diag(λ)(Qx))", "s = α/r", "s · P(diag(λ)(Qx))", "Wx",
         "h = Wx + s · P(diag(λ)(Qx))"],
        ["diag(λ) Q", "P(diag(λ) Q)", "ΔW = s · P(diag(λ) Q)", "W' = W + s · P(diag(λ) Q)", "W'x"],
    ),
    "pissa": (
        ["Ax", "B(Ax)", "s = α/r", "s · B(Ax)", "W_res x", "h = W_res x + s · B(Ax)"],
        ["BA", "s · BA", "W' = W_res + s · BA", "W'x", "Wx"],
    ),
    "loha": (
        ["B₂A₂", "B₁A₁", "(B₁A₁) ⊙ (B₂A₂)", "((B₁A₁) ⊙ (B₂A₂))x", "s = α/r", "s · ((B₁A₁) ⊙ (B₂A₂))x", "Wx",
         "h = Wx + s · ((B₁A₁) ⊙ (B₂A₂))x"],
        ["ΔW = s · ((B₁A₁) ⊙ (B₂A₂))", "W' = W + s · ((B₁A₁) ⊙ (B₂A₂))", "W'x"],
    ),
    "lokr": (
        ["BA", "C ⊗ (BA)", "(C ⊗ (BA))x", "s = α/r", "s · (C ⊗ (BA))x", "Wx", "h = Wx + s · (C ⊗ (BA))x"],
        ["ΔW = s · (C ⊗ (BA))", "W' = W + s · (C ⊗ (BA))", "W'x"],
    ),
    "lora-xs": (
        ["Ax", "R(Ax)", "B(R(Ax))", "s = α/r", "s · B(R(Ax))", "Wx", "h = Wx + s · B(R(Ax))"],
        ["RA", "B(RA)", "ΔW = s · B(RA)", "W' = W + s · B(RA)", "W'x"],
    ),
    "ia3": (["Wx", "h = l ⊙ (Wx)"], ["W' = diag(l) W", "W'x"]),
}  # fmt: skip


def test_every_method_is_here() -> None:
    assert set(PASSES) == set(ADAPTERS)


@pytest.mark.parametrize("method", sorted(PASSES))
def test_the_steps_of_a_method(method: str) -> None:
    plan = compile_plan(method)
    written = [to_plain(one.label) for one in plan.steps]
    assert (written[: plan.h + 1], written[plan.h + 1 :]) == PASSES[method]
    assert written[plan.h].startswith("h = ")
    assert written[plan.merged].startswith("W' = ")
    assert written[plan.product] == "W'x"
    assert plan.unadapted is None if method == "lora-xs" else written[plan.unadapted] == "Wx"


@pytest.mark.parametrize("method", sorted(PASSES))
def test_a_step_needs_only_what_is_there(method: str) -> None:
    for scaled in (True, False):
        plan = compile_plan(method, scaled)
        names = {one.name for one in plan.given}
        for index, step in enumerate(plan.steps):
            for one in step.arguments:
                assert one in names if isinstance(one, str) else one < index
        assert len({(one.op, one.arguments) for one in plan.steps}) == len(plan.steps), (
            "nothing is done twice"
        )
        assert {"α", "r"} & names == ({"α", "r"} if scaled and ADAPTERS[method].scale != "" else set())


@pytest.mark.parametrize("method", sorted(PASSES))
def test_what_is_trained_and_drawn_is_what_the_core_says(method: str) -> None:
    plan, row = compile_plan(method), ADAPTERS[method]
    assert {one.name for one in plan.given if one.trained} == set(row.trainable)
    assert {one.name: one.law for one in plan.given if one.law is not None} == dict(row.laws)
    for one in plan.given:
        if one.name in row.symbols:
            assert one.sizes == row.symbols[one.name]


def test_without_a_scaling() -> None:
    lora = [to_plain(one.label) for one in compile_plan("lora", scaled=False).steps]
    assert lora == ["Ax", "B(Ax)", "Wx", "h = Wx + B(Ax)", "ΔW = BA", "W' = W + BA", "W'x"]
    assert [to_plain(one.label) for one in compile_plan("rslora", scaled=False).steps] == lora


def test_a_square_weight_has_one_size() -> None:
    sizes = {one.name: one.sizes for one in compile_plan("lora", square=True).given}
    assert sizes == {"x": ("d",), "W": ("d", "d"), "A": ("r", "d"), "B": ("d", "r"), "α": (), "r": ()}


def test_what_has_to_be_computed_before_training() -> None:
    begin = {name: compile_plan(name).begin for name in PASSES}
    written = {
        name: {one: to_plain(step.label) for one, step in found.items()} for name, found in begin.items()
    }
    assert {name: found for name, found in written.items() if found != {}} == {
        "dora": {"m": "m = ‖W‖_c"},
        "pissa": {"W_res": "W_res = W − s · BA"},
    }
