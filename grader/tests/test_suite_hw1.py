"""The real suite of hw1, against files that would pass without an honest answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from mini_homework import statuses
from suite_kit import RealSuite

HW1 = RealSuite("hw1")

AUTOGRAD = "python/needle/autograd.py"


@pytest.fixture(autouse=True)
def kept_reference(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests of this file share the reference's answers."""
    monkeypatch.setenv("GRADER_HOME", str(shared_home))


SHADOWS = [
    "apps/numpy.py",
    "apps/gradebox.py",
    "apps/needle.py",
    "apps/_ops.py",
    "python/needle/numpy.py",
    "python/needle/conftest.py",
    "apps/sitecustomize.py",
]


def test_files_named_like_ours_change_nothing() -> None:
    """Nothing of the student's comes before NumPy, the kit or the suite."""
    shadow = b"raise RuntimeError('this file was loaded')\n"
    files = {**HW1.honest(), **dict.fromkeys(SHADOWS, shadow)}
    found = HW1.graded(files, "hw1.topo_sort", "hw1.nn_epoch_ndl")
    assert set(found.values()) == {"passed"}


FORGED = b'''
from types import SimpleNamespace as Namespace
import numpy as np


class Tensor:
    """Is equal to everything, has every attribute and can be called."""

    def __init__(self, *args, **kwargs):
        self.op = self

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __iter__(self):
        return iter([self])

    def numpy(self):
        return np.zeros((2, 3))


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Tensor()
'''


def test_a_library_of_their_own_that_says_yes_to_all_earns_nothing() -> None:
    files = {**HW1.honest(), "python/needle/__init__.py": FORGED}
    files[AUTOGRAD] = FORGED
    found = HW1.graded(files, "hw1.forward", "hw1.topo_sort")
    assert "passed" not in found.values()


def test_values_are_asked_for_however_late_they_are_computed() -> None:
    """A solution that turns lazy evaluation on is as right as any other."""
    files = HW1.changed(AUTOGRAD, ("\nLAZY_MODE = False", "\nLAZY_MODE = True"))
    found = HW1.graded(files, "hw1.forward", "hw1.compute_gradient")
    assert set(found.values()) == {"passed"}


def test_a_folder_in_the_place_of_a_given_file_is_left_out() -> None:
    """Whatever it does to the library, the given file stays and grading goes on."""
    files = HW1.honest()
    del files["python/needle/checks.py"]
    files["python/needle/checks.py/checks.py"] = b""
    result = HW1.grade(files, "hw1.topo_sort")
    assert set(statuses(result).values()) == {"passed"}
    assert "python/needle/checks.py/checks.py was left out" in result.notes[0]


def test_gradients_of_zero_earn_nothing() -> None:
    """What is asked of a gradient besides its values is asked of right ones only."""
    zeros = "gradients = tuple(needle.zeros_like(x) for x in node.inputs)"
    edit = ("gradients = self.gradient(out_grad, node)", zeros)
    found = HW1.graded(HW1.changed(AUTOGRAD, edit), "hw1.backward")
    assert "passed" not in found.values()
