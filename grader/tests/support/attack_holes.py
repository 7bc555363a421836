"""Graders with a hole, made for a test: the attacks must find each of them.

Every function takes pytest's monkeypatch and changes trusted code for one test; where
the hole is inside the box, the range's own copy of the kit is changed instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attack_course
import pytest
from attack_range import Range
from gradebox.limits import Limits
from gradebox.values import ArrayValue
from grader.box import Box
from grader.explain import Told
from grader.material import Material
from grader.reference import kept
from grader.run import Run
from grader.sandbox import bwrap, python
from grader.sandbox import spec as sandbox_spec
from grader.suite import read_suite

from grader import build, explain, judge, reference, run

Patch = pytest.MonkeyPatch

COMPARES = """
        given, send = {}, trial._send

        def keep(name, value, check, *, witnessed):
            given[name] = value
            send(name, value, check, witnessed=witnessed)

        trial._send = keep
        function(trial)
        right = job["expected"].items()
        passed = all(np.allclose(given[name], value, 1e-4) for name, value in right)
        verdict = Encoded(["bool", bool(passed)])
        outlet.answer("verdict", verdict, witnessed=False, inputs="", check=None)
"""

SCORED = '''
"""A suite that believes a score."""

import numpy as np
from gradebox import Trial, at_least, case, student

simple_ml = student("simple_ml")


@case("hw0.nn_epoch", points=25)
def network_learns(t: Trial) -> None:
    """After training most rows are classified rightly."""
    X = t.input(t.rng.standard_normal((60, 5)).astype("float32"))
    y = t.input(t.rng.randint(3, size=60).astype("uint8"))
    W1, W2 = np.ones((5, 4), "float32"), np.ones((4, 3), "float32")
    for _ in range(3):
        simple_ml.nn_epoch(X, y, W1, W2)
    _, error = simple_ml.loss_err(np.maximum(X @ W1, 0) @ W2, y)
    t.answer("accuracy", 1 - float(error), check=at_least(0.2))
'''


def _change(range_: Range, module: str, old: str, new: str) -> None:
    """Change the kit that the range's boxes are given."""
    path = range_.base / "kit" / "gradebox" / module
    text = path.read_text()
    assert text.count(old) == 1, f"{module} has changed: look for {old!r}"
    path.write_text(text.replace(old, new))


def compare_in_the_child(range_: Range, patch: Patch) -> None:
    """Send the expected values into the box and believe the verdict that comes out."""
    _change(range_, "child.py", "        function(trial)\n", COMPARES)
    honest = Box.run

    def send_expected(box: Box, job: Mapping[str, Any], limits: Limits) -> Run:
        known = kept(attack_course.material(limits.seconds), range_.seed)
        right = known.get(job.get("case", ""), Run()).answers
        values = {name: _plain(answer.value) for name, answer in right.items()}
        return honest(box, {**job, "expected": values}, limits)

    def believe(theirs: Run, right: Run) -> Told:
        said = theirs.answers.get("verdict")
        passed = said is not None and said.value is True
        return Told("passed") if passed else Told("wrong", "The child says so.")

    patch.setattr(Box, "run", send_expected)
    patch.setattr(judge, "answers_told", believe)


def _plain(value: object) -> object:
    return value.data.tolist() if isinstance(value, ArrayValue) else value


def honour_the_childs_check(range_: Range, patch: Patch) -> None:
    """Take the check that comes with an answer for the one that counts."""
    honest = run._answer

    def with_check(
        header: dict[str, Any], buffers: list[bytes], *, checked: bool
    ) -> run.Answer:
        return honest(header, buffers, checked=True)

    def findings(theirs: Run, right: Run) -> dict[str, object]:
        found = {}
        for name, answer in theirs.answers.items():
            wanted = right.answers[name]
            question = judge.Question(answer.check or wanted.check, wanted.value, [])
            finding = judge.verdict(question, answer.value)
            if finding is not None:
                found[name] = finding
        return found

    patch.setattr(run, "_answer", with_check)
    patch.setattr(judge, "_findings", findings)


def believe_a_score(folder: Path) -> Material:
    """Return material whose suite asks the student's own code how good it is."""
    found = attack_course.material()
    suite = folder / "hw0"
    suite.mkdir()
    for name, text in found.suite_files.items():
        (suite / name).write_bytes(text)
    (suite / "nn_epoch.py").write_text(SCORED)
    files = {path.name: path.read_bytes() for path in suite.glob("*.py")}
    return attack_course.other_suite(files, read_suite(found.homework, suite))


def open_the_network(range_: Range, patch: Patch) -> None:
    """Leave the box in the host's network, without a filter."""
    _without(patch, bwrap, "common_namespaces", "--unshare-net")
    old = '    """Put the filter on this process."""\n'
    _change(range_, "seccomp.py", old, f"{old}    return\n")


def _without(patch: Patch, module: Any, function: str, word: str) -> None:
    honest = getattr(module, function)
    patch.setattr(module, function, lambda: [w for w in honest() if w != word])


def show_the_environment(patch: Patch) -> None:
    """Give the box the grader's environment."""
    import os

    honest = python.environment
    patch.setattr(python, "environment", lambda: {**os.environ, **honest()})


def show_a_folder(patch: Patch, folder: Path, inside: str, how: str) -> None:
    """Mount a folder of the host."""
    honest = bwrap.mounts
    patch.setattr(
        bwrap, "mounts", lambda spec: [*honest(spec), how, str(folder), inside]
    )


def forget_to_end_boxes(patch: Patch) -> list[sandbox_spec.BoxProcess]:
    """Close no box; return those that stay open."""
    left: list[sandbox_spec.BoxProcess] = []

    def forget(process: sandbox_spec.BoxProcess) -> None:
        left.append(process)

    patch.setattr(sandbox_spec.BoxProcess, "close", forget)
    return left


def reuse_the_work_folder(patch: Patch) -> None:
    """Lay each submission over what the ones before it left."""
    honest, left = reference.contents, {}

    def contents(material: Material, files: Mapping[str, bytes]) -> object:
        if "src/attack.py" in files:
            left.update(files)
        return honest(material, {**files, **left})

    patch.setattr(reference, "contents", contents)


def forget_what_was_built(patch: Patch) -> None:
    """Take any build for the one that is wanted."""
    same = build.cache_folder("builds") / "the-same"
    patch.setattr(build._Maker, "path", lambda *_: same)


def show_text_as_it_is(patch: Patch) -> None:
    """Show what students print without making it harmless."""
    patch.setattr(explain, "clean", lambda text, limit: text[:limit])
