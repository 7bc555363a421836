"""Files in MNIST's format: whole ones are read, of all others the damage is told."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of_numpy
from idx_files import write_images, write_labels
from needle.data.idx import read_idx
from strategies import quick


def idx(shape, data, kind=0x08):
    return struct.pack(f">HBB{len(shape)}I", 0, kind, len(shape), *shape) + data


WHOLE = idx((2, 3, 4), bytes(range(24)))


@quick
@given(
    arrays_of_numpy.arrays(
        np.uint8, arrays_of_numpy.array_shapes(min_dims=1, max_dims=4, min_side=0)
    ),
    st.booleans(),
)
def test_what_was_written_is_read(tmp_path_factory, array, compressed):
    path = tmp_path_factory.mktemp("idx") / "file"
    raw = idx(array.shape, array.tobytes())
    path.write_bytes(gzip.compress(raw, 1) if compressed else raw)
    for axes in (None, array.ndim):
        result = read_idx(path, axes)
        assert result.dtype == np.uint8
        np.testing.assert_array_equal(result, array)
    assert read_idx(str(path)).shape == array.shape


def test_the_files_of_the_tests_are_of_this_format(tmp_path):
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    written = write_images(tmp_path / "x", images)
    np.testing.assert_array_equal(read_idx(written, 3), images)
    written = write_labels(tmp_path / "y", images[0, 0])
    np.testing.assert_array_equal(read_idx(written, 1), images[0, 0])


DAMAGES = {
    "empty": (b"", " is no IDX file: it begins with b''"),
    "text": (b"<html>", " is no IDX file: it begins with b'<htm'"),
    "floats": (
        idx((1,), bytes(4), kind=0x0D),
        " holds numbers of type 0x0d, not bytes (0x08)",
    ),
    "cut in the header": (WHOLE[:9], " ends after 9 bytes, within its header"),
    "cut": (
        WHOLE[:-1],
        " holds 23 bytes of data; its header says 2 x 3 x 4 = 24: get it again",
    ),
    "too long": (
        WHOLE + b"!",
        " holds more than 24 bytes of data; its header says 2 x 3 x 4 = 24:"
        " get it again",
    ),
    "many axes": (
        b"\0\0\x08\xff" + bytes(5000),
        " has 255 axes where at most 16 are expected",
    ),
    "a header of nonsense": (
        idx((2**32 - 1,) * 3, bytes(5)),
        " holds 5 bytes of data; its header says 4294967295 x 4294967295 x 4294967295"
        f" = {(2**32 - 1) ** 3}: get it again",
    ),
}


@pytest.mark.parametrize("raw, said", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("compressed", [False, True])
def test_a_damaged_file_is_one_exact_line(tmp_path, raw, said, compressed):
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(raw) if compressed else raw)
    with pytest.raises(ValueError) as error:
        read_idx(path)
    assert str(error.value) == f"{path}{said}"


def test_what_is_packed_behind_the_data_is_not_unpacked(tmp_path, monkeypatch):
    """A small file may hold gigabytes of zeros."""
    read = []
    whole = gzip.GzipFile.read

    def counted(self, size=-1):
        found = whole(self, size)
        read.append(len(found))
        return found

    monkeypatch.setattr(gzip.GzipFile, "read", counted)
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(WHOLE + bytes(50_000_000)))
    with pytest.raises(ValueError, match="more than 24 bytes"):
        read_idx(path)
    assert sum(read) == len(WHOLE) + 1


def test_any_cut_through_a_compressed_file_is_told(tmp_path):
    path = tmp_path / "file.gz"
    packed = gzip.compress(WHOLE)
    for end in range(len(packed)):
        path.write_bytes(packed[:end])
        with pytest.raises(ValueError, match=r"file\.gz (is|ends)"):
            read_idx(path)


def test_any_wrong_byte_in_a_compressed_file_is_told(tmp_path):
    path = tmp_path / "file.gz"
    packed = gzip.compress(WHOLE, mtime=0)
    for place in [*range(3), *range(10, len(packed))]:  # 3 to 9: when and where packed
        damaged = bytearray(packed)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"file\.gz (is|holds|has)"):
            read_idx(path)


def test_another_number_of_axes_than_expected(tmp_path):
    path = tmp_path / "labels"
    path.write_bytes(WHOLE)
    with pytest.raises(ValueError) as error:
        read_idx(path, axes=1)
    assert str(error.value) == f"{path} has 3 axes where 1 are expected"


def test_a_missing_file_says_where_it_comes_from(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        read_idx(tmp_path / "none.gz")
    assert str(error.value).startswith(f"{tmp_path / 'none.gz'} is not there; `course")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OSError):
        read_idx(tmp_path)
