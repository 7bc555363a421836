"""Find the cases whose verdict hangs on the seed, and say what to do about each."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradebox import Case

from grader.material import Material
from grader.proof.finding import Finding
from grader.proof.flaky import Record, Subject
from grader.result import Status

ALWAYS = "Right work has to pass: draw tamer inputs, or widen the tolerance."
NEVER_BY_CHANCE = (
    "Draw inputs on which a mistake shows always or never, not by chance: sizes and "
    "values with the property that the case is about."
)
MEND = "The reference itself cannot be run with every seed: mend the case."


@dataclass(frozen=True)
class Unsteady:
    """Work that a case judges differently from seed to seed, or wrongly with all."""

    subject: Subject
    name: str  # with what is planted in the case's question
    verdicts: Mapping[int, Status]

    @property
    def odd(self) -> list[int]:
        """Return the seeds to look at: of right work those that failed, else the rarer.

        Right work has to pass; of wrong work either verdict may be the intended one.
        """
        failed = [seed for seed, status in self.verdicts.items() if status != "passed"]
        passed = [seed for seed in self.verdicts if seed not in failed]
        if self.subject.right or not passed:
            return failed
        return min(failed, passed, key=len)

    def __str__(self) -> str:
        counted = Counter(self.verdicts.values()).most_common()
        said = ", ".join(f"{times} {status}" for status, times in counted)
        return f"{self.name}: {said}, look at seed {self.odd[0]:016x}"


@dataclass(frozen=True)
class Flake:
    """A case that does not give the same work the same verdict."""

    case: Case
    file: str
    line: int
    found: Sequence[Unsteady]

    @property
    def finding(self) -> Finding:
        """Return what a person is told."""
        listed = "; ".join(map(str, self.found))
        words = f"{self.case.name} hangs on the seed: {listed}. {self._advice()}"
        return Finding(self.file, self.line, words)

    def _advice(self) -> str:
        if any("environment" in each.verdicts.values() for each in self.found):
            return MEND
        return ALWAYS if any(e.subject.right for e in self.found) else NEVER_BY_CHANCE

    def as_json(self) -> dict[str, object]:
        """Return what ``--json`` shows of it."""
        return {
            "file": self.file,
            "line": self.line,
            "what": self.finding.what,
            "case": self.case.name,
            "question": self.case.question,
            "subjects": {
                each.subject.name: {
                    f"{seed:016x}": v for seed, v in each.verdicts.items()
                }
                for each in self.found
            },
        }


def flakes(material: Material, records: Sequence[Record]) -> list[Flake]:
    """Return what is wrong, in the order of the suite."""
    places = _places(material)
    found = [(case, list(_unsteady(case, records))) for case in material.cases]
    return [Flake(case, *places[case.name], each) for case, each in found if each]


def _unsteady(case: Case, records: Iterable[Record]) -> Iterator[Unsteady]:
    for record in records:
        subject, verdicts = record.subject, record.of(case.name)
        if _wrong(subject, verdicts):
            name = subject.named((case.question, *case.needs))
            yield Unsteady(subject, name, verdicts)


def _wrong(subject: Subject, verdicts: Mapping[int, Status]) -> bool:
    passed = {status == "passed" for status in verdicts.values()}
    if "environment" in verdicts.values() or len(passed) > 1:
        return True
    return subject.right and False in passed


def _places(material: Material) -> dict[str, tuple[str, int]]:
    """Return file and line of every case."""
    folder = f"grader/suites/{material.homework.name}"
    return {
        name: (f"{folder}/{path}", line)
        for path, source in material.suite_files.items()
        for name, line in _functions(source)
    }


def _functions(source: bytes) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            yield node.name, node.lineno
