"""Whatever a submission does costs exactly the cases it touches, and is explained."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from grader.compare import Finding
from grader.explain import Student
from grader.run import Frameline, Run
from grader.submission import Submission
from mini_homework import (
    MINI,
    STUBS,
    by_name,
    grade_quickly,
    mini_material,
    mini_submission,
    python_change,
    statuses,
)
from mini_levels import each_level, sandbox

from grader import explain

ADD = "return x + y"
SCALE = "X *= factor"
HERE = r"in `scale` at src/mini\.py:14 \(`.*`\)"

# What `scale` does besides scaling; the status and the words that one case gets.
IN_SCALE = {
    "raise": ("1 / 0", "error", rf"ZeroDivisionError.*{HERE}"),
    "exit": ("import os; os._exit(0)", "crashed", r"process \(exit status 0\) before"),
    "sys_exit": ("raise SystemExit(0)", "error", rf"asked Python to exit.*{HERE}"),
    "exit_in_thread": (
        "import os, threading as t; t.Thread(target=os._exit, args=(0,)).start(); "
        "__import__('time').sleep(1)",
        "crashed",
        "exit status 0",
    ),
    "segfault": ("ctypes.string_at(0)", "crashed", rf"segmentation fault.*{HERE}"),
    "abort": ("__import__('os').abort()", "crashed", "abort"),
    "kill": ("import os; os.kill(os.getpid(), 9)", "crashed", "kill"),
    "hang": ("while True: pass", "timeout", rf"longer than 1 s.*{HERE}"),
    "sleep": ("import time; time.sleep(60)", "timeout", rf"longer than 1 s.*{HERE}"),
    "stop": ("import os; os.kill(os.getpid(), 19)", "timeout", "longer than 1 s"),
    "output": (
        "\n    while True: print('x' * 9999)",
        "crashed",
        "gave out more than the grader reads",
    ),
    "one_line": (
        "\n    while True: print('x' * 9999, end='')",
        "crashed",
        "gave out more than the grader reads",
    ),
    "answers": (
        "\n    import os\n    while True: os.write(3, b'x' * 65536)",
        "crashed",
        "gave out more|channel",
    ),
    "memory": ("bytearray(1 << 40)", "error", rf"MemoryError.*{HERE}.*memory"),
    "touched_memory": (
        "\n    kept = []\n    while True: kept.append(b'x' * 2**26)",
        "error",
        "MemoryError",
    ),
    "big_file": (
        "open('big', 'wb').write(b'x' * 2**27)",
        "error",
        "File too large|No space",
    ),
    "garbage": (
        "__import__('os').write(3, b'garbage' * 9)",
        "crashed",
        "channel on which answers travel",
    ),
    "closed": ("import os; os.closerange(0, 9)", "crashed", "exit status|crashed"),
    "recursion": ("scale(X, factor)", "error", "RecursionError"),
    "fork": ("import os; os.fork()", "error", "PermissionError.*may not start"),
    "threads": (
        "\n    import threading, time\n"
        "    while True: threading.Thread(target=time.sleep, args=(99,)).start()",
        "error",
        "can't start new thread|MemoryError",
    ),
    "handlers": (
        "\n    import signal, faulthandler\n"
        "    for n in set(range(1, 32)) - {9, 19}: signal.signal(n, lambda *_: None)\n"
        "    while True:\n        try:\n            while True: pass\n"
        "        except BaseException: pass",
        "timeout",
        "longer than 1 s",
    ),
}


@pytest.fixture(autouse=True)
def kept_reference(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the tests of this file share the reference's answers."""
    home = tmp_path_factory.getbasetemp() / "home-of-robust-tests"
    monkeypatch.setenv("GRADER_HOME", str(home))


def misbehaving(body: str) -> Submission:
    """Return a submission whose `scale` does something before it scales."""
    end = "\n    " if "\n" in body else "; "
    return python_change(SCALE, f"{body}{end}{SCALE}")


def patience(status: str) -> float:
    """Return the limit of a case: short where it is to be met, else never met."""
    return 1 if status == "timeout" else 30


@pytest.mark.parametrize("what", IN_SCALE)
def test_a_bad_function_costs_its_own_case(what: str, tmp_path: Path) -> None:
    body, status, words = IN_SCALE[what]
    material = mini_material(tmp_path, seconds=patience(status))
    result = grade_quickly(material, misbehaving(body))
    cases = by_name(result)
    bad = cases.pop("scales_in_place")
    assert bad.status == status, bad
    assert re.search(words, bad.message), bad.message
    assert {case.status for case in cases.values()} == {"passed"}
    assert result.earned == 6


@each_level()
@pytest.mark.parametrize("what", ["exit", "segfault", "hang", "output", "garbage"])
def test_every_level_contains_it(level: str, what: str, tmp_path: Path) -> None:
    body, status, _ = IN_SCALE[what]
    material = mini_material(tmp_path, seconds=patience(status))
    result = grade_quickly(material, misbehaving(body), sandbox(level))
    found = statuses(result)
    assert found.pop("scales_in_place") == status
    assert set(found.values()) == {"passed"}
    assert result.sandbox.name == level


# What `add` returns instead of a sum.
RETURNED = {
    "none": ("None", "wrong", "`sum` is None where.*without `return`"),
    "nan": ("(x + y) * np.float32('nan')", "wrong", "nan|float32 scalar"),
    "shape": ("np.asarray([x + y])", "wrong", r"shape \(1, 3, 4\)|where an int"),
    "liar": (
        "type('L', (), {'__eq__': lambda *_: True, '__array__': lambda *_: x})()",
        "wrong",
        "of type .*L where",
    ),
    "deep": ("[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]", "error", "nested too deeply"),
    "huge": ("np.zeros(10**8, 'uint8')", "error", "larger than 64 MiB"),
}


@pytest.mark.parametrize("what", RETURNED)
def test_a_bad_answer_costs_its_own_cases(what: str, tmp_path: Path) -> None:
    body, status, words = RETURNED[what]
    result = grade_quickly(
        mini_material(tmp_path), python_change(ADD, f"return {body}")
    )
    cases = by_name(result)
    for name in ("adds_numbers", "adds_arrays"):
        case = cases.pop(name)
        assert case.status == status, case
        assert re.search(words, case.message), case.message
        assert case.earned == 0
    assert {case.status for case in cases.values()} == {"passed"}
    assert result.earned == 6


def test_one_hint_for_several_answers_is_told_once() -> None:
    found = {name: Finding("is None", "Return it.") for name in ("a", "b")}
    told = explain.wrong({**found, "c": Finding("is 1", "It is 2 times right.")})
    assert told.message == "`a` is None. Return it."
    assert told.details == ["`b` is None.", "`c` is 1. It is 2 times right."]


WHOLE_MODULE = {
    "syntax": (MINI.replace(ADD, "return x +"), "error", r"py:10:\d+ is not valid"),
    "nul": (MINI.replace(ADD, "return \x00"), "error", "null bytes"),
    "import": (MINI.replace("numpy", "torch"), "error", "imports torch.*mini.py:6"),
    "exit": ("raise SystemExit(0)\n" + MINI, "error", "asked Python to exit"),
    "os_exit": ("__import__('os')._exit(0)\n" + MINI, "crashed", "exit status 0"),
    "missing": (None, "missing", r"src/mini\.py is not part of the submission"),
    "empty": ("", "error", "has no `"),
    "latin": (MINI.replace(ADD, "return '\udce9'"), "error", "not valid|utf-8"),
}


@pytest.mark.parametrize("what", WHOLE_MODULE)
def test_a_bad_module_costs_all_cases(what: str, tmp_path: Path) -> None:
    text, status, words = WHOLE_MODULE[what]
    material = mini_material(tmp_path, seconds=1)
    result = grade_quickly(material, mini_submission(mini=text))
    assert result.earned == 0
    for case in by_name(result).values():
        assert case.status == status, case
        assert re.search(words, case.message, re.DOTALL), case.message


def test_stubs_are_not_written_yet(tmp_path: Path) -> None:
    result = grade_quickly(mini_material(tmp_path), mini_submission(mini=STUBS))
    case = by_name(result)["adds_numbers"]
    assert case.status == "not_written"
    assert "hw0.add" in case.message
    assert by_name(result)["gives_stats"].status == "error"  # renamed or deleted


def test_a_broken_reference_is_nobodys_wrong_answer(tmp_path: Path) -> None:
    suite = '''
from gradebox import case, exact, student
mini = student("mini")

@case("hw0.add", points=3)
def broken(t):
    """The suite itself is broken."""
    t.answer("x", mini.no_such_function(), check=exact())

@case("hw0.scale", points=3)
def sound(t):
    """This one works."""
    t.answer("x", mini.add(1, 2), check=exact())

@case("hw0.stats", points=3)
def stats(t):
    """This one, too."""
    t.answer("x", mini.add(1, 2), check=exact())

@case("hw0.triple", points=4)
def triple(t):
    """Never run here."""
    t.answer("x", 1, check=exact())
'''
    result = grade_quickly(mini_material(tmp_path, suite), mini_submission())
    assert statuses(result) == {
        "broken": "environment",
        "sound": "passed",
        "stats": "passed",
    }
    assert "not your doing" in by_name(result)["broken"].message
    assert any("no_such_function" in note for note in result.notes)


def test_output_is_shown_harmless_and_bounded(tmp_path: Path) -> None:
    noisy = r"print('\x1b[2J\x1b]0;owned\x07\u202ehi', '\x00', 'y' * 99999); 1 / 0"
    result = grade_quickly(mini_material(tmp_path), python_change(ADD, noisy))
    output = by_name(result)["adds_numbers"].output
    assert "hi" in output
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]|owned", output)
    assert len(output) <= 4000


@pytest.mark.parametrize("piece", ["\\n", "/a", '  File "', 'File "/work/a', "\x1b["])
def test_no_output_takes_long_to_clean(piece: str) -> None:
    run = Run(output=piece.encode() * 20_000, end="timeout")
    student = Student({}, frozenset(), "hw0", ("numpy",))
    began = time.process_time()
    explain.printed(run, student)
    explain.ended(run, 1, student)
    assert time.process_time() - began < 1


def test_who_called_is_told_nearest_first_and_once(tmp_path: Path) -> None:
    body = """def inner(n): return inner(n - 1) if n else 1 / 0
    def outer(): return inner(5)
    return outer()"""
    result = grade_quickly(mini_material(tmp_path), python_change(ADD, body))
    details = by_name(result)["adds_numbers"].details
    assert [re.sub(r" at .*`\)", "", line) for line in details] == [
        "called from `inner`, again and again",
        "called from `outer`",
        "called from `add`",
    ]


def test_an_error_that_was_explained_is_shown_where_it_came_about(
    tmp_path: Path,
) -> None:
    body = """def inner(): return 1 / 0
    try:
        return inner()
    except ZeroDivisionError as error:
        raise ValueError("explained") from error"""
    result = grade_quickly(mini_material(tmp_path), python_change(ADD, body))
    case = by_name(result)["adds_numbers"]
    assert "ValueError (explained), in `inner`" in case.message
    assert "`return inner()`" in case.details[0]
    assert len(case.details) == 1


GIVEN = b"def call(f):\n    return f()\n"
MARKED = b"### BEGIN YOUR SOLUTION\nreturn f()\n### END YOUR SOLUTION\n"


def test_places_in_given_code_are_left_out_where_there_are_others() -> None:
    files = {"lib.py": GIVEN + b"helper = 1\n" + MARKED, "new.py": b"return f()\n"}
    student = Student(files, frozenset(), "hw1", (), given={"lib.py": GIVEN})
    given, helper, region, new = (
        Frameline("lib.py", 2, "call"),
        Frameline("lib.py", 3, "<module>"),
        Frameline("lib.py", 5, "call"),
        Frameline("new.py", 1, "call"),
    )
    assert student.own([given, helper, given, region, new, given]) == [
        helper,
        region,
        new,
    ]
    assert student.own([given, given]) == [given, given]


@pytest.mark.parametrize("body", ["while True: pass", "ctypes.string_at(0)"])
def test_the_stack_of_a_stopped_case_is_told_and_not_shown_as_output(
    body: str, tmp_path: Path
) -> None:
    material = mini_material(tmp_path, seconds=1)
    change = f"print('before', flush=True)\n    def deep():\n        {body}\n    deep()"
    case = by_name(grade_quickly(material, misbehaving(change)))["scales_in_place"]
    assert "in `deep` at src/mini.py" in case.message
    assert [line.split(" at ")[0] for line in case.details] == ["called from `scale`"]
    assert case.output == "before"


def test_hostile_text_in_an_exception_is_made_harmless(tmp_path: Path) -> None:
    rude = r"raise type('E\x1b[31m', (Exception,), {})('\x1b[2J' + 'A' * 10**6)"
    result = grade_quickly(mini_material(tmp_path), python_change(ADD, rude))
    message = by_name(result)["adds_numbers"].message
    assert "\x1b" not in message
    assert len(message) < 1000
    result.model_dump_json().encode()  # no half characters


def test_paths_of_the_grader_are_not_shown(tmp_path: Path) -> None:
    result = grade_quickly(
        mini_material(tmp_path, seconds=1),
        python_change(ADD, "import traceback; traceback.print_stack(); return 1 / 0"),
    )
    case = by_name(result)["adds_numbers"]
    assert "src/mini.py" in case.output
    for secret in ("/suite", "/kit", "/tmp/", str(Path.home())):
        assert secret not in case.output
        assert secret not in case.message
