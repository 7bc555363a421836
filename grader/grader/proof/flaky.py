"""Grade the same work with many seeds: the same verdict each time, case by case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from grader.material import Material
from grader.proof.cached import cached
from grader.proof.hidden import run_hidden
from grader.result import GradeResult, Status
from grader.sandbox import Sandbox, best

Files = Mapping[str, bytes]
Verdicts = Mapping[str, Status]  # by case


@dataclass(frozen=True)
class Subject:
    """Some work; if it is ``right``, it has to pass every time."""

    name: str  # also of the folder in which it is kept on demand
    files: Files
    right: bool = False
    planted: Mapping[str, str] = field(default_factory=dict)  # question to entry
    questions: frozenset[str] | None = None  # to grade; None: all

    def named(self, questions: Iterable[str]) -> str:
        """Return the name, with what is planted in these questions."""
        entries = [self.planted[each] for each in questions if each in self.planted]
        return f"{self.name} ({', '.join(entries)})" if entries else self.name


@dataclass
class Record:
    """What became of a subject, seed by seed.

    A question in which a case ran out of its time is graded with one seed only: a loop
    that never ends would cost that time with each.
    """

    subject: Subject
    verdicts: dict[int, Verdicts] = field(default_factory=dict)
    endless: set[str] = field(default_factory=set)  # questions

    def of(self, case: str) -> dict[int, Status]:
        """Return the verdicts on one case, by seed."""
        return {
            seed: each[case] for seed, each in self.verdicts.items() if case in each
        }


@dataclass(frozen=True)
class Regrading:
    """The grading of several subjects with the same seeds."""

    material: Material
    subjects: Sequence[Subject]
    seeds: Sequence[int]
    sandbox: Sandbox | None = None  # None: the best there is
    jobs: int = 1
    use_cache: bool = True

    def run(self, done: Callable[[str], None] = lambda _: None) -> list[Record]:
        """Return what became of each subject; tell ``done`` the name of each graded.

        The reference's answers to a seed are computed for the first subject and kept
        for the others. The first seed goes alone: it builds, and finds what never ends.
        """
        walls = self.sandbox or best()
        records = [Record(subject) for subject in self.subjects]

        def one(seed: int) -> None:
            for record in records:
                self._grade(record, seed, walls)
                done(record.subject.name)

        for seed in self.seeds[:1]:
            one(seed)
        with ThreadPoolExecutor(self.jobs) as pool:
            for _ in pool.map(one, self.seeds[1:]):
                pass
        return records

    def _grade(self, record: Record, seed: int, sandbox: Sandbox) -> None:
        wanted = self._wanted(record)
        if not wanted:
            return

        def compute() -> dict[str, Status]:
            result = run_hidden(
                self.material,
                record.subject.files,
                questions=wanted,
                seed=seed,
                sandbox=sandbox,
            )
            return verdicts(result)

        parts = (self.material.key, sandbox.name, str(seed), *wanted)
        files = (part for each in record.subject.files.items() for part in each)
        found = cached("flaky", (*parts, *files), compute, use=self.use_cache)
        if not record.verdicts:
            record.endless |= self._endless(found)
        record.verdicts[seed] = found

    def _wanted(self, record: Record) -> list[str]:
        chosen = record.subject.questions
        ids = [question.id for question in self.material.homework.questions]
        wanted = [each for each in ids if chosen is None or each in chosen]
        return [each for each in wanted if each not in record.endless]

    def _endless(self, found: Verdicts) -> set[str]:
        late = {name for name, status in found.items() if status == "timeout"}
        return {case.question for case in self.material.cases if case.name in late}


def verdicts(result: GradeResult) -> dict[str, Status]:
    """Return what became of each case."""
    return {case.name: case.status for each in result.questions for case in each.cases}


def seeds_for(material: Material, times: int) -> list[int]:
    """Return seeds that stay the same as long as the suite and the reference do.

    A build that fails on a commit fails on it again; the next change draws others.
    """
    names = (f"flaky:{material.suite}:{number}" for number in range(times))
    return [
        int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
        for name in names
    ]
