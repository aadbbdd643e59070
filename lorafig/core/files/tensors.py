"""Arrays in files: safetensors, and never a pickle.

A file is its header, whose first eight bytes say how long it is, and the arrays. A stranger's header is
refused before it is read where it is too long; the library then holds every array's place to the file's size.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from lorafig.errors import LorafigError, Problem

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Path: TypeAlias = "str | os.PathLike[str]"
Precision: TypeAlias = Literal["float64", "float32"]
MAX_HEADER = 16 << 20  # bytes; 150 an array
MAX_FILE = 1 << 30  # bytes that are read into memory
_PICKLED = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"PK\x03\x04")  # PyTorch's are in an archive
_BYTES = 8  # before the header: its length
_PLAIN = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}  # what is read, as NumPy calls it
_READ = "F64, F32, F16 and BF16"
_BITS: Mapping[str, int] = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 16),
    **dict.fromkeys(("U32", "I32", "F32"), 32),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 64),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    "F4": 4,
}


@dataclass(frozen=True, slots=True)
class Tensor:
    """An array of a file that has not been read: its type as safetensors calls it, and its shape."""

    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What a file holds: arrays by name, the bytes before the first of them, all bytes, and what its writer
    noted beside."""

    tensors: Mapping[str, Tensor]
    length: int
    size: int
    metadata: Mapping[str, str] = field(default_factory=dict)

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
        raise LorafigError(
            Problem(f"cannot write {name_of(path)}: {_reason(error)}", code="file-unreadable")
        ) from None
    return read_header(path)


def read_header(path: Path) -> Header:
    """What is in a file, without reading the arrays."""
    name = name_of(path)
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise LorafigError(Problem(f"{name} is not a regular file", code="file-unreadable"))
        with open(path, "rb") as file:
            begun = file.read(_BYTES + 1)
            length = int.from_bytes(begun[:_BYTES], "little")
    except FileNotFoundError:
        hub = re.fullmatch(r"[\w.-]+/[\w.-]+", name)
        hint = f"nothing is downloaded: hf download {name} --local-dir {name.split('/')[-1]}" if hub else None
        raise LorafigError(Problem(f"there is no file {name}", None, hint, code="file-missing")) from None
    except OSError as error:
        raise LorafigError(
            Problem(f"cannot read {name}: {error.strerror or error}", code="file-unreadable")
        ) from None
    if length > MAX_HEADER and begun.startswith(_PICKLED):
        hint = "nothing of it is run: save it again, with safe_serialization=True"
        raise LorafigError(
            Problem(f"{name} is a pickle, whatever its name says", None, hint, code="adapter-file")
        )
    if length > MAX_HEADER and begun[_BYTES:] not in (b"", b"{"):
        hint = "it lacks the header: name a file that ends in .safetensors, or the folder of an adapter"
        raise LorafigError(Problem(f"{name} is not a safetensors file", None, hint, code="adapter-file"))
    if found.st_size >= _BYTES and length > MAX_HEADER:
        what = f"the header of {name} says that it is {length:,} bytes long"
        hint = f"{MAX_HEADER:,} are read at most, some 100,000 arrays: is it a safetensors file?"
        raise LorafigError(Problem(what, None, hint), "limit")
    import safetensors

    opened: Any = safetensors.safe_open
    tensors = {}
    try:
        with opened(os.fspath(path), framework="np") as file:
            for key in sorted(file.keys()):
                part = file.get_slice(key)
                tensors[key] = Tensor(part.get_dtype(), tuple(part.get_shape()))
            metadata = dict(file.metadata() or {})
    except safetensors.SafetensorError as error:
        raise LorafigError(
            Problem(
                f"{name} is not a safetensors file: {_reason(error)}",
                None,
                "if it was one, it is damaged or was cut off: get it again",
                code="adapter-file",
            )
        ) from None
    return Header(tensors, _BYTES + length, found.st_size, metadata)


def stored(tensor: Tensor) -> int:
    """Bytes of an array in a file."""
    return prod(tensor.shape) * _BITS.get(tensor.dtype, 0) // 8


class Arrays:
    """The arrays of an open file, each read when it is asked for, whole or in pieces.

    The library holds the header to the file's size first. It reads no bfloat16 into NumPy, so the bytes are
    read here, from where the header says they lie."""

    def __init__(self, path: Path, header: Header) -> None:
        import json

        self.name, self.header = name_of(path), header
        self._file = open(path, "rb")  # noqa: SIM115  closed by __exit__
        listed = json.loads(self._file.read(header.length)[_BYTES:])
        self._starts = {name: header.length + listed[name]["data_offsets"][0] for name in header.tensors}

    def __enter__(self) -> Arrays:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def whole(self, name: str) -> Array:
        """An array in float64."""
        tensor = self.header.tensors[name]
        return self._read(name, 0, prod(tensor.shape)).reshape(tensor.shape)

    def rows(self, name: str, first: int, last: int) -> Array:
        """The rows from `first` to before `last` of a matrix."""
        width = prod(self.header.tensors[name].shape[1:])
        return self._read(name, first * width, (last - first) * width).reshape(last - first, width)

    def _read(self, name: str, first: int, entries: int) -> Array:
        import numpy as np

        kind = self.header.tensors[name].dtype
        if kind not in _PLAIN:
            what = f"{shown(name)} in {self.name} is of type {kind}"
            raise LorafigError(Problem(what, None, f"read are {_READ}", code="adapter-file"))
        item = _BITS[kind] // 8
        self._file.seek(self._starts[name] + first * item)
        data = self._file.read(entries * item)
        if len(data) < entries * item:
            raise LorafigError(
                Problem(f"{self.name} has become shorter while it was read", code="adapter-file")
            )
        return _float64(np.frombuffer(data, _PLAIN[kind]), kind)


def _float64(array: Array, kind: str) -> Array:
    import numpy as np

    if kind == "BF16":  # the upper half of a float32
        array = (array.astype("<u4") << 16).view("<f4")
    return array.astype(np.float64)


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
        raise LorafigError(
            Problem(f"{name} is not a safetensors file: {_reason(error)}", code="adapter-file")
        ) from None
    for key, part in parts:
        kind = part["dtype"]
        if kind not in _PLAIN:
            what = f"{shown(key)} in {name} is of type {kind}"
            raise LorafigError(Problem(what, None, f"read are {_READ}", code="adapter-file"))
        found[key] = _float64(np.frombuffer(part["data"], _PLAIN[kind]), kind).reshape(part["shape"])
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
