"""Hold what became of every test and case against what closure demands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from coursekit.course import Course
from coursekit.homework import Homework

from grader.proof.closure.columns import Column, needed
from grader.proof.closure.outcome import Outcome, Ran
from grader.proof.closure.places import Place, Places
from grader.proof.closure.wrong import REGION, UNBUILT, UNCOLLECTED, Wrong, told
from grader.proof.finding import Finding


class Judge:
    """Knows the rules of one homework."""

    def __init__(
        self,
        course: Course,
        homework: Homework,
        case_needs: Mapping[str, Iterable[str]],
    ) -> None:
        self._course = course
        self._homework = homework
        self._case_needs = case_needs
        self._given = {
            name: question.id
            for question in homework.questions
            for name in question.given
        }
        self.places = Places(course, homework)

    def findings(self, runs: Iterable[Ran]) -> list[Finding]:
        """Return everything that is wrong, each thing once, in order of place."""
        runs = list(runs)
        alike: dict[tuple[Place, str], list[Wrong]] = defaultdict(list)
        for ran in runs:
            for outcome in ran.outcomes:
                for wrong in self._wrong(ran, outcome):
                    alike[wrong.place, wrong.problem].append(wrong)
        found = {
            Finding(place.file, place.line, told(group))
            for (place, _), group in alike.items()
        }
        return sorted(found | set(self._unknown_given(runs)))

    def _wrong(self, ran: Ran, outcome: Outcome) -> Iterator[Wrong]:
        done = outcome.question in ran.column.solved or outcome.name in self._given
        if outcome.never == "unwritten":
            yield self._unwritten(ran, outcome)
        elif outcome.never == "uncollected":
            yield self._uncollected(ran, outcome)
        elif outcome.never == "unbuilt":
            yield self._unbuilt(ran, outcome)
        elif outcome.never == "unjudged":
            yield self._unjudged(ran, outcome)
        elif outcome.passed:
            if not done:
                yield self._passes(ran, outcome)
        elif outcome.stub and self.places.of_stub(outcome.stub) is None:
            yield self._no_stub(ran, outcome)
        elif outcome.stub:
            owner = _owner(outcome.stub)
            if owner not in self._allowed(ran.column, outcome):
                whole = owner != outcome.question and _all_stop_there(ran, outcome)
                tell = self._other_owner if whole else self._other_stub
                yield tell(ran, outcome, owner)
        elif done:
            yield self._fails(ran, outcome)
        else:
            yield self._no_stub_first(ran, outcome)

    def _allowed(self, column: Column, outcome: Outcome) -> frozenset[str]:
        """Return the questions at whose stubs an outcome may stop."""
        done = outcome.question in column.solved or outcome.name in self._given
        if done and not column.only:
            return frozenset()
        needs = self._case_needs.get(outcome.name, ())
        found = needed(self._course, [outcome.question, *needs])
        if column.lenient:
            first = self._homework.questions[0]
            return found | self._course.upto(first) - {first.id}
        return found

    def _at(self, outcome: Outcome) -> Place:
        return self.places.of_check(outcome.name) or self.places.of_question(
            outcome.question
        )

    def _unwritten(self, ran: Ran, outcome: Outcome) -> Wrong:
        text = (
            "is in no file tests/**/test_*.py: write it, or take it off `tests` of"
            f" {outcome.question} in homework.toml"
        )
        place = self.places.of_question(outcome.question)
        return Wrong(place, "unwritten", outcome, ran.column, text)

    def _uncollected(self, ran: Ran, outcome: Outcome) -> Wrong:
        place = self.places.of_rendered(outcome.at, ran.files) or self._at(outcome)
        text = (
            f"the public tests cannot be collected {ran.column} ({outcome.said}):"
            " import and use at module level only what students are given"
        )
        return Wrong(place, UNCOLLECTED, outcome, ran.column, text)

    def _unbuilt(self, ran: Ran, outcome: Outcome) -> Wrong:
        text = (
            f"the native code of this homework does not build {ran.column}"
            f" ({outcome.said}): it must compile at every stage, with stubs too"
        )
        return Wrong(self.places.of_build(), UNBUILT, outcome, ran.column, text)

    def _unjudged(self, ran: Ran, outcome: Outcome) -> Wrong:
        text = (
            f"cannot be judged {ran.column} ({outcome.said}): the case has to run on"
            " the reference; `course doctor` tells what the machine may lack"
        )
        return Wrong(self._at(outcome), "unjudged", outcome, ran.column, text)

    def _passes(self, ran: Ran, outcome: Outcome) -> Wrong:
        text = (
            f"passes {ran.column}, before {outcome.question} is written: call the"
            " student's code and check what it does; if it tries code that is given,"
            f" list it in `given` of {outcome.question} in homework.toml"
        )
        return Wrong(self._at(outcome), "passes", outcome, ran.column, text)

    def _no_stub(self, ran: Ran, outcome: Outcome) -> Wrong:
        place = self.places.of_rendered(outcome.at, ran.files) or self._at(outcome)
        text = (
            f"stops {ran.column} with a NotImplementedError that no region's stub"
            f" raises ({outcome.stub!r}): leave the raising to the markers around the"
            " solution, which name question and handout"
        )
        return Wrong(place, f"no stub {outcome.stub}", outcome, ran.column, text)

    def _other_stub(self, ran: Ran, outcome: Outcome, owner: str) -> Wrong:
        region = self.places.of_stub(outcome.stub)
        assert region is not None
        place, known = self._at(outcome), outcome.question
        if owner == known:
            text = (
                f"is listed in `given` of {known}, but needs it: take it off the list"
            )
        elif self._comes_before(owner, known):
            if known in ran.column.solved:  # its code does, not one test of it
                place = self.places.of_question(known)
            text = (
                f"needs {owner} (stub at {region}), which {known} does not declare: add"
                f" it to `needs` of {known} in homework.toml, or do without"
            )
        else:
            text = (
                f"stops {ran.column} at the stub of {owner} ({region}), which comes"
                f" after {known}: use only what is written by then, or make the case"
                f" one of {owner}; if that region is part of {known}, correct its owner"
            )
        return Wrong(place, f"stub of {owner}", outcome, ran.column, text)

    def _other_owner(self, ran: Ran, outcome: Outcome, owner: str) -> Wrong:
        region = self.places.of_stub(outcome.stub)
        assert region is not None
        text = (
            f"this stub names {owner}, but everything that tests {outcome.question}"
            f" stops at it: make {outcome.question} the owner of the region, or test"
            f" {outcome.question} by its own code"
        )
        return Wrong(region, REGION, outcome, ran.column, text)

    def _fails(self, ran: Ran, outcome: Outcome) -> Wrong:
        text = (
            f"fails {ran.column} ({outcome.said}): it must pass as soon as"
            f" {outcome.question} is; either it relies on what only another solution"
            " brings, or it or the reference is wrong"
        )
        return Wrong(self._at(outcome), "fails", outcome, ran.column, text)

    def _no_stub_first(self, ran: Ran, outcome: Outcome) -> Wrong:
        text = (
            f"fails {ran.column}, but not with the stub of {outcome.question}"
            f" ({outcome.said}): reach the student's function before anything else can"
            " fail, and use nothing that only solutions have"
        )
        return Wrong(self._at(outcome), "no stub first", outcome, ran.column, text)

    def _comes_before(self, one: str, other: str) -> bool:
        return one in self._course.upto(self._course.question(other))

    def _unknown_given(self, runs: list[Ran]) -> Iterator[Finding]:
        there = {outcome.name for ran in runs for outcome in ran.outcomes}
        for name, question in self._given.items():
            if runs and name not in there:
                place = self.places.of_question(question)
                text = f"`given` of {question} lists {name}, which no test or case is"
                yield Finding(place.file, place.line, f"{text}: take it off the list")


def _all_stop_there(ran: Ran, outcome: Outcome) -> bool:
    """Tell whether all that tests a question stops at this one stub."""
    own = [each.stub for each in ran.outcomes if each.question == outcome.question]
    return len(own) > 1 and set(own) == {outcome.stub}


def _owner(stub: str) -> str:
    return stub.partition(":")[0]
