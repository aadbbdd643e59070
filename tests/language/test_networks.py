"""The network of a model: names, files, targets, and the sizes that are drawn."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from lorafig.errors import LorafigError
from lorafig.language import Figure, Model, dump, load, loads, validate
from lorafig.language.model import Equations
from lorafig.language.networks import network_of, numbers_of

HEAD = "id: a\ntitle: A\nrow: [{equations: [h = Wx + BAx]}]\nmodel: "
LLAMA = {"model_type": "llama", "num_hidden_layers": 2, "num_key_value_heads": 8}


def _model(text: str) -> Model:
    return loads(HEAD + text).model


@pytest.mark.parametrize(
    ("text", "d", "k"),
    [
        ("{network: llama-2-7b, targets: [q_proj, v_proj]}", 4096, None),
        ("{network: llama-2-7b, targets: q_proj}", 4096, None),
        ("{network: llama-3-8b, targets: [k_proj, v_proj]}", 1024, 4096),
        ("{network: llama-3-8b, targets: [v_proj, q_proj]}", 4096, None),
        ("{network: llama-3-8b, targets: [v_proj, up_proj]}", 1024, 4096),
        ("{network: llama-3-8b, targets: all-linear}", 4096, None),
        ("{network: llama-3-8b, targets: [q_proj, v_proj], d: 1024}", 1024, 4096),
        ("{network: llama-3-8b, targets: [q_proj, v_proj], d: 4096}", 4096, None),
        ("{network: llama-3-8b, targets: [q_proj, v_proj], d: 4096, k: 4096}", 4096, 4096),
        ("{network: llama-3-8b, targets: [q_proj, down_proj], k: 14336}", 4096, 14336),
        ("{network: llama-3-8b}", 4096, None),
        ("{network: llama-3-8b, d: 64, k: 32}", 64, 32),
        ("{network: sdxl-unet}", None, None),
        ("{network: Qwen/Qwen2.5-7B, targets: up_proj}", 18944, 3584),
    ],
)
def test_sizes_are_those_of_the_targets(text: str, d: int, k: int | None) -> None:
    model = _model(text)
    assert (model.d, model.k) == (d, k)
    figure = loads(HEAD + text)
    assert loads(dump(figure)) == figure
    assert network_of(validate(figure).model) == network_of(figure.model)


def test_a_figure_from_python() -> None:
    model = Model(network="llama-3-8b", targets=("k_proj",), r=4)
    figure = validate(Figure(id="a", title="A", model=model, row=(Equations(("h = Wx + BAx",)),)))
    assert (figure.model.d, figure.model.k) == (1024, 4096)
    assert numbers_of(figure.model)["n_trained"] == 32 * 4 * (1024 + 4096)


def test_what_has_a_value() -> None:
    assert numbers_of(_model("{d: 8}")) == {}
    known = numbers_of(_model("{network: llama-3-8b}"))
    assert known["n_params"] == 8_030_261_248
    assert known["L"] == known["n_layers"] == 32
    assert {"n_trained", "n_adapted"}.isdisjoint(known)
    assert {"L", "n_layers"}.isdisjoint(numbers_of(_model("{network: t5-base}")))


MODULES = (
    "'embed_tokens', 'q_proj', 'k_proj', 'v_proj', 'o_proj', "
    "'gate_proj', 'up_proj', 'down_proj' and 'lm_head'; "
    "'all-linear' are all linear ones but the head"
)
ERRORS = {
    "{network: llama-9-8b}": "4:18: there is no network 'llama-9-8b'\n"
    "  hint: did you mean llama-3-8b or llama-3.1-8b or llama-2-7b? "
    "name one that is known, or give the path of its config.json",
    "{network: 7}": "4:18: expected a network such as 'llama-3-8b', or the path of a config.json, "
    "found the number 7",
    "{targets: [q_proj]}": "4:9: targets of no network\n  hint: name the network: network: llama-3-8b",
    "{network: llama-3-8b, targets: [v_proj, q_proy]}": "4:48: llama-3-8b has no module 'q_proy'\n"
    f"  hint: did you mean 'q_proj'? its modules are {MODULES}",
    "{network: llama-3-8b, targets: q_proj, d: 64}": "4:47: none of the targets has d = 64\n"
    "  hint: they are self_attn.q_proj 4096 × 4096: leave d and k out, or give those of one",
    "{network: c.json}": "4:18: the path of a file in a spec that is not a file itself\n"
    "  hint: save the spec beside the config.json, or name the network",
    "{network: llama-3-8b}\ncontrols: {r: {min: 1, max: 8}}": "5:12: a choice of r, and the figure is of the "
    "network llama-3-8b\n  hint: leave one out: the page does not count a whole network again",
}


@pytest.mark.parametrize("text", ERRORS)
def test_errors(text: str) -> None:
    with pytest.raises(LorafigError) as caught:
        loads(HEAD + text, "s.yaml")
    assert str(caught.value) == f"s.yaml:{ERRORS[text]}"


# Files ----------------------------------------------------------------------------------------


def _spec(folder: Path, network: str) -> Path:
    path = folder / "a.yaml"
    path.write_text(HEAD + f"{{network: {network}, targets: q_proj}}\n")
    return path


def test_a_configuration_beside_the_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "config.json").write_text(json.dumps(LLAMA))
    spec = _spec(tmp_path, "nets/config.json")
    assert numbers_of(load(spec).model)["L"] == 2
    monkeypatch.chdir(tmp_path)
    assert numbers_of(load("a.yaml").model)["L"] == 2


def _said(path: Path) -> str:
    with pytest.raises(LorafigError) as caught:
        load(path)
    return str(caught.value).partition(": ")[2]


def test_only_what_is_in_the_folder_is_read(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "c.json").write_text(json.dumps(LLAMA))
    hint = "\n  hint: copy the config.json beside it"
    assert _said(_spec(inside, "../c.json")) == f"../c.json is not in the folder of the spec{hint}"
    absolute = str(tmp_path / "c.json")
    assert _said(_spec(inside, absolute)) == f"{absolute} is not in the folder of the spec{hint}"
    (inside / "link.json").symlink_to(tmp_path / "c.json")
    assert _said(_spec(inside, "link.json")) == f"link.json is not in the folder of the spec{hint}"


def test_what_a_file_must_be(tmp_path: Path) -> None:
    assert _said(_spec(tmp_path, "none.json")) == "there is no file none.json"
    (tmp_path / "c.json").write_text("{" * 100_000)
    expected = "c.json is not JSON\n  hint: give the config.json of a network"
    assert _said(_spec(tmp_path, "c.json")) == expected
    (tmp_path / "c.json").write_bytes(b" " * ((1 << 20) + 1))
    assert _said(_spec(tmp_path, "c.json")).startswith("c.json is larger than 1 MiB")
    os.mkfifo(tmp_path / "pipe.json")
    assert _said(_spec(tmp_path, "pipe.json")) == "pipe.json is not a regular file"
    (tmp_path / "d.json").mkdir()
    assert _said(_spec(tmp_path, "d.json")) == "cannot read d.json: Is a directory"


def test_a_configuration_that_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lorafig.pipeline import check_bytes

    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path / "cache"))
    text = HEAD + "{network: c.json, targets: q_proj}\ncaption: $L = 2$\n"
    (tmp_path / "a.yaml").write_text(text)
    for layers, verdict in ((2, "holds"), (3, "fails")):
        (tmp_path / "c.json").write_text(json.dumps({**LLAMA, "num_hidden_layers": layers}))
        assert check_bytes(text.encode(), str(tmp_path / "a.yaml"))["verdict"] == verdict
