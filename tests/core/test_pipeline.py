"""The pipeline of every method is run, orders that cannot be are told, and every step can be found out."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lorafig.core import counted
from lorafig.core.adapters import ADAPTERS
from lorafig.core.files import checkpoint, tensors
from lorafig.core.pipeline import attention, deploy, steps, workshop
from lorafig.core.pipeline.attention import PROJECTIONS, Block, Line
from lorafig.core.pipeline.run import TABLE, opened, step
from lorafig.core.pipeline.stage import Outcome, Setting, Stage, Step
from lorafig.errors import LorafigError
from tests.core.running import STANDARD, facts, run

BLOCKS = [
    (768, 768, 8, Fraction(16)),
    (1024, 256, 16, None),
    (12, 8, 2, Fraction(3)),
    (9, 27, 3, Fraction(1, 10**20)),
    (27, 9, 3, Fraction(10**20)),
]
PREPARED = (Step("load"), Step("freeze"), Step("inject", PROJECTIONS))
SAVED = (*PREPARED, Step("train"), Step("save"))


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize(("d", "k", "r", "alpha"), BLOCKS)
def test_the_pipeline_of_every_method_is_true(
    adapter: str, d: int, k: int, r: int, alpha: Fraction | None
) -> None:
    found = facts(Setting(adapter, d, k, r, alpha))
    if (adapter, alpha) == ("lora-xs", Fraction(10**20)):  # which does not start at 0
        outcome = Outcome("undetermined", "inject leaves the range of float64 with alpha = 1e+20")
        assert found["inject"] == outcome
        return
    assert list(found) == [one.action for one in STANDARD]
    for action, outcome in found.items():
        if (adapter, action) == ("dora", "unmerge"):
            assert outcome == Outcome(
                "fails",
                "unmerge cannot give W back: merging divides by the norms of its columns "
                "and does not keep them",
                hint="keep the pretrained weights, or the adapter apart",
            )
            continue
        assert outcome.verdict == "holds", (action, outcome)
        if outcome.residual is not None:
            assert outcome.bound is not None
            assert 0 <= outcome.residual <= outcome.bound < 1e-9 * (1 if alpha is None else 1 + alpha)
    assert found["merge"].bound is not None
    assert set(TABLE) == set(found)


def test_what_is_found_is_said() -> None:
    found = facts(Setting("lora", 768, 768, 8, Fraction(16)))
    assert {action: outcome.detail for action, outcome in found.items()} == {
        "load": "4,096 weights of q, k, v and o at d = k = 32, r = 4, read from a safetensors file, "
        "bit for bit the ones that were written",
        "freeze": "all 4,096 weights cannot be written any more; none is trainable",
        "inject": "1,024 trained parameters beside 4,096 weights; the output is the same, bit for bit",
        "forward": "each of q, k, v and o gives what its merged weight gives, "
        "as it stands and at random arrays",
        "train": "6 steps of gradient descent take the loss from 21 to 9.2, A and B moved, "
        "the weights did not by a bit",
        "save": "9,216 bytes = a header of 1,024 + 1,024 trained parameters × 8 bytes, "
        "where the model has 33,216; at the figure's size 2.08 % of the weights",
        "load_adapter": "the base from its file and the adapter from its own give what was saved, "
        "bit for bit",
        "merge": "merged and apart agree; the merged block takes 58,944 multiply-adds, "
        "as many as the pretrained block",
        "unmerge": "the weights of q, k, v and o are back, up to rounding",
    }
    assert found["save"].value == "9,216 bytes"


def test_methods_differ_where_they_do() -> None:
    """PiSSA starts at W but for rounding, LoRA-XS near it, QLoRA at W in 4 bits; LoRA-FA and VeRA save what
    they only draw, LoRA-XS what it makes of W."""
    found = {name: facts(Setting(name, 768, 768, 8, Fraction(16))) for name in ADAPTERS}
    assert {name for name, one in found.items() if one["inject"].residual is not None} == {"lora-xs", "pissa"}
    near = "the output is off by 0.0001, as the update does not start at 0"
    assert found["lora-xs"]["inject"].detail == f"64 trained parameters beside 4,096 weights; {near}"
    four = "which are kept in 4 bits; the output is that of these weights, bit for bit"
    assert {name for name, one in found.items() if one["inject"].detail.endswith(four)} == {"qlora"}
    drawn = {name for name, one in found.items() if "drawn and not trained" in one["save"].detail}
    assert drawn == {"lora-fa", "vera"}
    made = {name for name, one in found.items() if "made of the weights and not" in one["save"].detail}
    assert made == {"lora-xs"}
    moved = {name: one["train"].detail.split(", ")[1] for name, one in found.items()}
    assert moved == {name: " and ".join(ADAPTERS[name].trainable) + " moved" for name in ADAPTERS}


def test_the_same_run_gives_the_same_words_and_numbers() -> None:
    setting = Setting("dora", 48, 48, 4, Fraction(8))
    assert run(setting, STANDARD) == run(setting, STANDARD)


# Orders that cannot be -------------------------------------------------------------------------------

NOTHING = "no model was loaded before it\n  hint: load one first: does: load"
READY = "load freeze inject"


def steps_of(path: str) -> list[Step]:
    names: list[Any] = path.split()
    return [Step(one, PROJECTIONS if one == "inject" else ()) for one in names]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("freeze", f"freeze has nothing to freeze: {NOTHING}"),
        ("inject", f"inject has nothing to put an adapter beside: {NOTHING}"),
        ("forward", f"forward has nothing to run: {NOTHING}"),
        ("train", f"train has nothing to train: {NOTHING}"),
        ("save", f"save has nothing to save: {NOTHING}"),
        ("merge", f"merge has nothing to merge: {NOTHING}"),
        ("unmerge", f"unmerge has nothing to take apart: {NOTHING}"),
        (
            "load_adapter",
            "load_adapter has no file to load: no adapter was saved before it\n"
            "  hint: save it before: does: save",
        ),
        (
            "load load",
            "load loads a model that was loaded before\n  hint: load the model once, at the beginning",
        ),
        (
            f"{READY} train load",
            "load loads a model that was loaded before, and the adapters beside it are not saved\n"
            "  hint: load the model once, at the beginning",
        ),
        (
            f"{READY} train save merge load",
            "load comes after merge: it replaces the merged weights by the pretrained ones\n"
            "  hint: load the model once, at the beginning",
        ),
        (
            "load freeze merge",
            "merge has nothing to merge: no adapter was injected before it\n"
            "  hint: put adapters beside projections before: does: {inject: [q, v]}",
        ),
        (
            f"{READY} merge merge",
            "merge has nothing to merge: the adapters were merged before it\n  hint: merge once",
        ),
        (
            "load inject train",
            "train moves the pretrained weights of q, k, v and o: nothing froze them before it\n"
            "  hint: freeze them before it: does: freeze",
        ),
        (
            "load freeze train",
            "train has nothing to train: all is frozen, and no adapter was injected before it\n"
            "  hint: put adapters beside projections: does: {inject: [q, v]}",
        ),
        (
            f"{READY} merge train",
            "train has nothing to train: the adapters were merged before it\n  hint: train before merging",
        ),
        (
            f"{READY} inject",
            "inject puts a second adapter beside q, k, v and o\n  hint: name each projection once",
        ),
        (
            "load freeze save",
            "save has no adapter to save: none was injected before it\n"
            "  hint: inject one: does: {inject: [q, v]}",
        ),
        (
            f"{READY} merge save",
            "save has no adapter to save: the adapters were merged into the weights before it\n"
            "  hint: save the adapter before merging it",
        ),
        (
            f"{READY} save merge load_adapter",
            "load_adapter comes after merge: the weights hold the adapters already, which would count twice\n"
            "  hint: branch off before merging, or unmerge",
        ),
        (
            f"{READY} save train load_adapter",
            "load_adapter loads what was saved, and the adapters beside the weights are not that any more\n"
            "  hint: save after training, before loading",
        ),
        (
            f"{READY} unmerge",
            "unmerge has nothing to take apart: no adapter was merged before it\n"
            "  hint: merge first: does: merge",
        ),
    ],
    ids=lambda value: value.replace(" ", "-").split("\n")[0][:50],
)
def test_an_impossible_order_is_told(path: str, message: str) -> None:
    made = steps_of(path)
    found = run(Setting("lora", 16, 16, 2), made)
    assert len(found) == len(made)
    assert all(one.verdict == "holds" for one in found[:-1])
    assert found[-1].verdict == "fails"
    assert f"{found[-1].detail}\n  hint: {found[-1].hint}" == message


@pytest.mark.parametrize(
    "path",
    [
        "load inject freeze train merge unmerge train save",
        "load freeze freeze forward inject forward merge forward",
        f"{READY} save train save load_adapter train merge",
        f"{READY} train save load freeze load_adapter merge",
        f"{READY} train save load_adapter load_adapter forward",
        # ReLoRA (Lialin et al., 2023): merge, and begin anew beside the merged weights.
        f"{READY} train merge inject train merge inject train",
    ],
)
def test_orders_that_can_be_hold(path: str) -> None:
    for adapter in ("lora", "pissa", "vera"):
        found = run(Setting(adapter, 16, 16, 2), steps_of(path))
        assert [one.verdict for one in found] == ["holds"] * len(steps_of(path))


def test_projections_may_get_their_adapters_one_after_the_other() -> None:
    made = [Step("load"), Step("freeze"), Step("inject", ("q",)), Step("inject", ("v", "o")), Step("train")]
    found = run(Setting("lora", 16, 16, 2), [*made, Step("save"), Step("load_adapter"), Step("merge")])
    assert [one.verdict for one in found] == ["holds"] * 8
    assert found[2].detail.startswith("64 trained parameters beside 256 weights")
    twice = run(Setting("lora", 16, 16, 2), [*made[:3], Step("inject", ("k", "q"))])[-1]
    assert twice.detail == "inject puts a second adapter beside q"
    same = run(Setting("lora", 16, 16, 2), [*made[:2], Step("inject", ("k", "k"))])[-1]
    assert same.detail == "inject puts a second adapter beside k"


def test_an_adapter_of_merged_weights_does_not_fit_the_base() -> None:
    path = [*SAVED, Step("merge"), Step("inject", ("q",)), Step("train"), Step("save"), Step("load_adapter")]
    found = run(Setting("lora", 16, 16, 2), path)
    assert [one.verdict for one in found] == ["holds"] * 9 + ["fails"]
    assert found[-1].detail.startswith("the base from its file and the adapter from its own are off by ")
    assert found[-1].hint == "the adapter was trained beside other weights than the base's"


def test_an_untrained_adapter_is_said_to_be_one() -> None:
    found = run(Setting("lora", 16, 16, 2), [*PREPARED, Step("save")])[-1]
    assert found.verdict == "holds"
    assert found.detail.endswith("; the adapter is not trained yet")


# No step can be had by saying so --------------------------------------------------------------------


def broken(adapter: str = "lora", **changes: Any) -> Setting:
    """A method with a fault in it."""
    setting = Setting(adapter, 16, 16, 2, Fraction(4))
    setting.__dict__["row"] = replace(ADAPTERS[adapter], **changes)
    return setting


def last(setting: Setting, path: tuple[Step, ...]) -> Outcome:
    found = run(setting, path)
    assert all(one.verdict == "holds" for one in found[:-1]), found
    assert len(found) == len(path)
    return found[-1]


LORA = ADAPTERS["lora"]


def test_a_start_that_is_not_at_the_weight_is_found() -> None:
    def start(W: Any, r: int, seed: int, scale: float) -> Any:
        frozen, state = LORA.start(W, r, seed, scale)
        return frozen, replace(state, B=state.B + 1e-9)

    found = last(broken(start=start), PREPARED)
    assert found.verdict == "fails"
    assert found.detail == "256 trained parameters beside 1,024 weights; the output is not the same"


def test_a_wrong_count_is_found() -> None:
    found = last(broken(parameters=lambda d, k, r: d * r), PREPARED)
    assert found == Outcome("fails", "256 parameters stand beside the weights, and lora has 128")


@pytest.mark.parametrize("factor", [2.0, -1.0, 1 + 1e-9])
def test_a_forward_with_another_scaling_is_found_though_the_adapter_is_untrained(factor: float) -> None:
    def forward(W: Any, state: Any, x: Any) -> Any:
        return LORA.forward(W, replace(state, scale=factor * state.scale), x)

    found = last(broken(forward=forward), (*PREPARED, Step("forward")))
    assert found.verdict == "fails"
    wrong = "each of q, k, v and o gives not what its merged weight gives, as it stands and at random arrays"
    assert found.detail == wrong
    trained = run(broken(forward=forward), (*SAVED[:-1], Step("merge")))
    assert trained[-1].verdict == "fails"  # in merging; with the sign turned, in training


@pytest.mark.parametrize(
    ("merged", "unmerged"),
    [
        (lambda W, state: W, LORA.unmerged),
        (lambda W, state: W + state.B @ state.A, LORA.unmerged),
        (lambda W, state: W + state.scale * (state.B @ state.A).T, LORA.unmerged),
    ],
)
def test_a_wrong_merge_is_found(merged: Any, unmerged: Any) -> None:
    path = (*PREPARED, Step("train"), Step("merge"))
    found = run(broken(merged=merged, unmerged=unmerged), path)[-1]
    assert found.verdict == "fails"
    assert found.detail.startswith("merged and apart do not agree; ")
    assert found.residual is not None
    assert found.bound is not None
    assert found.residual > found.bound


@pytest.mark.parametrize(
    "unmerged", [lambda merged, state: merged, lambda merged, state: LORA.unmerged(merged, state) + 1e-14]
)
def test_weights_that_do_not_come_back_are_found(unmerged: Any) -> None:
    found = last(broken(unmerged=unmerged), (*PREPARED, Step("train"), Step("merge"), Step("unmerge")))
    assert found.verdict == "fails"
    assert found.detail == "the weights of q, k, v and o are not back, up to rounding"


def test_a_gradient_that_points_uphill_is_found() -> None:
    def uphill(W: Any, state: Any, slope: Any) -> Any:
        return {name: -array for name, array in LORA.gradients(W, state, slope).items()}

    found = last(broken(gradients=uphill), (*PREPARED, Step("train")))
    assert found.verdict == "fails"
    assert found.detail.startswith("0 steps of gradient descent take the loss from ")
    assert "A of q and B of q and A of k" in found.detail


def test_an_array_that_is_not_trained_is_found() -> None:
    def half(W: Any, state: Any, slope: Any) -> Any:
        return {"B": LORA.gradients(W, state, slope)["B"]}

    found = last(broken(gradients=half), (*PREPARED, Step("train")))
    assert found.verdict == "fails"
    assert "A of q and A of k and A of v and A of o did not move" in found.detail


def moved(block: Block, name: Any = "v") -> Block:
    W = block.lines[name].W.copy()
    W[0, 0] = np.nextafter(W[0, 0], 2)
    return replace(block, lines={**block.lines, name: Line(W, block.lines[name].state)})


def test_a_weight_that_moves_by_a_bit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def descend(block: Block, *rest: Any) -> Any:
        after, losses = attention.descend(block, *rest)
        return moved(after), losses

    monkeypatch.setattr(steps, "descend", descend)
    found = last(Setting("lora", 16, 16, 2), (*PREPARED, Step("train")))
    assert found.verdict == "fails"
    assert found.detail.endswith(", A and B moved, the weights moved")


def test_weights_that_are_not_read_as_written_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    true = tensors.read

    def read(path: Any) -> Any:
        found = true(path)
        name = sorted(found)[0]
        found[name] = found[name].copy()
        found[name][1, 1] = np.nextafter(found[name][1, 1], 2)
        return found

    monkeypatch.setattr(workshop.tensors, "read", read)
    found = last(Setting("lora", 16, 16, 2), (Step("load"),))
    assert found.verdict == "fails"
    assert found.detail.endswith("and they are not those that were written")


def test_weights_that_can_still_be_written_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "read_only", lambda array: array.copy())
    found = last(Setting("lora", 16, 16, 2), (Step("load"), Step("freeze")))
    assert found == Outcome("fails", "the weights of q, k, v and o can still be written")


def test_a_file_with_more_in_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    write = checkpoint.write

    def more(path: Any, arrays: Any, dtype: Any) -> Any:
        name = "model.layers.0.self_attn.q_proj.weight"
        return write(path, {**arrays, name: np.ones((16, 16))}, dtype)

    monkeypatch.setattr(checkpoint, "write", more)
    found = last(Setting("lora", 16, 16, 2), SAVED)
    assert found.verdict == "fails"
    assert found.detail.startswith("the file has 5,216 bytes and 512 entries, and the adapter has 256; ")


def test_a_file_in_float32_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    write = checkpoint.write
    monkeypatch.setattr(checkpoint, "write", lambda path, arrays, dtype: write(path, arrays, "float32"))
    assert last(Setting("lora", 16, 16, 2), SAVED).verdict == "fails"


def test_an_adapter_that_comes_back_otherwise_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    load = checkpoint.load

    def other(*rest: Any) -> Any:
        found, states = load(*rest)
        first: Any = next(iter(states.values()))
        first.B[0, 0] += 1e-6
        return found, states

    monkeypatch.setattr(deploy.checkpoint, "load", other)
    found = last(Setting("lora", 16, 16, 2), (*SAVED, Step("load_adapter")))
    assert found.verdict == "fails"


def test_a_merged_block_that_costs_more_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = iter((1_100, 1_000))
    monkeypatch.setattr(counted, "multiply_adds", lambda block, x: next(counts))
    found = last(Setting("lora", 16, 16, 2), (*PREPARED, Step("merge")))
    assert found.verdict == "fails"
    assert found.detail.endswith("takes 1,100 multiply-adds, and the pretrained block 1,000")


# Where it is run -------------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [Fraction(10) ** 308, Fraction(1, 10**308), Fraction(10) ** 160])
def test_a_scaling_out_of_range_is_undetermined(alpha: Fraction) -> None:
    for adapter in ("lora", "rslora", "dora", "lokr"):
        found = run(Setting(adapter, 16, 16, 2, alpha), STANDARD)
        assert found[-1].verdict == "undetermined"
        assert found[-1].detail.endswith(f"leaves the range of float64 with alpha = {float(alpha):.3g}")


def test_files_are_private_and_gone_afterwards() -> None:
    with opened(Setting("lora", 16, 16, 2)) as here:
        folder = Path(here.folder)
        stage: Stage | None = Stage()
        for one in SAVED:
            assert stage is not None
            stage, _ = step(here, stage, one)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert sorted(path.name for path in folder.rglob("*")) == [
            "adapter-0", "adapter_config.json", "adapter_model.safetensors", "model.safetensors",
        ]  # fmt: skip
    assert not folder.exists()


def test_a_temporary_folder_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(**_: Any) -> Any:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", none)
    with pytest.raises(LorafigError) as caught:
        run(Setting("lora", 16, 16, 2), STANDARD)
    assert caught.value.kind == "tool"
    assert str(caught.value) == (
        "cannot make a temporary folder: No usable temporary directory found\n"
        "  hint: set TMPDIR to a folder that can be written"
    )


@pytest.mark.parametrize(
    ("adapter", "d", "k", "r", "sides", "rank"),
    [
        ("lora", 768, 768, 8, (32, 32), 4),
        ("lora", 768, 768, 2, (32, 32), 2),
        ("lora", 1024, 4096, 64, (8, 32), 4),
        ("lora", 4096, 1024, 64, (32, 8), 4),
        ("lora", 2**40, 1, 1, (32, 1), 1),
        ("lora", 33, 32, 1, (32, 31), 1),
        ("lora", 32, 16, 12, (32, 16), 12),
        ("lora", 3, 2, 9, (3, 2), 2),
        ("lokr", 768, 768, 8, (32, 32), 3),  # 24 × 32, so that 8 is small: 4 × 8, where 3 is
        ("lokr", 64, 64, 8, (32, 32), 4),  # 8 × 8, where 8 is not
    ],
)
def test_the_block_is_small_and_in_proportion(
    adapter: str, d: int, k: int, r: int, sides: tuple[int, int], rank: int
) -> None:
    setting = Setting(adapter, d, k, r)
    assert (setting.sides, setting.rank) == (sides, rank)


@settings(deadline=None)
@given(
    st.sampled_from(list(ADAPTERS)),
    st.integers(1, 2**40),
    st.integers(1, 2**40),
    st.integers(1, 2**40),
    st.fractions(Fraction(1, 1000), 1000) | st.none(),
)
def test_every_block_has_the_figure_s_scaling(
    adapter: str, d: int, k: int, r: int, alpha: Fraction | None
) -> None:
    setting = Setting(adapter, d, k, r, alpha)
    row = ADAPTERS[adapter]
    small = setting.sides
    assert max(small) <= 32
    assert (small[0] < small[1], small[0] > small[1]) == (d < k, d > k)
    assert 1 <= setting.rank <= min(r, *small)
    wanted = 1.0 if alpha is None or row.scale == "" else float(row.scaling(alpha, r))
    assert setting.scale == pytest.approx(wanted, rel=1e-14)


def test_what_is_saved_is_counted_at_any_size() -> None:
    d, k, r = 4096, 1024, 16
    lora = r * (d + k)
    both: tuple[Any, ...] = ("q", "o")
    assert Setting("lora", d, k, r).stored(d, k, r, both) == (2 * lora, 0)
    assert Setting("lora-fa", d, k, r).stored(d, k, r, both) == (r * (d + k), r * (k + d))
    assert Setting("vera", d, k, r).stored(d, k, r, both) == (d + k + 2 * r, 2 * r * d)  # A and B for all
    assert Setting("ia3", d, k, r).stored(d, k, r, both) == (d + k, 0)


@pytest.fixture
def ends() -> Iterator[list[Stage]]:
    """Two runs of one pipeline, and one that goes on."""
    with opened(Setting("lora", 16, 16, 2)) as here:
        found = []
        for path in (SAVED, SAVED, (*SAVED, Step("train"))):
            stage: Stage | None = Stage()
            for one in path:
                assert stage is not None
                stage, _ = step(here, stage, one)
            assert stage is not None
            found.append(stage)
        yield found


def test_stages_are_the_same_bit_for_bit(ends: list[Stage]) -> None:
    one, two, other = ends
    assert one is not two
    assert one.same(two)
    assert not one.same(other)
    assert one.block is not None
    assert not one.same(replace(one, block=moved(one.block)))
    assert not one.same(replace(one, frozen=False))
    assert not one.same(replace(one, saved=None))
    assert not one.same(replace(one, apart=one.block))
    assert Stage().same(Stage())
    assert one.said() == "adapters beside q, k, v, o, trained and saved"


def test_nothing_is_left_in_the_folder_of_temporary_files() -> None:
    before = {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("lorafig-")}
    run(Setting("lora", 16, 16, 2), STANDARD)
    run(Setting("lora", 16, 16, 2), [Step("merge")])
    assert {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("lorafig-")} <= before
