"""Frames: what goes in comes out, and no bytes at all can do harm."""

from __future__ import annotations

import json
import random
import time
import tracemalloc
from contextlib import suppress

import numpy as np
import pytest
from gradebox.decode import WireError, decode
from gradebox.encode import encode
from gradebox.values import ArrayValue
from gradebox.wire import MAX_BODY, MAX_HEADER, PREFIX, Frame, FrameReader, pack
from grader.run import Run
from hypothesis import given, settings
from hypothesis import strategies as st


def frame_of(value: object) -> bytes:
    encoded = encode(value)
    header = {"frame": "answer", "name": "x", "witnessed": False, "inputs": ""}
    return pack({**header, "value": encoded.node}, encoded.buffers)


@given(st.lists(st.binary(max_size=50), max_size=5), st.integers(1, 7))
def test_frames_survive_being_cut_anywhere(buffers: list[bytes], step: int) -> None:
    stream = pack({"n": 1}, buffers) + pack({"n": 2}) + pack({"n": 3}, buffers)
    reader, frames = FrameReader(), []
    for start in range(0, len(stream), step):
        frames += reader.feed(stream[start : start + step])
    assert frames == [
        Frame({"n": 1}, buffers),
        Frame({"n": 2}, []),
        Frame({"n": 3}, buffers),
    ]
    assert reader.pending == 0


@given(st.binary(max_size=200))
def test_any_bytes_are_frames_or_an_error(data: bytes) -> None:
    with suppress(WireError):
        FrameReader().feed(data)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Flip, drop, repeat or insert bytes; sometimes keep the lengths consistent."""
    body = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(body))
        kind = rng.randrange(4)
        if kind == 0:
            body[at] = rng.randrange(256)
        elif kind == 1:
            del body[at : at + rng.randint(1, 4)]
        elif kind == 2:
            body[at:at] = body[at : at + rng.randint(1, 9)]
        else:
            body[at:at] = rng.choice([b"[", b"{", b"9", b'"', b"\\", b"-", b"\x00"])
        if not body:
            return b"x"
    if rng.random() < 0.7 and len(body) > PREFIX.size:
        magic, head, _ = PREFIX.unpack_from(data)
        head += rng.randint(-3, 3)
        rest = len(body) - PREFIX.size - head
        if head >= 0 and rest >= 0:
            body[: PREFIX.size] = PREFIX.pack(magic, head, rest)
    return bytes(body)


SAMPLES = [
    {"a": np.arange(12.0).reshape(3, 4), "b": [1, 2.5, None, True, "text", b"raw"]},
    (np.float32(3), 1j, 10**30, ValueError("no"), int, np.dtype("u1"), set()),
    np.zeros((0, 3), "float16"),
]


@pytest.mark.parametrize("sample", range(len(SAMPLES)))
def test_mutated_messages_are_values_or_an_error(sample: int) -> None:
    rng = random.Random(sample)
    data = frame_of(SAMPLES[sample])
    outcomes = {"value": 0, "error": 0}
    for _ in range(3000):
        try:
            frames = FrameReader().feed(mutated(data, rng))
            for frame in frames:
                decode(frame.header.get("value"), frame.buffers)
            outcomes["value"] += 1
        except WireError:
            outcomes["error"] += 1
    assert min(outcomes.values()) > 50  # both ends of the parser were reached


def test_mutated_messages_never_break_a_run() -> None:
    rng = random.Random(0)
    data = frame_of(SAMPLES[0])
    for _ in range(2000):
        run = Run()
        try:
            for frame in FrameReader().feed(mutated(data, rng)):
                run.take(frame)
        except WireError:
            continue
        assert len(run.answers) <= 1


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":['])
def test_deep_nesting_is_refused_before_it_is_parsed(opening: bytes) -> None:
    head = opening * 100_000
    with pytest.raises(WireError):
        FrameReader().feed(PREFIX.pack(b"GBX1", len(head), 0) + head)


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", [b'\\"', b'"', b"\\", b"[", b'{"', b'\\\\"'])
def test_no_header_takes_long_to_refuse(piece: bytes) -> None:
    head = (b'{"' + piece * (MAX_HEADER // len(piece)))[:MAX_HEADER]
    began = time.process_time()
    with pytest.raises(WireError):
        FrameReader().feed(PREFIX.pack(b"GBX1", len(head), 0) + head)
    assert time.process_time() - began < 2


def test_brackets_in_strings_do_not_count_as_nesting() -> None:
    frames = FrameReader().feed(pack({"text": '["\\"' * 500}))
    assert frames[0].header == {"text": '["\\"' * 500}


@pytest.mark.parametrize(
    "head",
    [
        b'{"buffers": [], "n": ' + b"9" * 5000 + b"}",
        b'{"buffers": [], "n": NaN}',
        b'{"buffers": [], "n": Infinity}',
        b'{"buffers": [-1]}',
        b'{"buffers": [true]}',
        b'{"buffers": [99999999]}',
        b'{"buffers": "x"}',
        b"{}",
        b"[]",
        b"\xff\xfe",
    ],
)
def test_headers_that_no_encoder_writes_are_refused(head: bytes) -> None:
    with pytest.raises(WireError):
        FrameReader().feed(PREFIX.pack(b"GBX1", len(head), 0) + head)


def test_announced_lengths_allocate_nothing() -> None:
    reader = FrameReader()
    tracemalloc.start()
    try:
        reader.feed(PREFIX.pack(b"GBX1", 2**20, MAX_BODY) + b"{" * 1000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000
    with pytest.raises(WireError):
        FrameReader().feed(PREFIX.pack(b"GBX1", 2, MAX_BODY + 1))


def test_an_announced_array_allocates_nothing() -> None:
    node = ["array", "ndarray", "<f8", [2**40], [8]]
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            decode(node, [b"12345678"])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize(
    "node",
    [
        None,
        [],
        [1],
        ["nonsense"],
        ["bool", 1],
        ["int", 5],
        ["int", "zz"],
        ["float", "x"],
        ["tuple"],
        ["tuple", [["none"]], 1],
        ["array", "ndarray", "O", [1], [8]],
        ["array", "ndarray", "<M8", [1], [8]],
        ["array", "ndarray", "<f8", [-1], [8]],
        ["array", "ndarray", "<f8", [True], [8]],
        ["array", "ndarray", "<f8", [1], []],
        ["array", "ndarray", "<f8", [1] * 40, [8] * 40],
        ["exception", []],
        ["str"],
    ],
)
def test_malformed_nodes_are_refused(node: object) -> None:
    with pytest.raises(WireError):
        decode(node, [])


def test_wide_and_deep_values_are_refused() -> None:
    deep: object = ["none"]
    for _ in range(17):
        deep = ["list", [deep]]
    with pytest.raises(WireError):
        decode(deep, [])
    with pytest.raises(WireError):
        decode(["list", [["none"]] * 10_001], [])


def test_buffers_nobody_asked_for_are_refused() -> None:
    with pytest.raises(WireError):
        decode(["none"], [b"more"])


def test_arrays_from_the_wire_cannot_be_written() -> None:
    (frame,) = FrameReader().feed(frame_of(np.ones(3)))
    value = decode(frame.header["value"], frame.buffers)
    assert isinstance(value, ArrayValue)
    with pytest.raises(ValueError, match="read-only"):
        value.data[0] = 2


@settings(max_examples=50)
@given(st.dictionaries(st.text(max_size=5), st.integers(-5, 5), max_size=5))
def test_headers_keep_plain_values(header: dict[str, int]) -> None:
    header.pop("buffers", None)
    (frame,) = FrameReader().feed(pack(header))
    assert frame.header == json.loads(json.dumps(header))
