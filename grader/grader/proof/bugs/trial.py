"""Try one planted bug: the public tests and the hidden cases that it concerns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from coursekit.errors import CourseError
from coursekit.homework import Homework

from grader.build import Built, build_all
from grader.digest import digest_files, digest_of
from grader.material import Material
from grader.proof.bugs.catalogue import Planted
from grader.proof.bugs.outcome import Kill, Outcome
from grader.proof.bugs.plant import EntryError, Garden
from grader.proof.cached import cached
from grader.proof.closure.run import READING
from grader.proof.hidden import run_hidden
from grader.proof.public import TestOutcome, run_public
from grader.result import CaseResult
from grader.sandbox import Sandbox

SECONDS = 10.0  # for one public test
_HOW = {"Crash": "crashed", "Timeout": "timeout"}
_ENDED = {"crashed": "crashed", "timeout": "timeout"}

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Bench:
    """All that bugs are tried with."""

    garden: Garden
    material: Material
    sandbox: Sandbox
    use_cache: bool = True

    @property
    def homework(self) -> Homework:
        """The homework whose reference they are planted in."""
        return self.material.homework

    @cached_property
    def seed(self) -> int:
        """The inputs of the hidden cases: the same for all bugs, others with the suite.

        So the reference runs once, and who runs it again sees the same.
        """
        return int(digest_of("planted bugs", self.material.suite)[:16], 16)

    def try_out(self, entry: Planted) -> Outcome:
        """Return who notices the bug."""
        try:
            files = self.garden.plant(entry)
        except EntryError as error:
            return Outcome(trouble=error.message)
        return self._kept(files, entry.question)

    def check_reference(self, questions: Collection[str]) -> None:
        """Refuse to judge the tests of questions by a reference that fails them."""
        for question in sorted(questions):
            outcome = self._kept(self.garden.reference, question)
            for kill in (*outcome.public, *outcome.hidden):
                raise CourseError(
                    f"{kill.name} {kill.how} on the reference without any planted bug: "
                    "mend that first"
                )
            if outcome.trouble:
                raise CourseError(f"the reference, {question}: {outcome.trouble}")

    def _kept(self, files: Files, question: str) -> Outcome:
        parts = [
            self.homework.model_dump_json(),
            self.material.key,
            str(self.seed),
            self.sandbox.name,
            question,
            digest_files(_read_by_tests(files)),
        ]
        try:
            found = cached(
                "planted bug",
                parts,
                lambda: self._run(files, question).as_json(),
                use=self.use_cache,
            )
        except _NotJudgedError as error:  # perhaps the next time: nothing to be kept
            return Outcome(trouble=str(error))
        return Outcome.from_json(found)

    def _run(self, files: Files, question: str) -> Outcome:
        """Run its own question; those that call its code if that notices nothing."""
        outcome = self._run_questions(files, [question])
        others = callers(self.homework, question)
        if not others or outcome.trouble or (outcome.public and outcome.hidden):
            return outcome
        further = self._run_questions(files, others)
        return Outcome(
            outcome.public or further.public,
            outcome.hidden or further.hidden,
            further.trouble,
        )

    def _run_questions(self, files: Files, questions: list[str]) -> Outcome:
        product = Built({})
        if any(self.homework.question(name).built for name in questions):
            product = self._build(files)  # the tests look whether all is there
        if product.failed:
            said = f"{product.failed}: {product.messages}".strip()
            return Outcome(trouble=said)
        public = run_public(
            self.homework,
            {**files, **product.outputs},
            questions=questions,
            build=False,
            seconds=SECONDS,
            until_failure=True,
        )
        result = run_hidden(
            self.material,
            files,
            questions=questions,
            seed=self.seed,
            sandbox=self.sandbox,
        )
        cases = [case for each in result.questions for case in each.cases]
        return _outcome(public, cases, result.notes)

    def _build(self, files: Files) -> Built:
        """Build once for both sides: grading takes it from the cache of builds."""
        homework, pristine = self.homework, self.material.pristine
        return build_all(homework, homework.builds, pristine, files, self.sandbox)


class _NotJudgedError(Exception):
    """Our own machinery failed in some case."""


def _read_by_tests(files: Files) -> Files:
    return {path: data for path, data in files.items() if not path.endswith(READING)}


def callers(homework: Homework, question: str) -> list[str]:
    """Return the questions that call the code of this one, directly or not."""
    reached = [question]
    for each in homework.questions:
        if set(reached) & set(each.needs):
            reached.append(each.id)
    return reached[1:]


def _outcome(
    public: list[TestOutcome], cases: list[CaseResult], notes: list[str]
) -> Outcome:
    untold = [case.name for case in cases if case.status == "environment"]
    if untold:
        told = "; ".join([f"{', '.join(untold)} could not be judged", *notes])
        raise _NotJudgedError(told)
    return Outcome(
        public=tuple(
            Kill(test.name, test.question, _HOW.get(test.kind, "failed"))
            for test in public
            if test.status in ("failed", "error")
        ),
        hidden=tuple(
            Kill(case.name, case.question, _ENDED.get(case.status, "failed"))
            for case in cases
            if case.status != "passed"
        ),
    )
