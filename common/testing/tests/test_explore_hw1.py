"""The helpers of the hw1 notebook: they measure, draw, train, and wait politely."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from coursekit.staging import ALL, NONE
from notebook_kit import is_picture, notebook, rendered


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    return rendered(tmp_path_factory.mktemp("reference"), "hw1", ALL)


@pytest.fixture(scope="module")
def starter(tmp_path_factory) -> Path:
    return rendered(tmp_path_factory.mktemp("starter"), "hw1", NONE)


@pytest.fixture
def solved(reference) -> Iterator[SimpleNamespace]:
    with notebook(reference, ["simple_ml"]) as names:
        yield names


@pytest.fixture
def untouched(starter) -> Iterator[SimpleNamespace]:
    with notebook(starter, ["simple_ml"]) as names:
        yield names


# -- waiting ---------------------------------------------------------------------------


def test_the_starter_says_in_one_line_what_each_cell_waits_for(untouched, capsys):
    explore, ndl, simple_ml = untouched.explore, untouched.ndl, untouched.simple_ml

    def derivatives(f, at):
        x = ndl.Tensor(at)
        f(x).backward()
        return x.grad, x.grad

    for question, call in (
        ("hw1.forward", lambda: explore.check(ndl.exp, [1.0])),
        ("hw1.forward", lambda: explore.price_of_backward(sizes=(3,))),
        (
            "hw1.compute_gradient",
            lambda: explore.race_to_the_minimum(
                lambda x: x * x, derivatives, start=1.0
            ),
        ),
        ("hw1.softmax_loss_ndl", lambda: explore.load(simple_ml.parse_mnist)),
        ("", lambda: explore.train_two_layer(simple_ml, None)),
        ("", lambda: explore.plot_curves(None)),
        ("", lambda: explore.show_mistakes(None, None)),
        ("", lambda: explore.compare_with_hw0(simple_ml, "../nowhere")),
    ):
        capsys.readouterr()
        assert call() is None
        out = capsys.readouterr().out
        assert out.startswith(f"Not yet: {question}"), out
        assert out.count("\n") == 1, out


# -- checking one operation ------------------------------------------------------------


def differences(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"largest difference: (\S+)", text)]


def test_a_right_gradient_agrees_with_what_is_measured(solved, capsys):
    rng = np.random.RandomState(1)
    a, b = rng.standard_normal((2, 3)), rng.standard_normal((3, 4))
    solved.explore.check(solved.ndl.matmul, a, b)
    solved.explore.check(solved.ndl.summation, a, axes=-1)
    solved.explore.check(solved.ndl.exp, 0.5)
    out = capsys.readouterr().out
    assert "MatMul, input 1, shape (3, 4)" in out
    assert len(differences(out)) == 4
    assert max(differences(out)) < 1e-8


def test_a_gradient_without_its_factor_shows(solved, capsys):
    ndl = solved.ndl

    class Forgetful(ndl.ops.TensorOp):
        def compute(self, a):
            return 3 * a

        def gradient(self, out_grad, node):
            return ndl.ones_like(out_grad) * 3

    solved.explore.check(Forgetful(), [1.0, 2.0])
    [difference] = differences(capsys.readouterr().out)
    assert difference > 1


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_gradient_too_small_shows_like_one_too_large(solved, capsys, factor):
    ndl = solved.ndl

    class Scaled(ndl.ops.TensorOp):
        def compute(self, a):
            return 3 * a

        def gradient(self, out_grad, node):
            return out_grad * (3 * factor)

    solved.explore.check(Scaled(), 1.0)
    [difference] = differences(capsys.readouterr().out)
    weight = np.random.RandomState(0).standard_normal()
    assert difference == pytest.approx(3 * abs((factor - 1) * weight), rel=0.1)


def test_a_gradient_of_the_wrong_shape_is_no_matter_of_waiting(solved):
    ndl = solved.ndl

    class Total(ndl.ops.TensorOp):
        def compute(self, a):
            return np.sum(a)

        def gradient(self, out_grad, node):
            return out_grad

    with pytest.raises(ValueError, match="shape"):
        solved.explore.check(Total(), [1.0, 2.0])


# -- clocks ----------------------------------------------------------------------------


def test_three_ways_lead_to_one_gradient(solved):
    from explore.cost import WAYS

    x = np.random.RandomState(2).uniform(0.5, 2, 9)
    for way in WAYS.values():
        assert np.allclose(way(list(x)), np.prod(x) / x, rtol=1e-8)


def test_the_three_ways_are_timed_and_drawn(solved, capsys):
    picture = solved.explore.three_ways(sizes=(2, 40), rounds=1)
    assert is_picture(picture)
    [axes] = picture.figure.axes
    names = ["differences", "forward mode", "reverse mode"]
    assert [line.get_label() for line in axes.lines] == names
    assert capsys.readouterr().out.count("\n") == 2 + 2


def test_the_price_of_backward_has_a_row_for_each_size(solved, capsys):
    solved.explore.price_of_backward(sizes=(2, 4), rounds=1)
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == ["weights", "8", "32"]


def test_differences_take_two_evaluations_for_each_weight(solved, capsys, monkeypatch):
    monkeypatch.setattr("explore.cost._network_times", lambda d, rounds: (0.5, 1.0))
    solved.explore.price_of_backward(sizes=(3,))
    row = capsys.readouterr().out.splitlines()[-1]
    assert " ".join(row.split()) == "18 500.00 ms 1000.00 ms 2.0 18.0 seconds"


def test_durations_are_told_in_words(solved):
    from explore.cost import _words

    assert [_words(s) for s in (0.04, 59.9, 150.0)] == [
        "0.0 seconds", "59.9 seconds", "2 minutes",
    ]  # fmt: skip


# -- Newton ----------------------------------------------------------------------------


def test_newton_arrives_long_before_gradient_descent(solved, capsys):
    def derivatives(f, at):
        return float(np.exp(at) - 2), float(np.exp(at))

    def valley(x):
        return solved.ndl.exp(x) - 2 * x

    picture = solved.explore.race_to_the_minimum(valley, derivatives, start=2.5)
    last = capsys.readouterr().out.splitlines()[-1].split()
    assert abs(float(last[3]) - np.log(2)) < 1e-8
    assert abs(float(last[1]) - np.log(2)) > 1e-2
    assert is_picture(picture)


# -- training --------------------------------------------------------------------------


def test_what_stands_in_for_mnist_keeps_the_names_of_its_classes(
    solved, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))  # no MNIST here
    data = solved.explore.load(solved.simple_ml.parse_mnist)
    assert "fashion-small" in capsys.readouterr().out
    assert len(data.classes) == 10
    assert (data.classes[0], data.classes[9]) == ("T-shirt", "boot")


@pytest.mark.parametrize("loss", [np.inf, np.nan])
def test_a_training_whose_loss_is_no_number_ends_after_that_epoch(solved, loss):
    from explore.history import Training
    from explore.patience import NotYetError
    from explore.table import show

    X, y = np.ones((2, 3)), np.zeros(2, np.uint8)
    training = Training(
        solved.explore.History("lost", (np.ones((3, 2)),), ("a", "b")),
        solved.explore.Digits(X, y, X, y),
        epochs=3,
        step=lambda: None,
        measure=lambda h, y: (loss, 1.0),
    )
    with pytest.raises(NotYetError, match=f"the loss is {loss} after epoch 1"):
        show(training)
    assert len(training.history.rows) == 1


# -- homework 0 ------------------------------------------------------------------------


def test_the_two_epochs_agree(solved, tmp_path, capsys):
    by_hand = rendered(tmp_path, "hw0", ALL)
    solved.explore.compare_with_hw0(solved.simple_ml, by_hand)
    out = capsys.readouterr().out
    moved = [float(found) for found in re.findall(r"moved by up to (\S+),", out)]
    apart = [float(found) for found in re.findall(r"differ by (\S+)", out)]
    assert len(moved) == len(apart) == 2
    assert min(moved) > 0.01
    assert max(apart) < 1e-5
    assert "hw0_simple_ml" not in sys.modules


def test_an_epoch_that_is_not_written_in_homework_0_is_waited_for(
    solved, tmp_path, capsys
):
    solved.explore.compare_with_hw0(solved.simple_ml, rendered(tmp_path, "hw0", NONE))
    assert capsys.readouterr().out.startswith("Not yet: hw0.nn_epoch")


# -- edits are followed ----------------------------------------------------------------

SESSION = """
import sys, time
from pathlib import Path
from IPython.testing.globalipapp import start_ipython

shell = start_ipython()
def cell(code):
    result = shell.run_cell(code)
    assert result.success, result.error_in_exec or result.error_before_exec
def edit(path, old, new):
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new))
    time.sleep(0.01)  # no clock is coarser

cell('''
import sys
sys.path[:0] = [".", "python", "apps", "tests/support"]
import numpy as np
import needle as ndl
import explore, simple_ml
explore.follow_changes(globals())
explore.follow_changes(globals())
x = ndl.Tensor([1.0, 2.0])
''')
"""


def session(folder: Path, tmp_path: Path, steps: str) -> str:
    """Run cells and edits in a copy of the folder; return what was printed."""
    copy = shutil.copytree(folder, tmp_path / "hw1")
    environment = {k: v for k, v in os.environ.items() if k[:10] != "PYTHONDONT"}
    done = subprocess.run(
        [sys.executable, "-c", SESSION + steps],
        cwd=copy,
        env=environment | {"IPYTHONDIR": str(tmp_path), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_edit_is_there_in_the_next_cell(reference, tmp_path):
    out = session(
        reference,
        tmp_path,
        """
cell("print(ndl.exp(ndl.Tensor([0.0])))")
edit("python/needle/ops/ops_mathematic.py", "array_api.exp(a)", "array_api.exp(a) + 6")
cell("print(ndl.exp(ndl.Tensor([0.0])))")
cell("'nothing has changed since'")
edit("apps/simple_ml.py", "def loss_err", "def other(): return 'new'\\ndef loss_err")
cell("print(simple_ml.other())")
""",
    )
    assert out.count("Loaded again") == 2
    assert "with your changes in ops_mathematic.py." in out
    assert re.findall(r"^(\[.*\]|new)$", out, re.M) == ["[1.]", "[7.]", "new"]


def test_tensors_work_together_after_an_edit_of_their_class(reference, tmp_path):
    """What IPython's autoreload cannot do, which is why there is a way of our own."""
    out = session(
        reference,
        tmp_path,
        """
edit("python/needle/autograd.py", "class Op:", "# edited\\nclass Op:")
cell('''
x = ndl.Tensor([1.0, 2.0])
y = (x * x + np.ones(2)).sum()
y.backward()
print(x.grad, isinstance(y, ndl.Tensor))
''')
""",
    )
    assert "[2. 4.] True" in out


def test_a_file_may_be_renamed(reference, tmp_path):
    out = session(
        reference,
        tmp_path,
        """
Path("python/needle/mine.py").write_text("answer = 41")
cell("import needle.mine as mine; print([mine.answer])")
Path("python/needle/mine.py").rename("python/needle/ours.py")
edit("python/needle/ours.py", "41", "42")
cell("import needle.ours; print([needle.ours.answer])")
""",
    )
    assert "does not load" not in out
    assert re.findall(r"^\[.*\]$", out, re.M) == ["[41]", "[42]"]


def test_an_edit_that_does_not_load_is_told_and_changes_nothing(reference, tmp_path):
    out = session(
        reference,
        tmp_path,
        """
edit("python/needle/autograd.py", "class Op:", "class Op")
cell("import needle; assert needle is ndl; print(ndl.exp(x * 0))")
edit("python/needle/autograd.py", "class Op\\n", "class Op:\\n")
cell("print(ndl.exp(ndl.Tensor([0.0])))")
""",
    )
    assert out.count("Your edit does not load") == 1
    assert re.search(r"autograd\.py, line \d+", out)
    assert out.count("Loaded again") == 1
    assert re.findall(r"^\[.*\]$", out, re.M) == ["[1. 1.]", "[1.]"]


def test_names_imported_from_a_module_follow_it(reference, tmp_path):
    out = session(
        reference,
        tmp_path,
        """
cell('''
from needle import Tensor
from needle.autograd import find_topo_sort as sort
from gradient_check import gradient_check
mine = lambda: "mine"
''')
edit("python/needle/autograd.py", "topo_order.append(current)", "pass")
cell('''
print([Tensor is ndl.Tensor, len(sort([Tensor([1.0]) * 2])), mine()])
print([gradient_check.__globals__["ndl"] is ndl])
''')
""",
    )
    assert re.findall(r"^\[.*\]$", out, re.M) == ["[True, 0, 'mine']", "[True]"]


def test_two_edits_in_one_second_are_two(reference, tmp_path):
    """Python itself tells compiled files from edited ones by seconds and size."""
    out = session(
        reference,
        tmp_path,
        """
ops = "python/needle/ops/ops_mathematic.py"
for old, new in [("exp(a)", "cos(a)"), ("cos(a)", "sin(a)"), ("sin(a)", "tan(a)")]:
    edit(ops, f"array_api.{old}", f"array_api.{new}")
    cell("print(ndl.exp(ndl.Tensor([0.0])).numpy().round())")
edit(ops, "array_api.tan(a)", "array_api.cos(a)")
cell("print(ndl.exp(ndl.Tensor([0.0])).numpy().round())")
""",
    )
    assert re.findall(r"^\[.*\]$", out, re.M) == ["[1.]", "[0.]", "[0.]", "[1.]"]


@pytest.mark.parametrize("stop", ["KeyboardInterrupt", "SystemExit"])
def test_a_load_that_is_stopped_loses_nothing(reference, tmp_path, stop):
    """Whoever interrupts it, or leaves an exit at the end of a file, can go on."""
    out = session(
        reference,
        tmp_path,
        f"""
ops = "python/needle/ops/ops_mathematic.py"
edit(ops, "array_api.exp(a)", "array_api.exp(a) + 6")
edit("apps/simple_ml.py", "def loss_err", "raise {stop}\\ndef loss_err")
cell("import needle; assert needle is ndl; print(ndl.exp(x * 0))")
edit("apps/simple_ml.py", "raise {stop}\\n", "")
cell("print(ndl.exp(ndl.Tensor([0.0])))")
""",
    )
    assert re.findall(r"^\[.*\]$", out, re.M) == ["[1. 1.]", "[7.]"]


def test_a_load_that_was_interrupted_is_made_up_for(reference, tmp_path):
    out = session(
        reference,
        tmp_path,
        """
interrupted = "if not hasattr(np, 'seen'): np.seen = 1; raise KeyboardInterrupt"
edit("apps/simple_ml.py", "def loss_err", interrupted + "\\ndef loss_err")
cell("print([hasattr(np, 'seen')])")
cell("print(['all there'])")
""",
    )
    assert out.count("Loaded again") == 1
    assert re.findall(r"^\[.*\]$", out, re.M) == ["[True]", "['all there']"]


def test_nothing_is_followed_outside_a_notebook(solved):
    assert solved.explore.follow_changes({}) is None
