"""What the emulator of CUDA finds is told with the student's own lines."""

from __future__ import annotations

import pytest
from grader.explain import Student, fault
from grader.run import Fault, Frameline

PATH = "src/kernels.cu"
SOURCE = b"\n".join([b"first();", b"s[x] = a[x];", b"sum += s[y];", b"launch();"])
ARRAYS = "python/needle/arrays.py"
STUDENT = Student(
    {PATH: SOURCE, ARRAYS: b"\nkernel(a, b)\n"}, frozenset(), "hw3", ("numpy",)
)

RACE = """reduce_sum:
race in ReduceKernel, kernels.cu:3
    sum += s[y];
    called in kernels.cu:4: launch();
  Thread (1, 0) of block (0, 0) reads s[1]; thread (0, 0) of the same block wrote it.
    kernels.cu:2
  s: 1024 bytes of shared memory, declared in kernels.cu:1.
  Put __syncthreads() between the two.

out of bounds in Other, kernels.cu:2
  Thread (0, 0) of block (9, 9) writes s[99].
"""


def told(message, *frames, name="RuntimeError"):
    return fault(Fault((name, "Exception"), message, frames), STUDENT)


def test_the_first_finding_is_the_message():
    assert told(RACE).message == (
        "`reduce_sum`: race in ReduceKernel, src/kernels.cu:3 (`sum += s[y];`). "
        "Thread (1, 0) of block (0, 0) reads s[1]; thread (0, 0) of the same block "
        "wrote it."
    )


def test_each_place_has_its_line_once():
    assert told(RACE).details == [
        "called in src/kernels.cu:4 (`launch();`)",
        "src/kernels.cu:2 (`s[x] = a[x];`)",
        "s: 1024 bytes of shared memory, declared in src/kernels.cu:1.",
        "Put __syncthreads() between the two.",
        "out of bounds in Other, src/kernels.cu:2 (`s[x] = a[x];`)",
        "Thread (0, 0) of block (9, 9) writes s[99].",
    ]


def test_who_called_the_kernel_is_told_last():
    found = told(RACE, Frameline(ARRAYS, 2, "add"))
    assert found.details[-1] == f"called from `add` at {ARRAYS}:2 (`kernel(a, b)`)"


def test_a_finding_without_a_place_or_a_sentence():
    assert told("fill:\nunchecked error").message == "`fill`: unchecked error."
    found = told("fill:\nnever written\n  Element 3 of the result.\n  All of them?\n")
    assert found.message == "`fill`: never written. Element 3 of the result."
    assert found.details == ["All of them?"]


@pytest.mark.parametrize("place", ["kernels.cu:99", "other.cu:2", "kernels.cu:0"])
def test_a_place_that_is_not_there_has_no_line(place):
    found = told(f"fill:\ntrap in F, {place}\n  It ends here.")
    path = place.replace("kernels", "src/kernels")
    assert found.message == f"`fill`: trap in F, {path}. It ends here."


@pytest.mark.parametrize(
    "message, name",
    [
        ("fill: something", "RuntimeError"),
        ("fill:\n", "RuntimeError"),
        ("the fill:\nsomething", "RuntimeError"),
        (RACE, "ValueError"),
        ("", "RuntimeError"),
    ],
)
def test_other_exceptions_are_told_as_before(message, name):
    assert told(message, name=name).message.startswith(f"Your code raised {name}")


def test_whatever_the_text_is_it_stays_short_and_harmless():
    hostile = "f:\n" + "\x1b[31m" + "a/" * 5000 + "x.cu:1\n    \u202e y.cu:2 z\n" * 400
    found = told(hostile)
    for text in (found.message, *found.details):
        assert len(text) <= 1000
        assert "\x1b" not in text and "\u202e" not in text
    assert len(found.details) <= 40
