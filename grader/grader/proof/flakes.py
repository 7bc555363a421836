"""Find the cases whose verdict hangs on the seed, and say what to do about each."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gradebox import Case

from grader.material import Material
from grader.proof.finding import Finding
from grader.proof.flaky import Record, Subject
from grader.result import Status

SEEDS_SHOWN = 3


@dataclass(frozen=True)
class Flake:
    """A case that does not give one subject the verdict that it should, every time."""

    case: Case
    subject: Subject
    verdicts: Mapping[int, Status]
    file: str
    line: int

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

    @property
    def finding(self) -> Finding:
        """Return what a person is told."""
        words = f"{self._what()} {self._advice()} {self._again()}"
        return Finding(self.file, self.line, words)

    def _what(self) -> str:
        counted = Counter(self.verdicts.values()).most_common()
        said = ", ".join(f"{times} {status}" for status, times in counted)
        seeds = f"{len(self.verdicts)} seeds"
        if len(counted) == 1:
            return f"{self.case.name} fails {self.subject.name} ({seeds}: {said})."
        return f"{self.case.name} is flaky on {self.subject.name} ({seeds}: {said})."

    def _advice(self) -> str:
        if "environment" in self.verdicts.values():
            return "The reference itself cannot be run with every seed: mend the case."
        if self.subject.right:
            return "Right work has to pass: draw tamer inputs, or widen the tolerance."
        return (
            "Draw inputs on which this mistake shows always or never, not by chance: "
            "sizes with the property that the case is about."
        )

    def _again(self) -> str:
        odd = self.odd
        more = f" and {len(odd) - SEEDS_SHOWN} more" if len(odd) > SEEDS_SHOWN else ""
        shown = ", ".join(f"{seed:016x}" for seed in odd[:SEEDS_SHOWN])
        return f"To see it: grader grade ... --seed {shown}{more}."

    def as_json(self) -> dict[str, object]:
        """Return what ``--json`` shows of it."""
        return {
            "file": self.file,
            "line": self.line,
            "what": self.finding.what,
            "case": self.case.name,
            "question": self.case.question,
            "subject": self.subject.name,
            "verdicts": {f"{seed:016x}": each for seed, each in self.verdicts.items()},
        }


def flakes(material: Material, records: Iterable[Record]) -> list[Flake]:
    """Return what is wrong, in the order of the suite."""
    places = _places(material)
    return [
        Flake(case, record.subject, verdicts, *places[case.name])
        for record in records
        for case in material.cases
        if _wrong(record.subject, verdicts := record.of(case.name))
    ]


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
