"""CIFAR batches: recognised by their pictures, and never trusted."""

from __future__ import annotations

import io
import os
import pickle
import pickletools
from functools import cache

import numpy as np
import pytest
from coursekit.data import find
from coursekit.data.catalog import named
from coursekit.data.cifar import ROW, Batch, read_batch, read_binary, write_batch
from coursekit.data.model import File, Spec
from coursekit.data.recognise import Match, Stranger, recognise
from coursekit.data.record import held
from coursekit.data.synthetic import synthetic_files
from coursekit.data.take import take
from data_kit import catalogued
from hypothesis import given, settings
from hypothesis import strategies as st


def small_batch(count: int = 3) -> Batch:
    rng = np.random.default_rng(count)
    pixels = rng.integers(0, 256, (count, ROW), np.uint8).tobytes()
    names = [b"%d.png" % i for i in range(count)]
    return Batch(bytes(range(count)), pixels, b"title", names)


SMALL = write_batch(small_batch())


def test_what_is_written_reads_as_the_original_does():
    entry = pickle.loads(SMALL, encoding="bytes")
    assert sorted(entry) == [b"batch_label", b"data", b"filenames", b"labels"]
    assert entry[b"labels"] == [0, 1, 2]
    assert (entry[b"data"].dtype, entry[b"data"].shape) == (np.uint8, (3, ROW))
    assert entry[b"data"].flags.writeable
    assert read_batch(SMALL) == small_batch()


def test_pickles_of_python_2_are_read():
    """Protocol 2 with byte strings and numpy.core, as in the published files."""
    entry = {
        "batch_label": "title",
        "labels": [0, 1, 2],
        "data": np.frombuffer(small_batch().pixels, np.uint8).reshape(3, ROW),
        "filenames": ["0.png", "1.png", "2.png"],
    }
    old = pickle.dumps(entry, protocol=2).replace(b"numpy._core", b"numpy.core")
    assert read_batch(old).digest == small_batch().digest
    assert read_batch(old).filenames == small_batch().filenames


def test_the_digest_covers_labels_and_pixels():
    digest = small_batch().digest
    other = Batch(b"\0\1\3", small_batch().pixels, b"", [])
    assert other.digest != digest
    pixels = bytes([small_batch().pixels[0] ^ 1]) + small_batch().pixels[1:]
    assert Batch(b"\0\1\2", pixels, b"", []).digest != digest


def harmful(tmp_path) -> bytes:
    class Evil:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path / 'harmed'}",)

    return pickle.dumps({b"data": Evil(), b"labels": []})


def test_a_harmful_pickle_does_nothing(tmp_path):
    with pytest.raises(ValueError, match=r"asks for (posix|nt)\.system"):
        read_batch(harmful(tmp_path))
    assert not (tmp_path / "harmed").exists()


def test_a_harmful_batch_stays_out_of_the_cache(tmp_path):
    evil = harmful(tmp_path) + bytes(3_200_000)
    (tmp_path / "data_batch_1").write_bytes(evil)
    taken = take([tmp_path / "data_batch_1"])
    (reason,) = taken.damaged.values()
    assert "which no data set needs" in reason
    assert taken.new == {}
    assert not (tmp_path / "harmed").exists()


@pytest.mark.parametrize(
    "value",
    [
        {b"labels": [1]},
        {b"data": [1], b"labels": [1]},
        [1, 2],
        {b"data": np.zeros((1, ROW), np.float32), b"labels": [1]},
        {b"data": np.zeros((2, ROW), np.uint8), b"labels": [1]},
        {b"data": np.zeros((1, 10), np.uint8), b"labels": [1]},
        {b"data": np.zeros((1, ROW), np.uint8), b"labels": [300]},
        {b"data": np.zeros((1, ROW), np.uint8), b"labels": ["x"]},
        {b"data": np.zeros((1, ROW), object), b"labels": [1]},
        np.float64,
    ],
)
def test_other_pickles_are_refused(value):
    with pytest.raises(ValueError, match="CIFAR batch"):
        read_batch(pickle.dumps(value, protocol=3))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_batches_never_do_more_than_fail(data):
    content = bytearray(SMALL)
    # Most of a batch is pixels: aim at the opcodes around them as well.
    places = st.one_of(st.integers(0, 200), st.integers(0, len(content) - 1))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(places)] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(content))))
    try:
        batch = read_batch(bytes(content[:cut]))
    except ValueError:
        return
    assert len(batch.pixels) == ROW * len(batch.labels)


def test_a_huge_memo_number_costs_no_memory():
    content = b"\x80\x03}r\xff\xff\xff\x7f."  # LONG_BINPUT 2**31 - 1
    assert any(op.name == "LONG_BINPUT" for op, _, _ in pickletools.genops(content))
    with pytest.raises(ValueError, match="missing"):
        read_batch(content)


def test_the_synthetic_set_is_the_same_everywhere():
    for file in named("synthetic-cifar").files:
        match = recognise(file.name, synthetic_files_once()[file.name])
        assert isinstance(match, Match)
        assert match.file == file


@cache
def synthetic_files_once() -> dict[str, bytes]:
    return synthetic_files()


def test_the_synthetic_set_is_balanced_and_can_be_learnt():
    """A linear rule on block means beats chance: there is something to learn."""
    folder = find("synthetic-cifar").folder
    assert held(named("synthetic-cifar")).complete

    def load(name):
        entry = pickle.loads((folder / name).read_bytes(), encoding="bytes")
        x = entry[b"data"].reshape(-1, 3, 32, 32).astype(np.float32) / 255
        edges = [np.abs(np.diff(x, axis=axis)).mean((1, 2, 3)) for axis in (2, 3)]
        return np.stack(edges, 1), np.array(entry[b"labels"])

    x, y = load("data_batch_1")
    assert np.bincount(y).tolist() == [100] * 10
    centres = np.stack([x[y == c].mean(0) for c in range(10)])
    x, y = load("test_batch")
    nearest = np.argmin(((x[:, None] - centres) ** 2).sum(-1), 1)
    assert (nearest == y).mean() > 0.12
    meta = pickle.loads((folder / "batches.meta").read_bytes(), encoding="bytes")
    assert len(meta[b"label_names"]) == 10


def repickled(name: str) -> bytes:
    """The same pictures in another pickle: other protocol, other file names."""
    batch = read_batch(synthetic_files_once()[name])
    data = np.frombuffer(batch.pixels, np.uint8).reshape(-1, ROW)
    entry = {"data": data, "labels": list(batch.labels)}
    return pickle.dumps(entry, protocol=2)


def test_batches_are_known_by_their_pictures_and_written_anew(tmp_path, run_course):
    for name in ("data_batch_3", "test_batch"):
        (tmp_path / f"x{name}").write_bytes(repickled(name))
    result = run_course("data", "add", tmp_path, cwd=tmp_path)
    assert result.exit_code == 0, result.output
    assert "synthetic-cifar: 2 of 6 batches" in result.output
    kept = held(named("synthetic-cifar")).folder / "data_batch_3"
    assert kept.read_bytes() != repickled("data_batch_3")
    original = synthetic_files_once()["data_batch_3"]
    assert read_batch(kept.read_bytes()).pixels == read_batch(original).pixels


def test_other_pictures_are_a_wrong_checksum():
    content = bytearray(repickled("data_batch_1"))
    content[2_000_000] ^= 1
    found = recognise("data_batch_1", bytes(content))
    assert isinstance(found, Stranger)
    assert found.damaged
    assert "wrong checksum" in found.reason


def test_the_binary_version_becomes_the_python_version():
    content = b"".join(bytes([i % 10]) + bytes([i % 256]) * ROW for i in range(10_000))
    digest = read_binary(content, b"").digest
    file = File("data_batch_9", digest)
    spec = Spec("fake", "Fake", "none", "data", (file,), unit="batches")
    with catalogued(spec):
        found = recognise("data_batch_9.bin", content)
    assert isinstance(found, Match)
    entry = pickle.load(io.BytesIO(found.keep), encoding="bytes")
    assert entry[b"labels"][:12] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert (entry[b"data"][300] == 300 % 256).all()
