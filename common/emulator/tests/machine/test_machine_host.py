"""The host gets CUDA's errors, and the machine goes on after mistakes."""

from __future__ import annotations

import os

import pytest

GOOD = [
    "many_allocations",
    "many_blocks",
    "full_blocks",
    "memory_limit",
    "pitched",
    "signals_stay",
    "streams_and_events",
    "texts",
]


@pytest.mark.parametrize("name", GOOD)
def test_what_is_right_works(emulate, name):
    emulated = emulate("host")
    assert emulated.run(name) == []
    assert emulated.result == 0


@pytest.mark.parametrize(
    "how, error, kind",
    [
        (0, 700, "out of bounds"),
        (1, 716, "misaligned"),
        (2, 719, "trap"),
        (3, 710, "assertion failed"),
        (4, 719, "exception"),
        (5, 719, "launch in a kernel"),
        (6, 700, "null pointer"),
    ],
)
def test_a_launch_that_fails_gives_an_error(emulate, how, error, kind):
    emulated = emulate("host")
    (finding,) = emulated.run("spoil", how)
    assert emulated.result == error
    assert finding["kind"] == kind
    assert finding["fatal"]
    assert finding["kernel"] == "Spoil"


@pytest.mark.parametrize("how, error", [(0, 9), (1, 9), (2, 9), (3, 1), (4, 9)])
def test_a_launch_that_is_refused_gives_an_error(emulate, how, error):
    emulated = emulate("host")
    (finding,) = emulated.run("refuse", how)
    assert emulated.result == error
    assert finding["kind"] == "launch refused"


def test_after_a_mistake_the_next_launch_works(emulate):
    emulated = emulate("host")
    (finding,) = emulated.run("goes_on")
    assert emulated.result == 0
    assert finding["kind"] == "out of bounds"


def test_a_copy_tells_that_a_kernel_failed(emulate):
    emulated = emulate("host")
    assert len(emulated.run("copy_tells")) == 1
    assert emulated.result == 700


def test_what_is_not_freed_is_listed_with_its_line(emulate):
    emulated = emulate("host")
    emulated.run("leak")
    (leak,) = emulated.leaks()
    assert leak["size"] == 12
    source = (emulate("host").source).read_text("utf-8").splitlines()
    assert "cudaMalloc(&other" in source[leak["line"] - 1]


def test_a_fork_has_a_machine_of_its_own(emulate):
    emulated = emulate("host")
    assert emulated.run("full_blocks") == []
    child = os.fork()
    if child == 0:
        try:
            good = (
                emulated.run("full_blocks") == [] and len(emulated.run("spoil", 0)) == 1
            )
            os._exit(0 if good else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert emulated.run("full_blocks") == []
