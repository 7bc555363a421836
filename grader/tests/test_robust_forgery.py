"""Nothing that the student's process says about answers or checks is believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from gradebox.wire import pack
from mini_homework import (
    by_name,
    grade_quickly,
    mini_material,
    python_change,
    statuses,
)

ADD = "return x + y"


def frame(**header: object) -> bytes:
    base = {"frame": "answer", "witnessed": False, "inputs": ""}
    return pack({**base, **header})


FORGERIES = {
    # An answer before the answer.
    "answer": frame(name="sum", value=["none"]),
    # Answers that no case asks for.
    "other names": frame(name="verdict", value=["bool", True])
    + frame(name="passed", value=["int", "0x1"]),
    # The end, at once.
    "end": frame(frame="end"),
    # A fault that might be mistaken for a reason to be kind.
    "fault": frame(frame="fault", types=["MemoryError"], message="", frames=[]),
    # What only the reference may send.
    "input": frame(frame="input", value=["none"]),
}


@pytest.fixture(autouse=True)
def kept_reference(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the tests of this file share the reference's answers."""
    home = tmp_path_factory.getbasetemp() / "home-of-robust-tests"
    monkeypatch.setenv("GRADER_HOME", str(home))


@pytest.mark.parametrize("what", FORGERIES)
def test_forged_frames_earn_nothing(what: str, tmp_path: Path) -> None:
    body = f"__import__('os').write(3, {FORGERIES[what]!r}); return x - y + 1"
    result = grade_quickly(mini_material(tmp_path), python_change(ADD, body))
    cases = by_name(result)
    assert cases["adds_numbers"].earned == cases["adds_arrays"].earned == 0
    assert result.earned == 6


LENIENT = """
    import gradebox.child as child
    if not hasattr(child, "honest"):
        child.honest = child.PipeOutlet.send
        check = ["one_of", {"options": [None]}]
        child.PipeOutlet.send = lambda self, header, buffers: child.honest(
            self, {**header, "check": check}, buffers
        )
    return None
"""


def test_a_check_from_the_students_process_is_not_looked_at(tmp_path: Path) -> None:
    """Every frame is well formed, and every answer passes the check it came with."""
    result = grade_quickly(mini_material(tmp_path), python_change(ADD, LENIENT))
    cases = by_name(result)
    assert cases["adds_numbers"].status == cases["adds_arrays"].status == "wrong"
    assert "`sum` is None" in cases["adds_numbers"].message


def test_forged_extra_frames_do_not_cost_a_right_answer(tmp_path: Path) -> None:
    """The test above could pass for a wrong reason: here the same write is harmless."""
    body = f"__import__('os').write(3, {FORGERIES['other names']!r}); return x + y"
    result = grade_quickly(mini_material(tmp_path), python_change(ADD, body))
    # The second call repeats the names, which no honest process does.
    assert statuses(result)["adds_numbers"] == "passed"


@pytest.mark.parametrize(
    "prelude",
    [
        "np.allclose = np.array_equal = np.testing.assert_allclose = lambda *a, **k: 1",
        "import builtins; builtins.abs = lambda x: 0; builtins.len = lambda x: 1",
        "import gradebox.encode as e; e.encode = lambda v: e.Encoded(['none'])",
        "import gradebox.trial as t; t.encode = lambda v: t.Encoded(['none'])",
        "import gradebox.trial as t; t.Trial._send = lambda *a, **k: None",
        "import gradebox.checks as c; c.Check.kind = 'at_least'",
        "import gradebox.wire as w; w.pack = lambda *a, **k: b''",
        "import sys; sys.settrace(lambda *a: None); sys.setrecursionlimit(99)",
    ],
)
def test_patching_what_is_in_the_box_earns_nothing(
    prelude: str, tmp_path: Path
) -> None:
    change = python_change(ADD, f"{prelude}; return x - y + 1")
    result = grade_quickly(mini_material(tmp_path), change)
    cases = by_name(result)
    assert cases["adds_numbers"].earned == cases["adds_arrays"].earned == 0
    assert result.earned == 6


def test_one_case_cannot_reach_the_next(tmp_path: Path) -> None:
    """Files, modules and globals of one case are gone in the next."""
    body = (
        "import os, pathlib, sys; here = pathlib.Path(os.getcwd()).parent; "
        "seen = len(list(here.iterdir())); (here / 'left').write_text('x'); "
        "assert seen == 1 and not hasattr(np, 'mark'); np.mark = 1; return x + y"
    )
    # adds_arrays calls twice in one case: the second call does see the first.
    result = grade_quickly(mini_material(tmp_path), python_change(ADD, body))
    found = statuses(result)
    assert found["adds_numbers"] == "passed"
    assert found["adds_arrays"] == "error"
    assert found["scales_in_place"] == "passed"


def test_changing_the_inputs_is_no_way_to_be_right(tmp_path: Path) -> None:
    """Zeros are a fixed point of the scaling; the check is on the reference's own."""
    change = python_change("X *= factor", "X[:] = 0")
    result = grade_quickly(mini_material(tmp_path), change)
    assert statuses(result)["scales_in_place"] == "wrong"


def test_meddling_with_the_case_itself_is_noticed(tmp_path: Path) -> None:
    """Frames give access to the trial; other inputs are then not the reference's."""
    body = (
        "import sys; t = sys._getframe(1).f_locals['t']; t.input(0); "
        "t.rng.seed(0); return x + y"
    )
    result = grade_quickly(mini_material(tmp_path), python_change(ADD, body))
    case = by_name(result)["adds_numbers"]
    assert case.status == "wrong"  # theirs, not a fault of the grader's
    assert "changed them" in case.message
    assert case.earned == 0
