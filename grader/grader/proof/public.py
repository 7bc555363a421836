"""Run the public tests of a rendered folder and say what became of each."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from coursekit.homework import Homework, Question
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
    found: dict[tuple[str, str], TestOutcome] = {}
    for each in run_each(
        homework,
        files,
        questions=questions,
        build=build,
        seconds=seconds,
        until_failure=until_failure,
    ):
        known = found.setdefault((each.name, each.question), each)
        if _GRAVITY[known.status] < _GRAVITY[each.status]:
            found[each.name, each.question] = each
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
    wanted = (
        homework.questions
        if questions is None
        else [homework.question(name) for name in questions]
    )
    products, failed = _products(homework, files) if build else ({}, {})
    runnable, outcomes = [], []
    for each in wanted:
        why = [failed.get(one.name, "") for one in homework.builds_for(each.built)]
        if not any(why):
            runnable.append(each)
            continue
        said = next(filter(None, why))
        outcomes += [
            TestOutcome(test, each.id, "error", "BuildFailed", said)
            for test in each.tests
        ]
    if runnable:
        with scratch.folder() as parent:
            folder = parent.resolve() / homework.name
            write_folder({**files, **products}, folder)
            seen = run_items(
                folder,
                _owners(homework, runnable),
                [each.id for each in runnable],
                seconds,
                until_failure=until_failure,
            )
        outcomes += _outcomes(seen, runnable, files)
    order = [(test, each.id) for each in wanted for test in each.tests]
    return sorted(outcomes, key=lambda each: order.index((each.name, each.question)))


def _owners(
    homework: Homework, questions: Collection[Question]
) -> dict[str, dict[str, str]]:
    """Return for each test of the questions all that have it, by their ``on``."""
    return {
        test: {on: each.id for on, each in homework.owners(test).items()}
        for question in questions
        for test in question.tests
    }


def _products(
    homework: Homework, files: Mapping[str, bytes]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Build the native code, if there is any; return products, and what failed."""
    products: dict[str, bytes] = {}
    failed: dict[str, str] = {}
    for recipe in homework.builds:
        built = build_native(homework, recipe, files, files, best())
        products.update(built.outputs)
        if built.failed:
            failed[recipe.name] = f"{built.failed}\n{built.messages}".strip()
    return products, failed


def _outcomes(
    seen: Seen, questions: Collection[Question], files: Mapping[str, bytes]
) -> Iterator[TestOutcome]:
    found = set()
    for item in in_order(seen):
        found.add((item.name, item.question))
        yield _of_item(item)
    for question in questions:
        for name in question.tests:
            if (name, question.id) not in found:
                yield _of_missing(name, question, seen.refusals, files)


def _of_item(item: Item) -> TestOutcome:
    return TestOutcome(
        name=item.name,
        question=item.question,
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
    question: Question,
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
                question=question.id,
                status="error",
                kind=why.kind,
                message=why.message,
                file=path,
                item=name,
                at=why.at,
            )
    said = "no file tests/**/test_*.py has this function"
    if question.on:
        said += f" with the parameter {question.on}"
    return TestOutcome(name, question.id, "error", "NotFound", said, item=name)
