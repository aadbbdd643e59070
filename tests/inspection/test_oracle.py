"""With LORAFIG_ORACLE=1: PEFT's counts, ranks, scalings and merges on transformers' own models."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import lorafig
from lorafig.core.files.peft import splits_base
from lorafig.errors import LorafigError
from lorafig.inspection.base import network_of
from tests.inspection.oracle import make_lycoris, make_models

pytestmark = pytest.mark.skipif(os.environ.get("LORAFIG_ORACLE") != "1", reason="make oracle runs it")
# Models whose form is not known: their totals are not, and their weights are looked at all the same.
UNKNOWN = ("Whisper", "ResNet")
# transformers 5 saves these under other names than those that PEFT sees.
RENAMED = ("ViT",)


@pytest.mark.parametrize(("model", "kind"), list(make_models.names()))
def test_what_peft_saves_is_what_peft_says(model: str, kind: str, tmp_path: Path) -> None:
    case = make_models.make(model, kind, tmp_path)
    if case is None:
        pytest.skip("PEFT has no such layer")
    base = None if model in UNKNOWN else tmp_path / "base"
    if base is None:
        with pytest.raises(LorafigError):
            network_of(str(tmp_path / "base"))
    found = lorafig.inspect(tmp_path / "adapter", base)
    assert found.holds, found.remarks
    assert found.trainable == case.trained
    assert found.total == (None if base is None else case.total)
    assert {one.name for one in found.modules} == set(case.layers)
    assert all(other.trained is not None for other in found.others)
    for one in found.modules:
        rank, scaling = case.layers[one.name]
        assert rank is None or one.r == rank
        assert scaling is None or float(one.scaling or 0) == pytest.approx(scaling, rel=1e-6)
    if not case.merged or kind == "router" or (model, kind) == ("ResNet", "ia3"):
        return  # under another name in the base, and vectors beside a convolution
    merged = lorafig.inspect(tmp_path / "adapter", tmp_path / "base", verify=True, merged=tmp_path / "merged")
    assert merged.holds, merged.remarks
    looked_at = [told.differs for told in merged.verified.values() if told.differs is not None]
    assert all(differs <= 1 for differs in looked_at)
    if splits_base(found.saved.config) is None and model not in RENAMED:
        assert looked_at


@pytest.mark.parametrize("name", make_lycoris.CASES)
def test_what_lycoris_saves_is_what_lycoris_merges(name: str, tmp_path: Path) -> None:
    trained = make_lycoris.make(name, tmp_path)
    merged = tmp_path / "merged.safetensors"
    found = lorafig.inspect(tmp_path / "a.safetensors", tmp_path / "base", verify=True, merged=merged)
    assert found.trainable == trained
    assert all(other.trained for other in found.others)
    if name not in make_lycoris.MERGED_TWICE:
        assert found.holds, found.remarks
        assert all(told.differs is not None for told in found.verified.values())
