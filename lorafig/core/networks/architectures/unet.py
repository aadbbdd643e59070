"""The U-Net of latent diffusion: Rombach et al. (2022), appendix E.2.1; Podell et al. (2023), section 2.1.

Transformer blocks stand between residual blocks of convolutions; their second attention reads the prompt, so
its keys and values are as wide as the text encoder's output. Modules are named as diffusers names them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lorafig.core.network import Module, Modules
from lorafig.core.networks.config import Config

DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "unet": {
        "in_channels": 4, "out_channels": 4, "layers_per_block": 2, "cross_attention_dim": 1280,
        "block_out_channels": [320, 640, 1280, 1280], "transformer_layers_per_block": 1,
        "use_linear_projection": False, "addition_embed_type": "none",
        "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
        "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
    },
}  # fmt: skip
_DOWN, _UP = ("DownBlock2D", "CrossAttnDownBlock2D"), ("UpBlock2D", "CrossAttnUpBlock2D")


def build(config: Config) -> tuple[tuple[Module, ...], Mapping[str, int]]:
    unet = _Unet(config)
    unet.whole()
    return unet.modules.all(), {"d_text": unet.text}


class _Unet:
    def __init__(self, config: Config) -> None:
        self.config, self.modules = config, Modules()
        self.down = self._blocks("down_block_types", _DOWN)
        self.channels = config.wholes("block_out_channels", len(self.down))
        self.time = 4 * self.channels[0]
        self.text = config.whole("cross_attention_dim")

    def _blocks(self, key: str, known: Sequence[str]) -> tuple[str, ...]:
        blocks = self.config.words(key)
        if not blocks or len(blocks) > 64 or not set(blocks) <= set(known):
            self.config.refuse(key, list(blocks), f"a list of {' and '.join(known)}")
        return blocks

    def whole(self) -> None:
        config, channels, last = self.config, self.channels, len(self.channels) - 1
        up = self._blocks("up_block_types", _UP)
        if len(up) != len(channels):
            config.refuse("up_block_types", list(up), f"{len(channels)} of them")
        resnets, depths = (
            config.whole("layers_per_block"),
            config.wholes("transformer_layers_per_block", last + 1),
        )
        self._linear("time_embedding.linear_1", self.time, channels[0])
        self._linear("time_embedding.linear_2", self.time, self.time)
        added = config.word("addition_embed_type")
        if added == "text_time":
            self._linear(
                "add_embedding.linear_1", self.time, config.whole("projection_class_embeddings_input_dim")
            )
            self._linear("add_embedding.linear_2", self.time, self.time)
        elif added != "none":
            config.refuse("addition_embed_type", added, "text_time, or none")
        self._convolution("conv_in", channels[0], config.whole("in_channels"))
        before = channels[0]
        for place, (block, wide) in enumerate(zip(self.down, channels, strict=True)):
            for resnet in range(resnets):
                self._resnet(wide if resnet else before, wide)
            if block == "CrossAttnDownBlock2D":
                self._transformer(wide, depths[place], resnets)
            if place != last:
                self._convolution("downsamplers.conv", wide, wide)
            before = wide
        self._resnet(channels[-1], channels[-1], 2)
        self._transformer(channels[-1], depths[-1], 1)
        turned, turned_depths = channels[::-1], depths[::-1]
        before = turned[0]
        for place, (block, wide) in enumerate(zip(up, turned, strict=True)):
            skipped = turned[min(place + 1, last)]
            for resnet in range(resnets + 1):
                self._resnet((wide if resnet else before) + (skipped if resnet == resnets else wide), wide)
            if block == "CrossAttnUpBlock2D":
                self._transformer(wide, turned_depths[place], resnets + 1)
            if place != last:
                self._convolution("upsamplers.conv", wide, wide)
            before = wide
        self.modules.norm("conv_norm_out", channels[0], bias=True)
        self._convolution("conv_out", config.whole("out_channels"), channels[0])

    def _linear(self, path: str, d: int, k: int, times: int = 1) -> None:
        self.modules.add(path, d, k, times, bias=True)

    def _convolution(self, path: str, d: int, k: int, side: int = 3, times: int = 1) -> None:
        self.modules.add(path, d, k * side**2, times, bias=True, part="other")

    def _resnet(self, k: int, d: int, times: int = 1) -> None:
        self.modules.norm("resnets.norm1", k, times, bias=True)
        self._convolution("resnets.conv1", d, k, times=times)
        self._linear("resnets.time_emb_proj", d, self.time, times)
        self.modules.norm("resnets.norm2", d, times, bias=True)
        self._convolution("resnets.conv2", d, d, times=times)
        if k != d:
            self._convolution("resnets.conv_shortcut", d, k, 1, times)

    def _transformer(self, d: int, depth: int, times: int) -> None:
        self.modules.norm("attentions.norm", d, times, bias=True)
        linear = self.config.flag("use_linear_projection")
        for path in ("attentions.proj_in", "attentions.proj_out"):
            self.modules.add(path, d, d, times, bias=True, part="linear" if linear else "other")
        blocks = times * depth
        self.modules.norm("transformer_blocks.norm", d, 3 * blocks, bias=True)
        for attention, k in (("attn1", d), ("attn2", self.text)):
            self.modules.add(f"{attention}.to_q", d, d, blocks)
            self.modules.add(f"{attention}.to_k", d, k, blocks)
            self.modules.add(f"{attention}.to_v", d, k, blocks)
            self._linear(f"{attention}.to_out.0", d, d, blocks)
        self._linear("ff.net.0.proj", 8 * d, d, blocks)
        self._linear("ff.net.2", d, 4 * d, blocks)
