"""Files that LyCORIS writes, of a network with a linear layer and two convolutions, and its own merges.

`merge_to` of LyCORIS 4.1 scales LoHa and LoKr of low rank twice, which its forward pass does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

CASES: Mapping[str, Mapping[str, object]] = {
    "locon": {"algo": "locon"},
    "locon-tucker": {"algo": "locon", "use_tucker": True},
    "rs": {"algo": "locon", "rs_lora": True},
    "dora": {"algo": "locon", "dora_wd": True},
    "norms": {"algo": "locon", "train_norm": True},
    "full": {"algo": "full"},
    "loha": {"algo": "loha"},
    "loha-tucker": {"algo": "loha", "use_tucker": True},
    "lokr": {"algo": "lokr", "factor": 2},
    "lokr-both": {"algo": "lokr", "factor": 4, "decompose_both": True},
    "lokr-whole": {"algo": "lokr", "full_matrix": True, "factor": 2},
}
MERGED_TWICE = ("loha", "loha-tucker", "lokr", "lokr-both")


def make(name: str, folder: Path) -> int:
    """Writes `a.safetensors`, `base` and `merged.safetensors`; the number of trained parameters."""
    import torch
    from lycoris import LycorisNetwork, create_lycoris
    from safetensors.torch import save_file

    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = torch.nn.Linear(12, 20)
            self.conv = torch.nn.Conv2d(4, 6, 3, padding=1)
            self.one = torch.nn.Conv2d(6, 8, 1)
            self.norm = torch.nn.LayerNorm(20)

    torch.manual_seed(0)
    network = Net()
    (folder / "base").mkdir(parents=True)
    (folder / "base" / "config.json").write_text('{"model_type": "unheard-of"}')
    save_file(
        {key: one.clone() for key, one in network.state_dict().items()}, folder / "base" / "model.safetensors"
    )
    LycorisNetwork.apply_preset({"target_module": ["Net"], "enable_conv": True, "target_name": [".*"]})
    options: dict[str, Any] = dict(CASES[name])
    made = create_lycoris(network, 1.0, linear_dim=3, linear_alpha=2, conv_dim=3, conv_alpha=2, **options)
    made.apply_to()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.normal_(0, 0.3)
    made.save_weights(str(folder / "a.safetensors"), torch.float32, {})
    trained = sum(parameter.numel() for parameter in made.parameters())
    made.restore()
    made.merge_to(1.0)
    whole = {key: one.contiguous() for key, one in network.state_dict().items() if "lycoris" not in key}
    save_file(whole, folder / "merged.safetensors")
    return trained
