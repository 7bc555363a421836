"""Carry the real hw0 into a homework like the one that follows it."""

from __future__ import annotations

import re
import runpy
import shutil
import sys

import numpy as np
import pytest
from carry_kit import Student
from coursekit.carry.run import carry_into
from coursekit.course import Course
from coursekit.merge import read_regions
from coursekit.staging import ALL, render

APP = '''\
"""Train networks on MNIST with needle."""

import sys

sys.path.append("python/")

import gzip
import struct

import numpy as np


class Data:
    """Where the examples come from."""

    @staticmethod
    def parse_mnist(image_filename, label_filename):
        """Read images and labels; as in the last homework."""
        ### BEGIN YOUR SOLUTION hw0.parse_mnist id=parse_mnist
        raise RuntimeError("of the reference")
        ### END YOUR SOLUTION


def softmax_loss(Z, y_one_hot):
    ### BEGIN YOUR SOLUTION hw1.softmax_loss
    return Z
    ### END YOUR SOLUTION
'''
HOMEWORK = """\
name = "hw1"
title = "Automatic differentiation"

[[question]]
id = "hw1.softmax_loss"
title = "The loss again"
points = 10
section = "Question 1"

[carried]
library = ["apps/*.py"]

[submission]
files = ["apps/*.py", "src/*.py"]
"""
HELPER = '''\
def _payload(name, header):
    """Return what follows the header of an IDX file."""
    with gzip.open(name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


'''
BODY = """\
X = _payload(image_filename, 16).reshape(-1, 784).astype(np.float32) / 255
return X, _payload(label_filename, 8)
"""


@pytest.fixture
def course(real_course, tmp_path):
    """Return the real course with a homework after hw0."""
    root = tmp_path / "clone"
    for name in ("hw0", "testing"):
        shutil.copytree(
            real_course.root / "common" / name,
            root / "common" / name,
            ignore=shutil.ignore_patterns("__pycache__", "data", "*.so"),
        )
    (root / "common/needle/apps").mkdir(parents=True)
    (root / "common/needle/apps/simple_ml.py").write_text(APP)
    (root / "common/hw1").mkdir()
    (root / "common/hw1/homework.toml").write_text(HOMEWORK)
    text = (real_course.root / "course.toml").read_text()
    text = re.sub(r"homeworks = \[.*?\]", 'homeworks = ["hw0", "hw1"]', text)
    (root / "course.toml").write_text(text)
    return Course(root)


@pytest.fixture
def both(course):
    return [Student.start(course, name, course.work(name)) for name in ("hw0", "hw1")]


def reads_mnist(hw1: Student, tmp_path, monkeypatch, kit) -> bool:
    """Whether the carried function reads files as hw0's tests write them."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    labels = np.arange(5, dtype=np.uint8)
    names = kit(tmp_path, images, labels)
    module = runpy.run_path(str(hw1.path / "apps/simple_ml.py"))
    X, y = module["Data"].parse_mnist(*names)
    assert X.dtype == np.float32
    return np.allclose(X, images.reshape(5, 784) / 255) and np.array_equal(y, labels)


@pytest.fixture
def kit(both):
    """Return a function that writes a pair of IDX files."""
    import gzip
    import struct

    def write(folder, images, labels):
        head = struct.pack(">4i", 2051, len(images), 28, 28)
        (folder / "i.gz").write_bytes(gzip.compress(head + images.tobytes()))
        head = struct.pack(">2i", 2049, len(labels))
        (folder / "l.gz").write_bytes(gzip.compress(head + labels.tobytes()))
        return folder / "i.gz", folder / "l.gz"

    return write


def test_the_reference_solution_moves_on(course, both, tmp_path, monkeypatch, kit):
    hw0, hw1 = both
    solution = render(course, "hw0", ALL)["src/simple_ml.py"].decode()
    body = read_regions("src/simple_ml.py", solution).found["parse_mnist"].body
    hw0.write("src/simple_ml.py", "parse_mnist", "\n".join(body))
    done = carry_into([hw0.folder], hw1.folder)
    (outcome,) = done.plan.outcomes
    assert (outcome.region, outcome.settled.what, outcome.port) == (
        "parse_mnist",
        "carried",
        False,
    )
    assert done.plan.remarks == done.plan.extras == []
    assert reads_mnist(hw1, tmp_path, monkeypatch, kit)


def test_a_solution_with_its_helper_moves_on(
    both, course, tmp_path, monkeypatch, kit, run_course
):
    hw0, hw1 = both
    hw0.write("src/simple_ml.py", "parse_mnist", BODY)
    hw0.write("src/simple_ml.py", "add", "return x + y")
    hw0.edit("src/simple_ml.py", "def parse_mnist(", HELPER + "def parse_mnist(")
    result = run_course("carry", "hw0", "hw1", "--helpers", cwd=course.root)
    assert result.exit_code == 0
    assert "Not part of hw1: add; kept in" in result.output
    assert reads_mnist(hw1, tmp_path, monkeypatch, kit)
    before = hw1.files()
    assert run_course("carry", "hw0", "hw1", "--helpers", cwd=course.root)
    assert hw1.files() == before


def test_the_solved_homework_has_only_one_thing_to_carry(course, both):
    hw0, hw1 = both
    for path in ("src/simple_ml.py", "src/simple_ml_ext.cpp"):
        hw0.put(path, render(course, "hw0", ALL)[path].decode())
    done = carry_into([hw0.folder], hw1.folder)
    assert [each.region for each in done.plan.outcomes] == ["parse_mnist"]
    assert len(done.plan.gone) == 5
    assert done.plan.remarks == []
