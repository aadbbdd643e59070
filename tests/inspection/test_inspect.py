"""What a saved adapter is, by files written by hand; the numbers are computed here, or printed by PEFT."""

from __future__ import annotations

import json
import os
import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import lorafig
from lorafig.errors import LorafigError
from tests.inspection import made

LLAMA = {"q_proj": (4096, 4096), "v_proj": (4096, 4096)}


def told(path: Path, base: str | None = None) -> str:
    """The error, without the folder's name."""
    with pytest.raises(LorafigError) as caught:
        lorafig.inspect(path, base)
    return str(caught.value).replace(str(path), "ADAPTER")


def remarks(found: lorafig.Inspection) -> list[str]:
    return [("fails: " if one.fails else "") + one.problem.what for one in found.remarks]


def test_totals_are_those_that_peft_prints(tmp_path: Path) -> None:
    """Llama 2 7B with r = 8 beside queries and values: PEFT prints 4,194,304 || 6,742,609,920 || 0.0622."""
    arrays = made.lora(made.decoder(32, LLAMA), 8)
    folder = made.peft(tmp_path / "a", arrays, base_model_name_or_path="meta-llama/Llama-2-7b-hf")
    found = lorafig.inspect(folder)
    assert (found.trainable, found.total) == (4_194_304, 6_742_609_920)
    assert found.share == Fraction(4_194_304, 6_742_609_920)
    assert found.holds
    assert found.remarks == ()
    assert len(found.modules) == 64
    assert {(one.kind, one.shape, one.r, one.alpha, one.scaling) for one in found.modules} == {
        ("linear", (4096, 4096), 8, 16, 2)
    }
    assert "0.06221 % of 6,742,609,920" in found.to_markdown()
    assert "model.layers.{0–31}.self\\_attn.q\\_proj | 32 |" in found.to_markdown()


def test_the_share_that_a_readme_has_wrong(tmp_path: Path) -> None:
    """Qwen2.5 3B, r = 16: 3,686,400 || 3,089,625,088 || 0.1193. By hand: 36 · 16 (3 · 2048 + 256)."""
    arrays = made.lora(made.decoder(36, {"q_proj": (2048, 2048), "v_proj": (256, 2048)}), 16, "BF16")
    found = lorafig.inspect(made.peft(tmp_path / "a", arrays, r=16, lora_alpha=32), "qwen2.5-3b")
    assert found.trainable == 36 * 16 * (2048 + 2048 + 2048 + 256) == 3_686_400
    assert found.total == 3_089_625_088
    assert "0.1193 %" in found.to_markdown()
    assert {one.bytes for one in found.modules} == {2 * 16 * 4096, 2 * 16 * 2304}


def test_what_is_trained_whole_is_counted_and_why(tmp_path: Path) -> None:
    """Embeddings and output layer saved too: more than a quarter where less than 1 % was expected."""
    vocabulary, d = 128_256, 4096
    whole = {
        "model.embed_tokens.weight": ("BF16", (vocabulary, d)),
        "lm_head.weight": ("BF16", (vocabulary, d)),
    }
    shapes = {"q_proj": (4096, 4096), "v_proj": (1024, 4096)}
    arrays = {**made.lora(made.decoder(32, shapes), 8, "BF16"), **whole}
    folder = made.peft(tmp_path / "a", arrays, modules_to_save=["embed_tokens", "lm_head"])
    found = lorafig.inspect(folder, "llama-3-8b")
    own = 32 * 8 * (4096 + 4096 + 1024 + 4096)
    assert found.trainable == own + 2 * vocabulary * d
    assert found.total == 8_030_261_248 + own + 2 * vocabulary * d
    assert [one.why for one in found.others] == [
        "trained whole: modules_to_save names 'lm_head'",
        "trained whole: modules_to_save names 'embed_tokens'",
    ]
    assert found.bytes > 2 * 2 * vocabulary * d  # a file of 2 GB, of which only the header is read
    # The same arrays in a file whose configuration does not name them are not trained.
    kept = lorafig.inspect(made.peft(tmp_path / "b", arrays))
    assert kept.trainable == own
    assert {one.trained for one in kept.others} == {False}


def test_other_arrays_of_peft_are_known(tmp_path: Path) -> None:
    modules = {"roberta.encoder.layer.0.attention.self.query": (768, 768)}
    more = {
        "roberta.encoder.layer.0.attention.self.query.base_layer.bias": ("F32", (768,)),
        "roberta.encoder.layer.0.attention.self.query.lora_B.bias": ("F32", (768,)),
        "classifier.dense.weight": ("F32", (768, 768)),
        "roberta.embeddings.word_embeddings.token_adapter.trainable_tokens_delta": ("F32", (3, 768)),
        "roberta.odd": ("F32", (5, 5)),
    }
    config = {"bias": "all", "modules_to_save": ["classifier"], "task_type": "SEQ_CLS"}
    found = lorafig.inspect(made.peft(tmp_path / "a", {**made.lora(modules, 8), **more}, **config))
    assert found.trainable == 8 * 2 * 768 + 768 + 768 + 768 * 768 + 3 * 768
    assert {one.name.rpartition(".")[2]: (one.trained, one.added) for one in found.others} == {
        "bias": (True, True),
        "weight": (True, True),
        "trainable_tokens_delta": (True, True),
        "odd": (None, True),
    }
    assert remarks(found) == [
        "1 array is not understood, and 25 parameters not counted: base_model.model.roberta.odd"
    ]
    assert "25 parameters in the file are not understood" in found.to_markdown()
    assert not found.network


def test_embeddings_convolutions_and_experts_have_their_shape(tmp_path: Path) -> None:
    arrays: made.Arrays = {
        "wte.lora_embedding_A": ("F32", (4, 50257)),
        "wte.lora_embedding_B": ("F32", (768, 4)),
        "conv.lora_A.weight": ("F32", (4, 3, 3, 3)),
        "conv.lora_B.weight": ("F32", (64, 4, 1, 1)),
    }
    found = lorafig.inspect(made.peft(tmp_path / "a", arrays, r=4))
    assert {one.name: (one.kind, one.shape, one.parameters) for one in found.modules} == {
        "wte": ("embedding", (768, 50257), 4 * (768 + 50257)),
        "conv": ("convolution", (64, 3, 3, 3), 4 * (27 + 64)),
    }
    experts: made.Arrays = {
        "mlp.experts.lora_A.weight": ("F32", (8 * 4, 64)),
        "mlp.experts.lora_B.weight": ("F32", (128, 8 * 4)),
    }
    (module,) = lorafig.inspect(
        made.peft(tmp_path / "b", experts, r=4, target_parameters=["mlp.experts.gate_up_proj"])
    ).modules
    assert (module.kind, module.shape, module.r, module.scaling) == ("experts", (8, 128, 64), 4, 4)


def test_scalings_by_pattern_and_method(tmp_path: Path) -> None:
    modules = {f"layers.{n}.fc": (16, 16) for n in range(12)}
    patterns = {"alpha_pattern": {r"layers\.1[0-9].*": 8, "^layers.0.fc": 4, r"layers\.(1|2)\.fc": 24}}
    found = lorafig.inspect(made.peft(tmp_path / "a", made.lora(modules, 8), **patterns))
    alphas = {module.name: module.alpha for module in found.modules}
    assert alphas == {name: {0: 4, 1: 24, 2: 24, 10: 8, 11: 8}.get(n, 16) for n, name in enumerate(modules)}
    assert [one.name for one in found.modules] == list(modules)  # 2 before 10
    stabilised = lorafig.inspect(made.peft(tmp_path / "b", made.lora(modules, 4), r=4, use_rslora=True))
    assert {one.scaling for one in stabilised.modules} == {8}  # 16 / √4
    arrays = {"fc.lora_A": ("F32", (2, 8)), "fc.lora_B": ("F32", (8, 2)), "fc.lora_E": ("F32", (2, 1))}
    (module,) = lorafig.inspect(made.peft(tmp_path / "c", arrays, peft_type="ADALORA")).modules  # type: ignore[arg-type]
    assert module.scaling == Fraction(16) / (2 + Fraction(1, 100_000))  # as PEFT divides
    assert module.parameters == 2 * 16 + 2


def test_a_file_that_says_other_than_its_configuration_is_right(tmp_path: Path) -> None:
    folder = made.peft(
        tmp_path / "a", made.lora(made.decoder(32, LLAMA), 4), target_modules=["q_proj", "k_proj"]
    )
    found = lorafig.inspect(folder)
    assert {module.r for module in found.modules} == {4}
    assert {module.scaling for module in found.modules} == {4}
    assert not found.holds
    assert remarks(found) == [
        "fails: adapter_config.json says the rank 8, and the file has 4: model.layers.0.self_attn.q_proj, "
        "model.layers.0.self_attn.v_proj, model.layers.1.self_attn.q_proj and 61 more",
        "target_modules in adapter_config.json names k_proj, of which the file has nothing",
    ]
    broken = made.peft(tmp_path / "b", made.lora({"fc": (4, 4)}, 8), lora_alpha="16")
    assert remarks(lorafig.inspect(broken)) == [
        "fails: lora_alpha in adapter_config.json is '16', not a number: fc"
    ]
    odd = made.peft(tmp_path / "c", made.lora({"fc": (4, 4)}, 8), alpha_pattern={"(f+)+": 1})
    assert remarks(lorafig.inspect(odd)) == [
        "fails: alpha_pattern in adapter_config.json has the expression '(f+)+': fc"
    ]


def test_a_base_that_is_another_is_told(tmp_path: Path) -> None:
    folder = made.peft(tmp_path / "a", made.lora(made.decoder(33, LLAMA), 8))
    assert remarks(lorafig.inspect(folder, "llama-2-7b")) == [
        "fails: the adapter has more modules than Llama 2 7B: self_attn.q_proj 33 times, not 32, "
        "self_attn.v_proj 33 times, not 32"
    ]
    assert remarks(lorafig.inspect(folder, "llama-3-8b"))[0] == (
        "fails: the adapter does not fit Llama 3 8B: model.layers.0.self_attn.v_proj is 1024 × 4096 there "
        "and 4096 × 4096 here; model.layers.1.self_attn.v_proj is 1024 × 4096 there and 4096 × 4096 here; "
        "model.layers.2.self_attn.v_proj is 1024 × 4096 there and 4096 × 4096 here and 30 more"
    )
    assert remarks(lorafig.inspect(folder, "gpt2")) == [
        "fails: GPT-2 has none of the adapter's modules: model.layers.0.self_attn.q_proj, "
        "model.layers.0.self_attn.v_proj, model.layers.1.self_attn.q_proj and 30 more".replace("30", "63")
    ]
    # By its own configuration's name it is not an error: a name is not a file.
    named = made.peft(tmp_path / "b", made.lora({"x": (4, 4)}, 8), base_model_name_or_path="gpt2")
    assert lorafig.inspect(named).holds
    config = tmp_path / "base" / "config.json"
    config.parent.mkdir()
    sizes = {
        "hidden_size": 4096,
        "num_hidden_layers": 33,
        "num_attention_heads": 32,
        "intermediate_size": 11008,
    }
    config.write_text(json.dumps({"model_type": "llama", **sizes}))
    assert lorafig.inspect(folder, config).holds
    assert lorafig.inspect(folder, config.parent).total == lorafig.inspect(folder, config).total


def test_the_base_fills_in_what_a_file_does_not_say(tmp_path: Path) -> None:
    arrays = {
        "layers.0.self_attn.v_proj.ia3_l": ("F32", (1024, 1)),
        "layers.0.mlp.down_proj.ia3_l": ("F32", (1, 14336)),
    }
    folder = made.peft(tmp_path / "a", arrays, peft_type="IA3")  # type: ignore[arg-type]
    shapes = {one.name: one.shape for one in lorafig.inspect(folder).modules}
    assert set(shapes.values()) == {(1024, None), (None, 14336)}
    shapes = {one.name: one.shape for one in lorafig.inspect(folder, "llama-3-8b").modules}
    assert set(shapes.values()) == {(1024, 4096), (4096, 14336)}


def half(value: float) -> bytes:
    return struct.pack("<e", value)


def test_files_of_kohya(tmp_path: Path) -> None:
    """`alpha` stands beside the arrays; without one it is the rank. A convolution may have a small kernel
    between."""
    q = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"
    arrays: made.Arrays = {
        f"{q}.lora_down.weight": ("F16", (4, 320)),
        f"{q}.lora_up.weight": ("F16", (320, 4)),
        f"{q}.alpha": ("F16", ()),
        "lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight": ("F16", (4, 768)),
        "lora_te_text_model_encoder_layers_0_mlp_fc1.lora_up.weight": ("F16", (3072, 4)),
        "lora_unet_conv_in.lora_down.weight": ("F16", (8, 4, 1, 1)),
        "lora_unet_conv_in.lora_mid.weight": ("F16", (8, 8, 3, 3)),
        "lora_unet_conv_in.lora_up.weight": ("F16", (320, 8, 1, 1)),
        "lora_unet_x.hada_w1_a": ("F16", (16, 2)),
        "lora_unet_x.hada_w1_b": ("F16", (2, 8)),
        "lora_unet_x.hada_w2_a": ("F16", (16, 2)),
        "lora_unet_x.hada_w2_b": ("F16", (2, 8)),
    }
    path = made.file(tmp_path / "s.safetensors", arrays, {f"{q}.alpha": half(1.0)}, ss_sd_model_name="sd15")
    found = lorafig.inspect(path)
    assert (found.method, found.saved.written, found.saved.base) == ("lora, loha", "kohya", "sd15")
    assert {one.name: (one.kind, one.shape, one.r, one.scaling, one.parameters) for one in found.modules} == {
        q: ("linear", (320, 320), 4, Fraction(1, 4), 4 * 640),
        "lora_te_text_model_encoder_layers_0_mlp_fc1": ("linear", (3072, 768), 4, 1, 4 * 3840),
        "lora_unet_conv_in": ("convolution", (320, 4, 3, 3), 8, 1, 8 * 4 + 8 * 8 * 9 + 320 * 8),
        "lora_unet_x": ("linear", (16, 8), 2, 1, 2 * 2 * 24),
    }
    assert found.others == found.remarks == ()
    assert found.modules[0].bytes in (2 * 4 * 640 + 2, 2 * 4 * 3840)
    assert remarks(lorafig.inspect(path, "sd-1.5-unet"))[0].startswith(
        "fails: Stable Diffusion 1.5, U-Net has"
    )


def test_files_of_diffusers(tmp_path: Path) -> None:
    to_q = "down_blocks.0.attentions.0.transformer_blocks.0.attn1"
    arrays: made.Arrays = {
        f"unet.{to_q}.to_q.lora_A.weight": ("F32", (4, 320)),
        f"unet.{to_q}.to_q.lora_B.weight": ("F32", (320, 4)),
        f"unet.{to_q}.processor.to_k_lora.down.weight": ("F32", (4, 768)),
        f"unet.{to_q}.processor.to_k_lora.up.weight": ("F32", (320, 4)),
        f"unet.{to_q}.to_v.lora.down.weight": ("F32", (4, 768)),
        f"unet.{to_q}.to_v.lora.up.weight": ("F32", (320, 4)),
        "text_encoder.layers.0.q_proj.lora_linear_layer.down.weight": ("F32", (4, 768)),
        "text_encoder.layers.0.q_proj.lora_linear_layer.up.weight": ("F32", (768, 4)),
    }
    said = json.dumps({"unet.r": 4, "unet.lora_alpha": 2, "text_encoder.lora_alpha": 8})
    path = made.file(tmp_path / "a" / "pytorch_lora_weights.safetensors", arrays, lora_adapter_metadata=said)
    found = lorafig.inspect(path.parent)
    assert found.saved.written == "diffusers"
    scalings = {one.name.split(".")[0] + one.name[-4:]: one.scaling for one in found.modules}
    assert scalings == {"unetto_q": Fraction(1, 2), "unetto_k": Fraction(1, 2), "unetto_v": Fraction(1, 2),
                        "text_encoderproj": 2}  # fmt: skip
    assert found.trainable == 4 * (640 + 2 * (768 + 320) + 2 * 768)
    plain = lorafig.inspect(made.file(tmp_path / "b.safetensors", arrays))
    assert {one.scaling for one in plain.modules} == {1}


@pytest.mark.parametrize(
    ("said", "scaling"),
    [({"rank": 8, "scale": 20.0}, 20), ({"rank": 8, "alpha": 16, "scale": 10.0}, 20), ({"rank": 4}, None)],
)
def test_files_of_mlx(tmp_path: Path, said: dict[str, Any], scaling: int | None) -> None:
    arrays: made.Arrays = {
        "model.layers.0.self_attn.q_proj.lora_a": ("F32", (2048, 8)),
        "model.layers.0.self_attn.q_proj.lora_b": ("F32", (8, 1024)),
        "model.layers.0.mlp.switch_mlp.up_proj.lora_a": ("F32", (16, 8, 2048)),
        "model.layers.0.mlp.switch_mlp.up_proj.lora_b": ("F32", (16, 512, 8)),
    }
    made.file(tmp_path / "adapters.safetensors", arrays)
    config = {"fine_tune_type": "lora", "lora_parameters": said, "model": "mlx-community/x"}
    (tmp_path / "adapter_config.json").write_text(json.dumps(config))
    found = lorafig.inspect(tmp_path)
    assert (found.saved.written, found.saved.base) == ("MLX", "mlx-community/x")
    assert [(one.kind, one.shape, one.r, one.scaling) for one in found.modules] == [
        ("experts", (16, 512, 2048), 8, scaling),
        ("linear", (1024, 2048), 8, scaling),
    ]
    assert found.trainable == 16 * 8 * 2560 + 8 * 3072
    assert found.holds == (said["rank"] == 8)


def test_files_of_loralib_and_of_nobody(tmp_path: Path) -> None:
    arrays: made.Arrays = {
        "h.0.attn.q.lora_A": ("F32", (4, 16)),
        "h.0.attn.q.lora_B": ("F32", (16, 4)),
        "h.0.attn.c_attn.lora_A": ("F32", (8, 16)),  # two in one, as its MergedLinear has them
        "h.0.attn.c_attn.lora_B": ("F32", (32, 4)),
    }
    found = lorafig.inspect(made.file(tmp_path / "a.safetensors", arrays))
    assert (found.saved.written, found.trainable) == ("loralib", 4 * 32 + 8 * 16 + 32 * 4)
    assert {(one.scaling, one.r) for one in found.modules} == {(None, 4)}
    assert found.others == ()
    bare = lorafig.inspect(
        made.peft(tmp_path / "p", made.lora({"fc": (4, 4)}, 2)) / "adapter_model.safetensors"
    )
    assert remarks(bare) == [
        "no adapter_config.json was read: what alpha is, and so the scaling, is not known"
    ]
    model = lorafig.inspect(made.file(tmp_path / "m.safetensors", {"model.embed.weight": ("F32", (10, 10))}))
    assert (model.method, model.modules, model.trainable) == ("unknown", (), 0)


def test_arrays_of_two_methods_on_one_module_are_none(tmp_path: Path) -> None:
    arrays: made.Arrays = {
        **made.lora({"fc": (8, 8)}, 2),
        "fc.hada_w1_a": ("F32", (8, 2)),
        "fc.hada_w1_b": ("F32", (2, 8)),
    }
    found = lorafig.inspect(made.file(tmp_path / "a.safetensors", arrays))
    assert (found.modules, found.trainable) == ((), 0)
    assert sum(one.parameters for one in found.others) == 4 * 16
    assert {one.trained for one in found.others} == {None}


def test_a_method_that_is_not_known_is_counted(tmp_path: Path) -> None:
    folder = made.peft(tmp_path / "a", {"q_proj.oft_R": ("F32", (8, 64, 64))}, peft_type="OFT")
    found = lorafig.inspect(folder)
    assert (found.method, found.trainable, found.modules) == ("oft", 8 * 64 * 64, ())


def test_packed_weights_are_counted_unpacked(tmp_path: Path) -> None:
    more: made.Arrays = {
        "lm_head.weight": ("U8", (64 * 64 // 2, 1)),
        "lm_head.weight.absmax": ("F32", (64,)),
    }
    found = lorafig.inspect(
        made.peft(tmp_path / "a", {**made.lora({"fc": (4, 4)}, 8), **more}, modules_to_save=["lm_head"])
    )
    assert found.trainable == 8 * 8 + 64 * 64


def test_nothing_outside_what_was_named_is_read(tmp_path: Path) -> None:
    source = made.peft(tmp_path / "source", made.lora({"fc": (4, 4)}, 8))
    linked = tmp_path / "linked"
    linked.mkdir()
    os.symlink(source / "adapter_model.safetensors", linked / "adapter_model.safetensors")
    assert told(linked) == (
        "ADAPTER/adapter_model.safetensors is a link out of its folder\n"
        "  hint: copy the file, or name the folder that it lies in"
    )
    # The cache of the model hub: links into the blobs beside.
    hub = tmp_path / "models--x"
    (hub / "snapshots" / "abc").mkdir(parents=True)
    (hub / "blobs").mkdir()
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        os.rename(source / name, hub / "blobs" / name[:9])
        os.symlink(f"../../blobs/{name[:9]}", hub / "snapshots" / "abc" / name)
        source_left = sorted(os.listdir(source))
    assert source_left == []
    assert lorafig.inspect(hub / "snapshots" / "abc").trainable == 8 * 8


def test_bad_input_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    assert told(tmp_path / "a") == (
        "ADAPTER holds no adapter\n"
        "  hint: an adapter is a folder with adapter_config.json and adapter_model.safetensors, or one "
        "safetensors file"
    )
    (tmp_path / "a" / "pytorch_model.bin").write_bytes(b"\x80")
    assert told(tmp_path / "a").startswith(
        "pytorch_model.bin is a pickle, and reading one runs what is in it\n"
    )
    assert told(tmp_path / "a" / "pytorch_model.bin").startswith("pytorch_model.bin is a pickle")
    for name in "xy":
        made.file(tmp_path / "two" / f"{name}.safetensors", {})
    assert told(tmp_path / "two").endswith("hint: name one of them: x.safetensors, y.safetensors")
    assert told(tmp_path / "none.safetensors") == "there is no file ADAPTER"
    long = tmp_path / "long.safetensors"
    long.write_bytes(struct.pack("<Q", 4 << 30) + b"{}")
    assert told(long).startswith("the header of ADAPTER says that it is 4,294,967,296 bytes long")
    overlapping = made.file(tmp_path / "o.safetensors", {"a": ("F32", (2,)), "b": ("F32", (2,))})
    overlapping.write_bytes(overlapping.read_bytes().replace(b"[8, 16]", b"[4, 12]"))
    assert told(overlapping).startswith("ADAPTER is not a safetensors file")
    folder = made.peft(tmp_path / "f", made.lora({"fc": (4, 4)}, 8))
    (folder / "adapter_config.json").unlink()
    os.mkfifo(folder / "adapter_config.json")
    assert told(folder) == "ADAPTER/adapter_config.json is not a regular file"
    (folder / "adapter_config.json").unlink()
    assert told(folder, "no-network").startswith("there is no network 'no-network'")


def test_names_of_strangers_stay_text(tmp_path: Path) -> None:
    name = "a|b<script>\x1b[2J"
    arrays = {**made.lora({"fc": (4, 4)}, 8), name: ("F32", (1,))}
    found = lorafig.inspect(made.peft(tmp_path / "a", arrays))  # type: ignore[arg-type]
    assert "<script>" not in found._repr_html_()
    assert "\x1b" not in found.to_markdown()
    assert "a\\|b\\<script\\>" in found.to_markdown()


def test_the_file_is_right_where_the_configuration_names_another_method(tmp_path: Path) -> None:
    plain = made.lora({"layers.0.q_proj": (6, 4)}, 2)
    both = {**plain, "layers.0.q_proj.lora_magnitude_vector": ("F32", (6,))}
    config: dict[str, Any] = {"r": 2, "lora_alpha": 8}
    said = lorafig.inspect(made.peft(tmp_path / "a", plain, **config, use_dora=True))
    assert [(one.method, one.scaling) for one in said.modules] == [("lora", 4)]
    assert remarks(said) == [
        "fails: use_dora is True in adapter_config.json, and the file lacks the magnitudes of layers.0.q_proj"
    ]
    unsaid = lorafig.inspect(made.peft(tmp_path / "b", both, **config))
    assert [(one.method, one.parameters) for one in unsaid.modules] == [("dora", 2 * 10 + 6)]
    assert "the file has the magnitudes" in remarks(unsaid)[0]
    other = lorafig.inspect(made.peft(tmp_path / "c", plain, **config, peft_type="LOHA"))
    assert [one.method for one in other.modules] == ["lora"]
    assert remarks(other)[-1].startswith(
        "fails: peft_type is LOHA in adapter_config.json, and the arrays are"
    )
    scaled = lorafig.inspect(made.peft(tmp_path / "d", both, **config, use_dora=True, use_rslora=True))
    assert [float(one.scaling or 0) for one in scaled.modules] == [pytest.approx(8 / 2**0.5)]


def test_a_module_that_lacks_an_array_fails(tmp_path: Path) -> None:
    found = lorafig.inspect(made.peft(tmp_path / "a", {"x.q_proj.lora_A.weight": ("F32", (8, 1))}))
    assert (found.trainable, found.holds) == (0, False)
    assert remarks(found)[0].startswith("fails: 1 array is not understood, and 8 parameters not counted")


def test_the_head_of_a_task_takes_the_place_of_the_one_for_words(tmp_path: Path) -> None:
    """PEFT counts the head that it trains and the one that it keeps: 3 · 64 twice, and no 100 · 64."""
    config = tmp_path / "config.json"
    sizes = {"hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4, "intermediate_size": 96}
    config.write_text(json.dumps({"model_type": "llama", "vocab_size": 100, **sizes}))
    arrays = made.lora({"model.layers.0.self_attn.q_proj": (64, 64)}, 8)
    plain = lorafig.inspect(made.peft(tmp_path / "a", arrays), config)
    head = {"score.weight": ("F32", (3, 64))}
    named = {"task_type": "SEQ_CLS", "modules_to_save": ["classifier", "score"]}
    found = lorafig.inspect(made.peft(tmp_path / "b", {**arrays, **head}, **named), config)
    assert plain.total is not None
    assert found.total == plain.total - 100 * 64 + 2 * 3 * 64
    assert found.trainable == plain.trainable + 3 * 64
    assert found.remarks == ()


def test_mixtral_by_its_newer_names(tmp_path: Path) -> None:
    """transformers 5 has one array for all experts, and `mlp` for `block_sparse_moe`."""
    config = tmp_path / "config.json"
    sizes = {"hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4, "intermediate_size": 96}
    said = {"model_type": "mixtral", "vocab_size": 100, "num_local_experts": 4, "num_key_value_heads": 4}
    config.write_text(json.dumps({**said, **sizes}))
    layer = "model.layers.0.mlp"
    arrays = made.lora({f"{layer}.gate": (4, 64), f"{layer}.experts": (192, 64)}, 8)
    assert lorafig.inspect(made.peft(tmp_path / "a", arrays), config).remarks == ()


def test_a_vector_beside_a_convolution_has_the_side_that_the_configuration_says(tmp_path: Path) -> None:
    arrays: made.Arrays = {f"{name}.ia3_l": ("F32", (1, 12, 1, 1)) for name in ("a.conv1", "a.conv2")}
    folder = made.peft(tmp_path / "a", arrays, peft_type="IA3", feedforward_modules=["conv2"])
    assert [one.shape for one in lorafig.inspect(folder).modules] == [(12, None), (None, 12)]


def test_what_other_methods_keep_and_do_not_train(tmp_path: Path) -> None:
    """Names as PEFT 0.21 writes them."""
    fc = "x.fc"
    cases: dict[str, tuple[made.Arrays, int]] = {
        "SHIRA": ({f"{fc}.shira_indices": ("I64", (2, 9)), f"{fc}.shira_weight": ("F32", (9,))}, 9),
        "DELORA": ({f"{fc}.delora_A": ("F32", (2, 4)), f"{fc}.delora_w_norm": ("F32", (4,))}, 8),
        "GLORA": ({f"{fc}.glora_A.Xd": ("F32", (4, 2)), f"{fc}.glora_D.zeros": ("F32", (4,))}, 8),
        "PVERA": ({f"{fc}.pvera_lambda_b": ("F32", (4,)), f"{fc}.pvera_A": ("F32", (4, 4))}, 4),
    }
    for kind, (arrays, trained) in cases.items():
        found = lorafig.inspect(made.peft(tmp_path / kind, arrays, peft_type=kind))
        assert (found.trainable, found.remarks) == (trained, ())
        assert len(found.others) == 2


def test_a_pickle_under_the_name_of_safetensors(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    for begun in (b"\x80\x04cos\nsystem\n(S'false'\ntR.", b"PK\x03\x04" + bytes(9)):
        path.write_bytes(begun)
        assert "is a pickle, whatever its name says" in told(path)


def test_several_projections_in_one_as_loralib_writes_them(tmp_path: Path) -> None:
    """`MergedLinear(8, 12, r=2, enable_lora=[True, False, True])`: the weight's side is not in the file."""
    arrays: made.Arrays = {"attn.c_attn.lora_A": ("F32", (4, 8)), "attn.c_attn.lora_B": ("F32", (8, 2))}
    found = lorafig.inspect(made.file(tmp_path / "a.safetensors", arrays), verify=True)
    assert [(one.shape, one.r, one.parameters) for one in found.modules] == [((None, 8), 2, 48)]
    assert found.verified["attn.c_attn"].rank is None
    assert found.saved.written == "loralib"


def test_blocks_of_a_unet_have_one_path_in_several_sizes(tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    said = {"_class_name": "UNet2DConditionModel", "sample_size": 8, "in_channels": 4, "out_channels": 4,
            "layers_per_block": 1, "block_out_channels": [8, 16], "cross_attention_dim": 8,
            "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"], "attention_head_dim": 4,
            "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"]}  # fmt: skip
    config.write_text(json.dumps(said))
    arrays: made.Arrays = {
        **{f"unet.{block}.attn1.to_q.lora_{part}.weight": ("F32", shape)
           for block, side in (("down_blocks.0.attentions.0.transformer_blocks.0", 8),
                               ("mid_block.attentions.0.transformer_blocks.0", 16))
           for part, shape in (("A", (3, side)), ("B", (side, 3)))},
        "unet.down_blocks.1.resnets.0.conv1.lora_A.weight": ("F32", (3, 8, 3, 3)),
        "unet.down_blocks.1.resnets.0.conv1.lora_B.weight": ("F32", (16, 3, 1, 1)),
    }  # fmt: skip
    found = lorafig.inspect(made.file(tmp_path / "a.safetensors", arrays), config)
    assert found.remarks == ()
    flat = {f"lora_{name.partition('.lora_')[0].replace('.', '_')}.lora_{name.partition('.lora_')[2]}": array
            for name, array in arrays.items()}  # fmt: skip
    assert lorafig.inspect(made.file(tmp_path / "b.safetensors", flat), config).holds
