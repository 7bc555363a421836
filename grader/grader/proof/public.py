"""Run the public tests of a rendered folder and say what became of each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from coursekit.homework import Homework
from coursekit.staging import write_folder

from grader import scratch
from grader.build import build as build_native
from grader.proof.running import Item, Refusal, Seen, Status, in_order, run_items
from grader.sandbox import best

SECONDS = 60.0  # for one test; a loop without end has to end
# One that is skipped, on a device that is not there, hides no failure on another.
_GRAVITY: dict[Status, int] = {"passed": 0, "skipped": 1, "failed": 2, "error": 2}


@dataclass(frozen=True)
class TestOutcome:
    """What became of one public test; of several parameter sets, the first that failed.

    A test that the folder lacks has kind ``NotFound``, one whose file cannot be
    collected the kind of that error, one that took the process along ``Crash`` or
    ``Timeout``, one of code that does not compile ``BuildFailed``.
    """

    __test__: ClassVar[bool] = False  # not for pytest, whatever its name

    name: str
    question: str
    status: Status
    kind: str = ""  # the exception's type
    message: str = ""
    file: str = ""  # of the test function, relative to the folder
    line: int = 0
    item: str = ""  # with its parameters, as pytest knows it
    at: str = ""  # file:line, the last place in the folder on the way to the error


def run_public(
    homework: Homework,
    files: Mapping[str, bytes],
    *,
    questions: Collection[str] | None = None,
    build: bool,
    seconds: float = SECONDS,
    until_failure: bool = False,
) -> list[TestOutcome]:
    """Return an outcome for each public test of the questions (all by default).

    The files are written to a temporary folder; with ``build`` the native code is
    built first, once for the same sources. With ``until_failure`` what comes after the
    first failure is skipped.
    """
    found: dict[str, TestOutcome] = {}
    for each in run_each(
        homework,
        files,
        questions=questions,
        build=build,
        seconds=seconds,
        until_failure=until_failure,
    ):
        known = found.setdefault(each.name, each)
        if _GRAVITY[known.status] < _GRAVITY[each.status]:
            found[each.name] = each
    return list(found.values())


def run_each(
    homework: Homework,
    files: Mapping[str, bytes],
    *,
    questions: Collection[str] | None = None,
    build: bool,
    seconds: float = SECONDS,
    until_failure: bool = False,
) -> list[TestOutcome]:
    """Return an outcome for each set of parameters of each test."""
    owners = _owners(homework, questions)
    products, failed = _products(homework, files) if build else ({}, "")
    broken = {
        test: name
        for test, name in owners.items()
        if failed and homework.question(name).built
    }
    outcomes = [
        TestOutcome(test, name, "error", "BuildFailed", failed)
        for test, name in broken.items()
    ]
    runnable = owners.keys() - broken.keys()
    if runnable:
        with scratch.folder() as parent:
            folder = parent.resolve() / homework.name
            write_folder({**files, **products}, folder)
            seen = run_items(folder, runnable, seconds, until_failure=until_failure)
        outcomes += _outcomes(seen, owners, runnable, files)
    order = list(owners)
    return sorted(outcomes, key=lambda outcome: order.index(outcome.name))


def _owners(homework: Homework, questions: Collection[str] | None) -> dict[str, str]:
    """Return the question of each public test that is to be run."""
    wanted = (
        homework.questions
        if questions is None
        else [homework.question(name) for name in questions]
    )
    return {test: question.id for question in wanted for test in question.tests}


def _products(
    homework: Homework, files: Mapping[str, bytes]
) -> tuple[Mapping[str, bytes], str]:
    """Build the native code, if there is any; return products and what failed."""
    if homework.build is None:
        return {}, ""
    built = build_native(homework, files, files, best())
    if not built.failed:
        return built.outputs, ""
    return {}, f"{built.failed}\n{built.messages}".strip()


def _outcomes(
    seen: Seen,
    owners: Mapping[str, str],
    wanted: Collection[str],
    files: Mapping[str, bytes],
) -> Iterator[TestOutcome]:
    found = set()
    for item in in_order(seen):
        found.add(item.name)
        yield _of_item(item, owners[item.name])
    for name in set(wanted) - found:
        yield _of_missing(name, owners[name], seen.refusals, files)


def _of_item(item: Item, question: str) -> TestOutcome:
    return TestOutcome(
        name=item.name,
        question=question,
        status=item.status,
        kind=item.kind,
        message=item.message,
        file=item.file,
        line=item.line,
        item=item.id.rpartition("::")[2],
        at=item.at,
    )


def _of_missing(
    name: str,
    question: str,
    refusals: Mapping[str, Refusal],
    files: Mapping[str, bytes],
) -> TestOutcome:
    """Return the outcome of a test that pytest has not found; its line is 0."""
    defined = re.compile(rf"\bdef {re.escape(name)}\b".encode())
    for path, why in refusals.items():
        below = [d for f, d in files.items() if f == path or f.startswith(f"{path}/")]
        if any(map(defined.search, below)):  # a folder's conftest.py refuses it whole
            return TestOutcome(
                name=name,
                question=question,
                status="error",
                kind=why.kind,
                message=why.message,
                file=path,
                item=name,
                at=why.at,
            )
    said = "no file tests/**/test_*.py has this function"
    return TestOutcome(name, question, "error", "NotFound", said, item=name)
