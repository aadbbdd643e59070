"""What would be so at another rank, and how two counts differ: held to the formulas of the papers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lorafig.verify import decide_claim

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
