"""Arrays in files: safetensors, and never a pickle.

A file is its header, whose first eight bytes say how long it is, and the arrays. A stranger's header is
refused before it is read where it is too long; the library then holds every array's place to the file's size.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from lorafig.errors import LorafigError, Problem

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Path: TypeAlias = "str | os.PathLike[str]"
Precision: TypeAlias = Literal["float64", "float32"]
MAX_HEADER = 4 << 20  # bytes; 150 an array
MAX_FILE = 1 << 30  # bytes that are read into memory
_BYTES = 8  # before the header: its length


@dataclass(frozen=True, slots=True)
class Tensor:
    """An array of a file that has not been read: its type as safetensors calls it, and its shape."""

    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What a file holds: arrays by name, the bytes before the first of them, and all bytes."""

    tensors: Mapping[str, Tensor]
    length: int
    size: int

    @property
    def entries(self) -> int:
        return sum(prod(one.shape) for one in self.tensors.values())


def write(path: Path, tensors: Mapping[str, Array], dtype: Precision = "float64") -> Header:
    """Writes arrays under their names. The same arrays give the same bytes."""
    import numpy as np
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    # The library takes the memory as it lies, transposed or not.
    plain = {name: np.asarray(array, dtype=dtype, order="C") for name, array in tensors.items()}
    try:
        save_file(plain, path, metadata={"format": "pt"})
    except (OSError, SafetensorError) as error:
        raise LorafigError(Problem(f"cannot write {name_of(path)}: {_reason(error)}")) from None
    return read_header(path)


def read_header(path: Path) -> Header:
    """What is in a file, without reading the arrays."""
    name = name_of(path)
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise LorafigError(Problem(f"{name} is not a regular file"))
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(_BYTES), "little")
    except FileNotFoundError:
        raise LorafigError(Problem(f"there is no file {name}")) from None
    except OSError as error:
        raise LorafigError(Problem(f"cannot read {name}: {error.strerror or error}")) from None
    if found.st_size >= _BYTES and length > MAX_HEADER:
        what = f"the header of {name} says that it is {length:,} bytes long"
        raise LorafigError(Problem(what, None, f"{MAX_HEADER:,} are read at most"), "limit")
    tensors = dict(_tensors(path, name))
    return Header(tensors, _BYTES + length, found.st_size)


def _tensors(path: Path, name: str) -> Iterator[tuple[str, Tensor]]:
    import safetensors

    opened: Any = safetensors.safe_open
    try:
        with opened(os.fspath(path), framework="np") as file:
            for key in sorted(file.keys()):
                one = file.get_slice(key)
                yield key, Tensor(one.get_dtype(), tuple(one.get_shape()))
    except safetensors.SafetensorError as error:
        raise LorafigError(Problem(f"{name} is no safetensors file: {_reason(error)}")) from None


def read(path: Path) -> dict[str, Array]:
    """All arrays of a file, in float64; those of float16, bfloat16 and float32 are exact in it."""
    import numpy as np
    import safetensors

    header = read_header(path)
    name = name_of(path)
    if header.size > MAX_FILE:
        what = f"{name} is {header.size:,} bytes large"
        raise LorafigError(Problem(what, None, f"{MAX_FILE:,} are read at most"), "limit")
    deserialize: Any = safetensors.deserialize
    with open(path, "rb") as file:
        data = file.read(MAX_FILE)
    found: dict[str, Array] = {}
    try:
        parts = deserialize(data)
    except safetensors.SafetensorError as error:
        raise LorafigError(Problem(f"{name} is no safetensors file: {_reason(error)}")) from None
    for key, part in parts:
        plain = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}.get(part["dtype"])
        if plain is None:
            what = f"{shown(key)} in {name} is of type {part['dtype']}"
            raise LorafigError(Problem(what, None, "read are F64, F32, F16 and BF16"))
        array = np.frombuffer(part["data"], plain)
        if part["dtype"] == "BF16":  # the upper half of a float32
            array = (array.astype("<u4") << 16).view("<f4")
        found[key] = array.astype(np.float64).reshape(part["shape"])
    return found


def name_of(path: Path) -> str:
    """A path in a message."""
    return _printable(os.fspath(path))


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text)


def _reason(error: Exception) -> str:
    """The library's own words, without the name of the array: of several bad ones it tells any one."""
    said = str(error).removeprefix("Error while deserializing").removeprefix(" header").removeprefix(": ")
    return shown(re.sub(r" for tensor .*|\(\".*", "", said, flags=re.DOTALL))[1:-1]


def shown(value: object) -> str:
    """A stranger's name or value in a message: printable, and not endless."""
    plain = _printable(value if isinstance(value, str) else repr(value))
    return f"'{plain if len(plain) <= 80 else plain[:79] + '…'}'"
