"""What a kernel asks of the memory is counted as a device would."""

from __future__ import annotations

import pytest


@pytest.fixture
def count(emulate):
    emulated = emulate("counted")

    def counted(mark, name, *arguments):
        emulated.order("forward", counting=True)
        assert emulated.run(name, *arguments) == []
        (kernel,) = emulated.counts()
        (line,) = emulated.marks["now", mark]
        return kernel, next(each for each in kernel["places"] if each["line"] == line)

    yield counted
    emulated.order("forward")


@pytest.mark.parametrize("mark, act", [("coalesced", "load"), ("stored", "store")])
def test_neighbours_share_sectors(count, mark, act):
    kernel, place = count(mark, "row")
    assert place["act"] == act and not place["shared"]
    assert kernel["launches"] == 1
    assert kernel["blocks"] == 3
    assert kernel["threads"] == 192
    assert place["traffic"] == {
        "accesses": 192, "requests": 6, "bytes": 768, "sectors": 24,
        "passes": 0, "passes_at_best": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "mark, name, bytes_, sectors",
    [
        ("strided", "column", 128, 32),
        ("broadcast", "same", 4, 1),
        ("four", "four", 512, 16),
    ],
)
def test_sectors_of_a_warp(count, mark, name, bytes_, sectors):
    _, place = count(mark, name)
    traffic = place["traffic"]
    assert traffic["accesses"] == 32
    assert traffic["requests"] == 1
    assert traffic["bytes"] == bytes_
    assert traffic["sectors"] == sectors


@pytest.mark.parametrize("stride, passes", [(1, 1), (2, 2), (32, 32), (33, 1)])
def test_conflicts_of_banks(count, stride, passes):
    kernel, place = count("banks", "banks", stride)
    assert place["shared"]
    assert kernel["barriers"] == 1
    assert place["traffic"]["passes"] == passes
    assert place["traffic"]["passes_at_best"] == 1


def test_a_loop_is_counted_by_its_rounds(count):
    _, place = count("loop", "loop")
    # 100 numbers by 64 threads: three full warps and four lanes; by two blocks.
    assert place["traffic"]["accesses"] == 200
    assert place["traffic"]["requests"] == 8
    _, added = count("added", "loop")
    assert added["act"] == "atomic"
    assert added["traffic"]["requests"] == 4


def test_a_sample_tells_who_accesses_what(count):
    _, place = count("strided", "column")
    assert place["sample"]["lanes"] == list(range(32))
    assert place["sample"]["offsets"] == [128 * lane for lane in range(32)]
    assert place["sample"]["array_size"] == 4096


def test_nothing_is_counted_unless_asked_for(emulate):
    emulated = emulate("counted")
    emulated.counts()
    emulated.run("row")
    assert emulated.counts() == []


def test_copies_are_counted_by_where_they_go(emulate):
    emulated = emulate("counted")
    emulated.copies()
    (refused,) = emulated.run("copied_about")
    assert refused["kind"] == "out of bounds"
    assert emulated.copies() == {"to_device": 40, "to_host": 20, "on_device": 24}
    assert emulated.copies() == {"to_device": 0, "to_host": 0, "on_device": 0}
