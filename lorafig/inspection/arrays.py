"""What the arrays of an adapter add to what its header says."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from msgspec.structs import replace

from lorafig.core.files.peft import splits_base
from lorafig.core.files.saved import Remark
from lorafig.core.files.tensors import shown
from lorafig.errors import LorafigError, Problem

if TYPE_CHECKING:
    from lorafig.core.files.verified import Verified
    from lorafig.inspection.found import Found


def read_arrays(
    found: Found, base: str | os.PathLike[str] | None, merged: str | os.PathLike[str] | None
) -> None:
    """Reads the arrays, beside the weights of the base if its folder has them. Errors: LorafigError."""
    from lorafig.core.files.verified import verified
    from lorafig.core.files.weights import Weights, has_weights

    beside = base is not None and has_weights(base)
    if merged is not None and not beside:
        hint = "name the folder with its config.json and weights with --base"
        raise LorafigError(
            Problem(
                "a merged checkpoint is held to a merge, which needs the base",
                None,
                hint,
                code="adapter-file",
            )
        )
    with ExitStack() as stack:
        weights = stack.enter_context(Weights(base)) if base is not None and beside else None
        other = None if merged is None else stack.enter_context(Weights(merged))
        saved = replace(found.saved, modules=found.modules)
        found.verified = {module.name: told for module, told in verified(saved, weights, other)}
    found.remarks = (*found.remarks, *_remarks(found, merged is not None, beside))


def _remarks(found: Found, merged: bool, beside: bool) -> list[Remark]:
    told = found.verified
    remarks = []

    def remark(names: list[str], what: str, hint: str | None = None, fails: bool = True) -> None:
        if names:
            more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
            remarks.append(
                Remark(
                    Problem(f"{what}: {', '.join(names[:3])}{more}", None, hint, code="adapter-file"), fails
                )
            )

    infinite = [name for name, one in told.items() if one.infinite]
    remark(infinite, "entries are NaN or infinite", "training diverged, or the file is damaged")
    zero = [name for name, one in told.items() if one.zero]
    if zero and len(zero) == len(told):
        what = "every update is exactly zero: the adapter is as before training"
        remarks.append(Remark(Problem(what, code="adapter-file")))
    else:
        remark(zero, "the update is exactly zero", fails=False)
    over = [name for name, one in told.items() if one.overflows]
    remark(over, "the merged weight does not fit the type of the base", "merge in float32")
    lost = [name for name, one in told.items() if one.kept == 0 and one.zero is False]
    remark(lost, "merging changes nothing: the update is lost to rounding", "merge in float32", False)
    apart = [name for name, one in told.items() if one.differs is not None and one.differs > 1]
    remark(apart, "the merged checkpoint is not the base with this adapter", "does the scaling differ?")
    start = splits_base(found.saved.config)
    if beside and start is not None:
        why = "PEFT takes a part of the base away before it adds the update"
        what = f"init_lora_weights is {shown(start)}: {why}"
        hint = "the merge is not looked at; convert it with path_initial_model_for_weight_conversion"
        remarks.append(Remark(Problem(what, None, hint, code="adapter-file")))
    elif beside:
        remark(
            [name for name, one in told.items() if _alone(one)],
            "no weight of the base was found",
            None,
            False,
        )
    if merged:
        unknown = [name for name, one in told.items() if one.base_norm is not None and one.differs is None]
        remark(unknown, "the merged checkpoint has no such weight")
    return remarks


def _alone(told: Verified) -> bool:
    return told.infinite == 0 and told.base_norm is None
