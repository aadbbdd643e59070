"""What would be so at another rank, and how two counts differ: held to the formulas of the papers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lorafig.language import from_data
from lorafig.verify import decide_claim, verify

D, R = 256, 4


def verdict(text: str, **options: object) -> tuple[str, str | None]:
    claim = decide_claim(text, dims={"d": D, "r": R}, scalars={"alpha": Fraction(8)}, **options)  # type: ignore[arg-type]
    return claim.verdict, claim.detail


@pytest.mark.parametrize("rank", [1, 8, 64, 256])
@pytest.mark.parametrize(
    "text",
    [
        "If r were {rank}, there would be {many:,} trainable parameters.",
        "At rank {rank} the adapter would have {many:,} parameters.",
        "With r = {rank} we would train {many:,} parameters.",
    ],
)
def test_a_count_at_another_rank(rank: int, text: str) -> None:
    many = 2 * D * rank  # Hu et al. (2021), section 4.2
    assert verdict(text.format(rank=rank, many=many))[0] == "holds"
    assert verdict(text.format(rank=rank, many=many + 1)) == ("fails", f"it is {many:,}, not {many + 1:,}")


def on_a_figure(caption: str) -> str:
    model = {"d": D, "r": R}
    figure = {"id": "sizes", "title": "A figure", "model": model, "caption": caption}
    stack = [
        {"bar": "x"},
        {"split": [{"square": "W"}, {"bottleneck": ["A", "B"]}]},
        {"sum": ["Wx", "BAx"]},
        {"bar": "h"},
    ]
    return verify(from_data({**figure, "stack": stack}), floating=False).verdict


@pytest.mark.parametrize("rank", [1, 4, 64])
@pytest.mark.parametrize(
    "size", ["With r = {}", "For r = {}", "At r = {}", "At rank {}", "With a rank of {}"]
)
def test_a_size_in_front_of_a_number_is_supposed_on_figures_too(size: str, rank: int) -> None:
    for clause in (", the adapter has {:,} parameters.", " the adapter has {:,} trainable parameters."):
        said = size.format(rank) + clause
        assert on_a_figure(said.format(2 * D * rank)) == "holds"
        assert on_a_figure(said.format(D * rank)) == "fails"
    assert on_a_figure(f"{size.format(rank)}, $2dr = {2 * D * rank}$.") == "holds"
    assert on_a_figure(f"{size.format(rank)}, $2dr = {2 * D * rank + 2}$.") == "fails"


@pytest.mark.parametrize(
    "caption",
    [
        "LoRA with r = {}.",
        "r = {}.",
        "The adapter has {many:,} parameters at rank {}.",
        "LoRA with r = {} has {many:,} trainable parameters.",
        "With r = {}, W is frozen.",
        "At rank {}, the update is added to Wx.",
    ],
)
def test_a_size_anywhere_else_is_the_figures_own(caption: str) -> None:
    assert on_a_figure(caption.format(R, many=2 * D * R)) == "holds"
    assert on_a_figure(caption.format(1, many=2 * D)) == "fails"


@pytest.mark.parametrize(("rank", "times"), [(8, "double"), (2, "halve"), (16, "quadruple")])
def test_how_many_times_a_rank_would_train(rank: int, times: str) -> None:
    factor = Fraction(rank, R)
    said = {"double": Fraction(2), "halve": Fraction(1, 2), "quadruple": Fraction(4)}
    for word, wanted in said.items():
        text = f"Rank {rank} would {word} the trained parameters."
        assert verdict(text)[0] == ("holds" if wanted == factor else "fails")


def test_the_scaling_at_another_rank_or_alpha() -> None:
    assert verdict("Setting alpha = r would make the scaling 1.")[0] == "holds"
    assert verdict("Changing the rank to 8 at the same alpha would halve the scaling.")[0] == "holds"
    assert verdict("Changing the rank to 8 at the same alpha would double the scaling.")[0] == "fails"


def test_a_difference_of_two_counts() -> None:
    more = D  # of DoRA: one magnitude for each output, Liu et al. (2024), section 4
    assert verdict(f"DoRA trains {more} more parameters than LoRA.")[0] == "holds"
    assert verdict(f"DoRA trains {more} fewer parameters than LoRA.")[0] == "fails"
    assert verdict(f"LoRA trains {D * D - 2 * D * R:,} fewer parameters than full fine-tuning.")[0] == "holds"


@pytest.mark.parametrize(
    ("many", "size", "whole"), [("7B", "2", "14"), ("13B", "4", "52"), ("65B", "0.5", "32.5")]
)
def test_a_sum_that_is_worked_out(many: str, size: str, whole: str) -> None:
    assert verdict(f"{many} parameters × {size} bytes = {whole} GB")[0] == "holds"
    assert verdict(f"{many} parameters × {size} bytes = {whole} GiB")[0] == "fails"


def test_what_is_said_of_others_by_what_is_left_out() -> None:
    assert verdict("A and B are trained, W is not.")[0] == "holds"
    assert verdict("W and A are trained, B is not.")[0] == "fails"
    assert verdict("The product BA is d × d, as W is.")[0] == "holds"
    assert verdict("The product BA is d × d, as A is.")[0] in ("fails", "ill-typed")


@pytest.mark.parametrize(
    "text",
    [
        "Each adapter has {} parameters.",
        "Every adapter has {} trainable parameters.",
        "One adapter has {} parameters.",
        "An adapter has {} parameters.",
        "Each LoRA adapter adds {} parameters.",
        "Each LoRA pair has {} parameters.",
        "{} trainable parameters per adapter",
        "{} parameters per LoRA pair",
    ],
)
def test_an_adapter_is_both_of_its_factors(text: str) -> None:
    whole, factor = f"{2 * D * R:,}", f"{D * R:,}"
    assert verdict(text.format(whole))[0] == "holds"
    assert verdict(text.format(factor))[0] == "fails"


@pytest.mark.parametrize(
    "text",
    [
        "Each of the LoRA matrices has {} parameters.",
        "Each of the two factors has {} parameters.",
        "The two low-rank matrices have {} parameters each.",
        "The factors have {} entries each.",
    ],
)
def test_a_factor_is_one_of_the_two(text: str) -> None:
    assert verdict(text.format(f"{D * R:,}"))[0] == "holds"
    assert verdict(text.format(f"{2 * D * R:,}"))[0] == "fails"


def test_adapters_of_several_sizes_have_no_number_each() -> None:
    def of(targets: list[str], text: str) -> str:
        return decide_claim(text, dims={"r": 8}, network="llama-3-8b", targets=targets).verdict

    assert of(["q_proj"], "Each adapter has 65,536 parameters.") == "holds"
    assert of(["q_proj"], "Each adapter has 32,768 parameters.") == "fails"
    mean = (8 * (4096 + 4096) + 8 * (4096 + 1024)) // 2
    assert of(["q_proj", "v_proj"], f"Each adapter has {mean:,} parameters.") == "undetermined"


@pytest.mark.parametrize(
    "text",
    [
        "{}optimizer states take 16.4 KB in fp32.",
        "In fp32 the {}optimizer states of the adapter take 16.4 KB.",
    ],
)
def test_the_states_of_an_optimizer_that_is_not_named_are_not_counted(text: str) -> None:
    assert verdict(text.format("Adam's "))[0] == "holds"
    assert verdict(text.format(""))[0] == "undetermined"
