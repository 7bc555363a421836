"""Carry the real hw0 into the real hw1."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from carry_kit import Student
from coursekit.carry.run import carry_into
from coursekit.course import Course
from coursekit.merge import read_regions
from coursekit.staging import ALL, render

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
    """Return a copy of the real course, where students may work."""
    root = tmp_path / "clone"
    junk = shutil.ignore_patterns("__pycache__", "data", "*.so")
    for name in ("explore", "hw0", "hw1", "needle", "testing"):
        shutil.copytree(
            real_course.root / "common" / name, root / "common" / name, ignore=junk
        )
    text = (real_course.root / "course.toml").read_text()
    text = re.sub(r"homeworks = \[.*?\]", 'homeworks = ["hw0", "hw1"]', text)
    (root / "course.toml").write_text(text)
    return Course(root)


@pytest.fixture
def both(course):
    return [Student.start(course, name, course.work(name)) for name in ("hw0", "hw1")]


READ = """\
import sys
sys.path.insert(0, "apps")
import numpy as np
import simple_ml
X, y = simple_ml.parse_mnist(*sys.argv[1:3])
np.savez(sys.argv[3], X=X, y=y)
"""


def reads_mnist(hw1: Student, tmp_path, kit) -> bool:
    """Whether the carried function reads files as hw0's tests write them."""
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    labels = np.arange(5, dtype=np.uint8)
    names = kit(tmp_path, images, labels)
    command = [sys.executable, "-c", READ, *map(str, names), str(tmp_path / "out.npz")]
    subprocess.run(command, cwd=hw1.path, check=True)
    with np.load(tmp_path / "out.npz") as read:
        X, y = read["X"], read["y"]
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


def test_the_reference_solution_moves_on(course, both, tmp_path, kit):
    hw0, hw1 = both
    solution = render(course, "hw0", ALL)["src/simple_ml.py"].decode()
    body = read_regions("src/simple_ml.py", solution).found["parse_mnist"].body
    hw0.write("src/simple_ml.py", "parse_mnist", "\n".join(body))
    done = carry_into([hw0.folder], hw1.folder)
    (outcome,) = done.plan.outcomes
    assert (outcome.region, outcome.settled.what) == ("parse_mnist", "carried")
    assert not outcome.port  # another question has it now; the code is the same
    assert done.plan.remarks == done.plan.extras == []
    assert reads_mnist(hw1, tmp_path, kit)


def test_a_solution_with_its_helper_moves_on(both, course, tmp_path, kit, run_course):
    hw0, hw1 = both
    hw0.write("src/simple_ml.py", "parse_mnist", BODY)
    hw0.write("src/simple_ml.py", "add", "return x + y")
    hw0.edit("src/simple_ml.py", "def parse_mnist(", HELPER + "def parse_mnist(")
    result = run_course("carry", "hw0", "hw1", "--helpers", cwd=course.root)
    assert result.exit_code == 0
    assert "Not part of hw1: add; kept in" in result.output
    assert reads_mnist(hw1, tmp_path, kit)
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


@pytest.mark.parametrize("name", ["image_filename", "image_filesname"])
def test_either_name_of_the_first_parameter_serves(both, tmp_path, kit, name):
    _, hw1 = both
    body = BODY.replace("image_filename", name)
    hw1.write("apps/simple_ml.py", "parse_mnist", body)
    hw1.edit("apps/simple_ml.py", "def parse_mnist(", HELPER + "def parse_mnist(")
    assert reads_mnist(hw1, tmp_path, kit)
