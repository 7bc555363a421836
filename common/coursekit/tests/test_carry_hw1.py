"""Carry the real hw1 into the real hw2."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest
from carry_kit import Student
from coursekit.carry.run import carry_into
from coursekit.course import Course
from coursekit.staging import ALL, render

# A loss of two layers whose slopes are known, by hw2's copy of the library.
SLOPES = """\
import sys
sys.path.insert(0, "python")
import needle as ndl
a, b = ndl.Tensor([[1.0, -2.0], [3.0, 4.0]]), ndl.Tensor([0.5, 2.0])
loss = (ndl.relu(a @ ndl.transpose(a)) * b / 2 + ndl.exp(ndl.log(a * a)) ** 0.5).sum()
loss.backward()
assert a.grad.shape == (2, 2) and b.grad.shape == (2,), (a.grad, b.grad)
assert b.grad.numpy().tolist() == [2.5, 12.5], b.grad
"""


@pytest.fixture
def course(real_course, tmp_path):
    """Return a copy of the real course, where students may work."""
    root = tmp_path / "clone"
    junk = shutil.ignore_patterns("__pycache__", "*.so")
    for name in ("explore", "hw1", "hw2", "needle", "testing"):
        shutil.copytree(
            real_course.root / "common" / name, root / "common" / name, ignore=junk
        )
    text = (real_course.root / "course.toml").read_text()
    text = re.sub(r"homeworks = \[.*?\]", 'homeworks = ["hw1", "hw2"]', text)
    (root / "course.toml").write_text(text)
    return Course(root)


@pytest.fixture
def both(course):
    return [Student.start(course, name, course.work(name)) for name in ("hw1", "hw2")]


@pytest.fixture
def solved(course, both):
    """Return hw1 as somebody has solved it who writes helpers, and an empty hw2."""
    hw1, hw2 = both
    for path, data in render(course, "hw1", ALL).items():
        if path.endswith(".py") and "SOLUTION hw1" in data.decode():
            hw1.put(path, data.decode())
    return hw1, hw2


def test_a_whole_engine_moves_on(solved):
    hw1, hw2 = solved
    done = carry_into([hw1.folder], hw2.folder, helpers=True)
    assert {each.settled.what for each in done.plan.outcomes} == {"carried"}
    assert not [each for each in done.plan.outcomes if each.port]
    for path in ("python/needle/autograd.py", "python/needle/ops/ops_mathematic.py"):
        assert "is yours to write" not in hw2.text(path)
    subprocess.run([sys.executable, "-c", SLOPES], cwd=hw2.path, check=True)


def test_what_belongs_to_no_later_homework_is_named(solved):
    hw1, hw2 = solved
    done = carry_into([hw1.folder], hw2.folder, helpers=True)
    gone = {each.region.id for each in done.plan.gone}
    app = "apps/simple_ml.py"
    assert gone == {"parse_mnist", f"{app}::softmax_loss", f"{app}::nn_epoch"}


def test_a_second_time_changes_nothing(solved):
    hw1, hw2 = solved
    carry_into([hw1.folder], hw2.folder, helpers=True)
    before = hw2.files()
    carry_into([hw1.folder], hw2.folder, helpers=True)
    assert hw2.files() == before
