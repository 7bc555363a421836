"""Tensors go to a file and come back, or somebody is told why not."""

from __future__ import annotations

import json
import pathlib
import struct
import sys

import needle as ndl
import numpy as np
import pytest

ARRAYS = {
    "matrix": np.arange(6, dtype="float32").reshape(2, 3),
    "transposed": np.arange(6.0).reshape(2, 3).T,
    "every other": np.arange(10)[::2],
    "repeated": np.broadcast_to(np.float64(2), (3, 2)),
    "number": np.array(3.5),
    "scalar": np.float32(0.1),
    "empty": np.zeros((0, 4)),
    "yes": np.array([True, False]),
    "bytes": np.array([0, 255], dtype="uint8"),
    "small": np.array([1, -1], dtype="int16"),
    "half": np.array([1.5], dtype="float16"),
    "big end first": np.array([1.0, 2.0], dtype=">f8"),
    "odd": np.array([np.nan, -0.0, np.inf]),
    "gewichte.\u00e4\u00f6\u00fc.\u91cd\u307f": np.ones(1),
    "": np.zeros(1),
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.safetensors"


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("wrap", [lambda array: array, ndl.Tensor])
def test_values_come_back_as_they_were(path, name, wrap):
    array = ARRAYS[name]
    ndl.save(path, {name: wrap(array)})
    ((found, tensor),) = ndl.load(path).items()
    assert found == name
    assert not tensor.requires_grad
    assert tensor.shape == array.shape
    assert tensor.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(tensor.numpy(), array)
    assert np.array_equal(np.signbit(tensor.numpy()), np.signbit(array))


def test_all_of_a_state_comes_back(path):
    ndl.save(path, ARRAYS)
    assert ndl.load(path).keys() == ARRAYS.keys()


def test_what_was_loaded_can_be_changed(path):
    ndl.save(path, {"a": np.zeros(3)})
    loaded = ndl.load(path)["a"]
    loaded.cached_data += 1
    path.unlink()
    np.testing.assert_array_equal(loaded.numpy(), [1, 1, 1])


def test_an_empty_state_is_one(path):
    ndl.save(path, {})
    assert ndl.load(path) == {}
    assert ndl.load_metadata(path) == {}


def test_words_come_back(path):
    words = {"epoch": "3", "note": "\u91cd\u307f\n{}", "": ""}
    ndl.save(path, {"a": np.zeros(1)}, words)
    assert ndl.load_metadata(path) == words
    assert list(ndl.load(path)) == ["a"]


def test_the_file_is_one_that_other_programs_read(path):
    ndl.save(path, {"a": ndl.Tensor([[1.0, 2.0]], dtype="float32")})
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    assert header["a"]["dtype"] == "F32"
    assert header["a"]["shape"] == [1, 2]
    start, stop = header["a"]["data_offsets"]
    numbers = np.frombuffer(content[8 + length :][start:stop], dtype="<f4")
    assert numbers.tolist() == [1, 2]


def test_a_path_may_be_text_and_new_content_replaces_old(path):
    ndl.save(str(path), {"a": np.zeros(1)})
    ndl.save(str(path), {"b": np.ones(1)})
    assert list(ndl.load(str(path))) == ["b"]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("state", "metadata", "message"),
    [
        ({"a": "words"}, None, "a is of type str"),
        ({"a": [1.0, 2.0]}, None, "a is of type list"),
        ({"a": 1.5}, None, "a is of type float"),
        ({"a": np.array(["x"])}, None, "a has dtype <U1"),
        ({"a": np.array([1j])}, None, "a has dtype complex128"),
        ({"a": np.array([None])}, None, "a has dtype object"),
        ({3: np.zeros(1)}, None, "names are text, not 3"),
        ({"__metadata__": np.zeros(1)}, None, "keeps the name __metadata__"),
        ({}, {"epoch": 3}, "metadata are text by name, not 'epoch': 3"),
        ({}, {3: "epoch"}, "metadata are text by name, not 3"),
    ],
)
def test_what_a_file_cannot_hold_is_refused_before_it_is_touched(
    path, state, metadata, message
):
    ndl.save(path, {"kept": np.ones(2)})
    content = path.read_bytes()
    with pytest.raises((TypeError, ValueError), match=message):
        ndl.save(path, {"first": np.zeros(1), **state}, metadata)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_an_error_while_writing_leaves_the_old_file(path, monkeypatch):
    ndl.save(path, {"kept": np.ones(2)})

    def full(*args):
        raise OSError("no space left on device")

    monkeypatch.setattr(pathlib.Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        ndl.save(path, {"new": np.zeros(1)})
    assert list(ndl.load(path)) == ["kept"]
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_said_to_be_missing(path):
    with pytest.raises(FileNotFoundError):
        ndl.save(path / "inside.safetensors", {})
    for read in (ndl.load, ndl.load_metadata):
        with pytest.raises(FileNotFoundError):
            read(path)


def damaged():
    header = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'

    def file(header, data):
        return struct.pack("<Q", len(header)) + header + data

    return {
        "nothing": b"",
        "few bytes": b"abc",
        "words": b"no tensors in here, only words; and some more of them",
        "pickle": b"\x80\x04\x95" + bytes(40),
        "zip": b"PK\x03\x04" + bytes(60),
        "cut off": file(header, bytes(7)),
        "too long": file(header, bytes(9)),
        "cut header": file(header, bytes(8))[:30],
        "endless header": struct.pack("<Q", 2**62) + header,
        "no JSON": file(b"{a:1}" + b" " * 20, bytes(8)),
        "unknown type": file(header.replace(b"F32", b"F99"), bytes(8)),
        "wrong shape": file(header.replace(b"[2]", b"[3]"), bytes(8)),
        "huge shape": file(
            header.replace(b"[2]", b"[9223372036854775807,9223372036854775807]"),
            bytes(8),
        ),
        "outside": file(header.replace(b"[0,8]", b"[4,12]"), bytes(8)),
    }


@pytest.mark.parametrize("name", damaged())
def test_a_damaged_file_is_named(path, name):
    path.write_bytes(damaged()[name])
    for read in (ndl.load, ndl.load_metadata):
        with pytest.raises(ValueError, match=r"state\.safetensors: .*damaged"):
            read(path)


def test_a_type_that_arrays_do_not_have_is_refused(path):
    header = b'{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}'
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(4))
    with pytest.raises(ValueError, match="BF16"):
        ndl.load(path)


def test_without_the_library_somebody_is_told_its_name(path, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("safetensors")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    for use in (lambda: ndl.save(path, {}), lambda: ndl.load(path)):
        with pytest.raises(ImportError, match="pip install safetensors"):
            use()
