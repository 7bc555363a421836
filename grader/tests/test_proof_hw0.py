"""What closure finds in a copy of the real hw0 that was broken in seven places."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from coursekit.course import Course, enclosing_root
from grader.proof.closure import columns, prove_closure
from proof_course import change, line_of

ROOT = enclosing_root(Path(__file__).parent)
PARTS = ("common/explore", "common/hw0", "common/testing", "grader/suites")
TOML = "common/hw0/homework.toml"
HANDOUT = "common/hw0/handout.md"
SOURCE = "common/hw0/src/simple_ml.py"
TESTS = "common/hw0/tests/hw0/test_simple_ml.py"
MORE = "common/hw0/tests/hw0/test_more.py"
LOST = "common/hw0/tests/hw0/test_lost.py"
SUITE = "grader/suites/hw0/add.py"

LEAK = "log_sum = np.log(np.exp(shifted).sum(axis=1))"
LATER = "    simple_ml.softmax_loss(np.ones((1, 2), np.float32), np.array([0]))\n"
RAISE = '    raise NotImplementedError("read the two files")\n'


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "course"
    for part in PARTS:
        ignored = shutil.ignore_patterns("__pycache__", "*.so")
        shutil.copytree(ROOT / part, root / part, ignore=ignored)
    text = (ROOT / "course.toml").read_text()
    text = re.sub(r"homeworks = \[.*?\]", 'homeworks = ["hw0"]', text)
    (root / "course.toml").write_text(text)
    return Course(root)


def plant(root):
    """Break it; return where each finding is to be, and a part of what it says."""
    with (root / HANDOUT).open("a") as file:
        file.write(f"\n```py\n{LEAK}\n```\n")
    first = "    for x, y, total"
    early = "    assert simple_ml.add(1, 1) == 2\n"
    change(root, TESTS, first, f"{early}{LATER}{first}")
    last = 't.answer("integer and float", simple_ml.add(x, v), check=exact())'
    other = LATER.replace("np.ones((1, 2), np.float32)", "np.zeros((1, 3))")
    change(root, SUITE, last, f"{last}\n{other.rstrip()}")
    region = "    ### BEGIN YOUR SOLUTION hw0.parse_mnist"
    change(root, SOURCE, region, RAISE + region)
    own = 'assert_close(simple_ml.add(x, y), [11, 22], "the sum of two arrays")'
    change(root, TESTS, own, own.replace("simple_ml.add(x, y)", "x + y"))
    change(root, SUITE, "np.asarray(simple_ml.add(x, y))", "x + y")
    use = "from simple_ml import _loss_gradient"
    (root / MORE).write_text(f"{use}\n\n\ndef test_more():\n    _loss_gradient\n")
    (root / LOST).write_text("\n\nassert lost\n\n\ndef test_lost():\n    pass\n")
    listed = '"test_nn_epoch_against_loops",'
    change(root, TOML, listed, f'"test_more", "test_lost", {listed}')
    return [
        (line_of(root, HANDOUT, LEAK), "gives away a solution's code"),
        (line_of(root, TESTS, "def test_add_numbers"), "the stub of hw0.softmax_loss"),
        (line_of(root, SUITE, "def add_numbers"), "at the stub of hw0.softmax_loss"),
        (line_of(root, SOURCE, RAISE.strip()), "no region's stub raises"),
        (line_of(root, TESTS, "def test_add_leaves"), "passes with nothing"),
        (line_of(root, SUITE, "def add_leaves"), "passes with nothing"),
        (line_of(root, MORE, use), "cannot be collected with nothing"),
        (line_of(root, LOST, "assert lost"), "NameError: name 'lost'"),
    ]


@pytest.mark.slow
def test_what_is_planted_in_hw0_is_reported_at_its_place(
    course, shared_home, monkeypatch
):
    monkeypatch.setenv("GRADER_HOME", str(shared_home))
    planted = plant(course.root)
    wanted = columns(course, course.homework("hw0"))[:2]
    found = [str(f) for f in prove_closure(course, "hw0", wanted=wanted).findings]
    for place, part in planted:
        said = [each for each in found if each.startswith(f"{place}: ")]
        assert said, f"nothing at {place} in\n" + "\n".join(found)
        assert part in said[0]
        found.remove(said[0])
    # What given code raises, the reference raises too.
    assert found
    for each in found:
        assert "hidden case parse_mnist_" in each
        assert "cannot be judged" in each
