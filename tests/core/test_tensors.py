"""Arrays in files: what is written is read, and what a stranger wrote is refused with a reason."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lorafig.core.files import tensors
from lorafig.errors import LorafigError


def raw(header: Any, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def refused(path: Path, data: bytes, kind: str = "spec") -> str:
    path.write_bytes(data)
    found = []
    for reader in (tensors.read_header, tensors.read):
        with pytest.raises(LorafigError) as caught:
            reader(path)
        assert caught.value.kind == kind
        found.append(str(caught.value).replace(str(path), "FILE"))
    assert found[0] == found[1]
    return found[0]


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text("abc_.", min_size=1, max_size=8),
        arrays.arrays(np.float64, arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)),
        max_size=4,
    )
)
def test_what_is_written_is_read_bit_for_bit(tmp_path_factory: Any, given: dict[str, np.ndarray]) -> None:
    path = tmp_path_factory.mktemp("t") / "a.safetensors"
    header = tensors.write(path, given)
    found = tensors.read(path)
    assert {name: array.tobytes() for name, array in found.items()} == {
        name: array.tobytes() for name, array in given.items()
    }
    assert {name: one.shape for name, one in header.tensors.items()} == {
        name: array.shape for name, array in given.items()
    }
    assert header.entries == sum(array.size for array in given.values())
    assert header.size == header.length + 8 * header.entries == path.stat().st_size
    again = path.read_bytes()
    tensors.write(path, dict(reversed(given.items())))
    assert path.read_bytes() == again


def test_memory_that_lies_otherwise_is_written_as_it_reads(tmp_path: Path) -> None:
    array = np.arange(24.0).reshape(4, 6)
    path = tmp_path / "a.safetensors"
    tensors.write(path, {"turned": array.T, "every": array[:, ::2], "other": array.astype(">f8")})
    found = tensors.read(path)
    assert np.array_equal(found["turned"], array.T)
    assert np.array_equal(found["every"], array[:, ::2])
    assert np.array_equal(found["other"], array)


@pytest.mark.parametrize(
    ("dtype", "data", "wanted"),
    [
        ("F64", struct.pack("<2d", 0.1, -2.0), [0.1, -2.0]),
        ("F32", struct.pack("<2f", 0.1, -2.0), [float(np.float32(0.1)), -2.0]),
        ("F16", struct.pack("<2e", 0.1, -2.0), [float(np.float16(0.1)), -2.0]),
        ("BF16", b"\xcd\x3d\x00\xc0", [0.10009765625, -2.0]),  # 0x3DCD, 0xC000
    ],
)
def test_types_are_read_as_they_are(tmp_path: Path, dtype: str, data: bytes, wanted: list[float]) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(raw({"x": {"dtype": dtype, "shape": [2], "data_offsets": [0, len(data)]}}, data))
    assert tensors.read_header(path).tensors == {"x": tensors.Tensor(dtype, (2,))}
    found = tensors.read(path)["x"]
    assert found.dtype == np.float64
    assert found.tolist() == wanted


def test_other_types_are_refused_where_numbers_are_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(raw({"x": {"dtype": "I8", "shape": [2], "data_offsets": [0, 2]}}, b"ab"))
    assert tensors.read_header(path).tensors["x"].dtype == "I8"
    with pytest.raises(LorafigError) as caught:
        tensors.read(path)
    assert str(caught.value) == f"'x' in {path} is of type I8\n  hint: read are F64, F32, F16 and BF16"


def test_a_long_header_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    for length in (tensors.MAX_HEADER + 1, 2**63, 2**64 - 1):
        assert refused(path, raw(b"{}", length=length), "limit") == (
            f"the header of FILE says that it is {length:,} bytes long\n  hint: 16,777,216 are read at most, "
            "some 100,000 arrays: is it a safetensors file?"
        )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 7,
        raw(b"{"),
        raw(b"{}", length=100),
        raw([]),
        raw({"x": 1}),
        raw({"x": {"dtype": "F64", "shape": [2], "data_offsets": [0, 8]}}, b"\x00" * 8),
        raw({"x": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}, b"\x00" * 4),
        raw({"x": {"dtype": "F64", "shape": [1], "data_offsets": [8, 0]}}, b"\x00" * 8),
        raw({"x": {"dtype": "F64", "shape": [-1], "data_offsets": [0, 8]}}, b"\x00" * 8),
        raw({"x": {"dtype": "F64", "shape": [2**62, 4], "data_offsets": [0, 0]}}),
        raw({"x": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]},
             "y": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}, b"\x00" * 8),
        raw({"x": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}, b"\x00" * 16),
        raw(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_such_file_is_refused(tmp_path: Path, data: bytes) -> None:
    message, hint = refused(tmp_path / "a.safetensors", data).split("\n")
    assert message.startswith("FILE is not a safetensors file: ")
    assert hint == "  hint: if it was one, it is damaged or was cut off: get it again"
    assert len(message) < 200


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"\x00" * 60,  # a zip, which a pickle of PyTorch is
        b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.",  # an old one
    ],
    ids=range(2),
)
def test_a_pickle_is_told_whatever_it_is_called(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path / "a.safetensors", data) == (
        "FILE is a pickle, whatever its name says\n"
        "  hint: nothing of it is run: save it again, with safe_serialization=True"
    )


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: Any, data: bytes) -> None:
    path = tmp_path_factory.mktemp("t") / "a.safetensors"
    path.write_bytes(data)
    try:
        tensors.read(path)
    except LorafigError:
        return


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LorafigError) as caught:
        tensors.read_header(tmp_path / "none.safetensors")
    assert str(caught.value) == f"there is no file {tmp_path / 'none.safetensors'}"
    with pytest.raises(LorafigError) as caught:
        tensors.read_header(tmp_path)
    assert str(caught.value) == f"{tmp_path} is not a regular file"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(LorafigError) as caught:  # and does not wait for a writer
        tensors.read_header(pipe)
    assert str(caught.value) == f"{pipe} is not a regular file"


def test_a_file_larger_than_memory_should_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    size = tensors.MAX_FILE + 8
    with open(path, "wb") as file:  # sparse: it takes no room
        file.write(raw({"x": {"dtype": "F64", "shape": [size // 8], "data_offsets": [0, size]}}))
        file.truncate(file.tell() + size)
    header = tensors.read_header(path)
    assert header.entries == size // 8
    with pytest.raises(LorafigError) as caught:
        tensors.read(path)
    assert caught.value.kind == "limit"
    assert str(caught.value) == (
        f"{path} is {header.size:,} bytes large\n  hint: 1,073,741,824 are read at most"
    )


def test_a_folder_that_is_not_there_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(LorafigError, match=r"cannot write .*none/a\.safetensors: "):
        tensors.write(tmp_path / "none" / "a.safetensors", {"x": np.ones(2)})


def test_names_are_shown_without_what_cannot_be_printed() -> None:
    assert tensors.shown("a\x1b[31m\nb") == "'a�[31m�b'"
    assert tensors.shown("x" * 100) == f"'{'x' * 79}…'"
    assert tensors.shown([1, None]) == "'[1, None]'"
