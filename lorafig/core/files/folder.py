"""Which files of a folder are an adapter's, and its configuration. Nothing outside what was named is read."""

from __future__ import annotations

import json
import os
from typing import Any

from lorafig.core.files.tensors import Path, name_of, shown
from lorafig.errors import LorafigError, Problem
from lorafig.files import NotRegularError, read_regular

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
PICKLE = "adapter_model.bin"
MAX_CONFIG = 1 << 20  # bytes
# The names that PEFT, MLX and diffusers give to the weights, in the order in which they are looked for.
_KNOWN = (WEIGHTS, "adapters.safetensors", "pytorch_lora_weights.safetensors")
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_ENDING = ".safetensors"


def weights_of(path: Path) -> str:
    """The file with the weights of an adapter: a safetensors file, or the one in a folder."""
    text = os.fspath(path)
    if not os.path.isdir(text):
        if text.endswith(_PICKLES):
            raise LorafigError(pickled(os.path.basename(text)))
        return text
    try:
        names = sorted(os.listdir(text))
    except OSError as error:
        raise LorafigError(
            Problem(f"cannot read {name_of(text)}: {error.strerror or error}", code="file-unreadable")
        ) from None
    for known in _KNOWN:
        if known in names:
            return inside(text, known)
    found = [name for name in names if name.endswith(_ENDING)]
    if len(found) == 1:
        return inside(text, found[0])
    if found:
        what = f"{name_of(text)} holds {len(found)} safetensors files, and none is called {WEIGHTS}"
        listed = ", ".join(shown(name)[1:-1] for name in found[:4])
        raise LorafigError(Problem(what, None, f"name one of them: {listed}", code="adapter-file"))
    pickles = [name for name in names if name.endswith(_PICKLES)]
    if pickles:
        raise LorafigError(pickled(PICKLE if PICKLE in pickles else pickles[0]))
    hint = f"an adapter is a folder with {CONFIG} and {WEIGHTS}, or one safetensors file"
    inner = [name for name in names if os.path.isfile(os.path.join(text, name, WEIGHTS))]
    if inner:
        hint = "there are some in it: " + ", ".join(name_of(os.path.join(text, name)) for name in inner[:4])
    what = f"{name_of(text)} holds no adapter"
    if CONFIG in names:
        what, hint = f"{name_of(text)} has {CONFIG} and no weights", f"{WEIGHTS} belongs beside it"
    raise LorafigError(Problem(what, None, hint, code="adapter-file"))


def pickled(name: str) -> Problem:
    what = f"{shown(name)[1:-1]} is a pickle, and reading one runs what is in it"
    return Problem(what, None, "save the adapter again, with safe_serialization=True", code="adapter-file")


def inside(folder: Path, name: str) -> str:
    """The path of a file in a folder, links resolved. An error if it lies elsewhere: nothing is read that was
    not named. The cache of the model hub keeps the files of `snapshots/…` as links into `blobs`."""
    root = os.path.realpath(folder)
    place = os.path.realpath(os.path.join(root, name))
    above = os.path.dirname(root)
    homes = [root]
    if os.path.basename(above) == "snapshots":
        homes.append(os.path.join(os.path.dirname(above), "blobs"))
    if not any(place.startswith(os.path.join(home, "")) for home in homes):
        what = f"{name_of(os.path.join(folder, name))} is a link out of its folder"
        raise LorafigError(
            Problem(what, None, "copy the file, or name the folder that it lies in", code="adapter-file")
        )
    return place


def configuration(folder: Path, name: str = CONFIG) -> dict[str, Any]:
    """A JSON object of a folder."""
    called = name_of(os.path.join(folder, name))
    try:
        data = read_regular(inside(folder, name), MAX_CONFIG)
    except FileNotFoundError:
        hint = f"an adapter is a folder with {CONFIG} and {WEIGHTS}"
        raise LorafigError(Problem(f"there is no file {called}", None, hint, code="file-missing")) from None
    except NotRegularError:
        raise LorafigError(Problem(f"{called} is not a regular file", code="file-unreadable")) from None
    except OSError as error:
        raise LorafigError(
            Problem(f"cannot read {called}: {error.strerror or error}", code="file-unreadable")
        ) from None
    if len(data) > MAX_CONFIG:
        raise LorafigError(Problem(f"{called} is larger than 1 MiB"), "limit")
    config = parsed(data)
    if config is None:
        raise LorafigError(Problem(f"{called} is no JSON object", code="adapter-file"))
    return config


def parsed(data: bytes | str) -> dict[str, Any] | None:
    """A JSON object; None if the text is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
