"""Run everything on the folder of one column, or remember what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.staging import render

from grader import digest
from grader.material import Material
from grader.proof.cached import cached
from grader.proof.closure.columns import Column
from grader.proof.closure.outcome import Outcome, Ran
from grader.proof.hidden import run_hidden
from grader.proof.public import run_each

SEED = 20_201  # any will do; the same one, so that the reference runs once
READING = (".ipynb", ".md", ".svg", ".png", "requirements.txt", "manifest.json")


@dataclass(frozen=True)
class Runner:
    """Runs columns of one homework."""

    course: Course
    homework: Homework
    material: Material
    use_cache: bool = True

    @classmethod
    def of(cls, course: Course, name: str, *, use_cache: bool = True) -> Runner:
        """Read the homework and its suite."""
        material = Material.from_course(course, name)
        return cls(course, course.homework(name), material, use_cache)

    def run(self, column: Column) -> Ran:
        """Return what becomes of every public test and hidden case."""
        files = render(self.course, self.homework, column.solved)
        outcomes = [*self._public(files), *self._hidden(files)]
        return Ran(column, files, tuple(outcomes))

    def _public(self, files: Mapping[str, bytes]) -> list[Outcome]:
        matter = {k: v for k, v in files.items() if not k.endswith(READING)}

        def run() -> list[dict[str, object]]:
            found = run_each(self.homework, files, build=True)
            return [Outcome.of_test(each).json() for each in found]

        parts = [digest.digest_files(matter), self._questions()]
        kept = cached(
            "closure, public", parts, run, use=self.use_cache, lasting=_all_judged
        )
        return [Outcome.of_json(each) for each in kept]

    def _hidden(self, files: Mapping[str, bytes]) -> list[Outcome]:
        def run() -> list[dict[str, object]]:
            result = run_hidden(self.material, files, seed=SEED)
            cases = [case for each in result.questions for case in each.cases]
            return [Outcome.of_case(case, result.notes).json() for case in cases]

        parts = [
            digest.digest_files(self._code(files)),
            digest.digest_files(self._code(self.material.pristine)),
            self.material.key,
            self._questions(),
            str(SEED),
        ]
        kept = cached(
            "closure, hidden", parts, run, use=self.use_cache, lasting=_all_judged
        )
        return [Outcome.of_json(each) for each in kept]

    def _code(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return what reaches the box: the student's files and those beside them."""
        return {
            path: data for path, data in files.items() if path in self.material.pristine
        }

    def _questions(self) -> str:
        """Return what homework.toml says of tests, limits and the build."""
        return json.dumps(
            [
                [
                    [each.id, each.tests, each.on, each.built]
                    for each in self.homework.questions
                ],
                self.homework.submission.model_dump(),
                [build.model_dump() for build in self.homework.builds],
            ]
        )


def _all_judged(outcomes: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether nothing failed that may pass another time, on a calmer machine."""
    return not any(
        outcome["never"] in ("unjudged", "unbuilt")
        or outcome["said"].lower().startswith("timeout")
        for outcome in outcomes
    )
