"""Try all planted bugs of a homework, and say what that tells about its tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from grader.proof.bugs.catalogue import Planted
from grader.proof.bugs.outcome import Kill, Result
from grader.proof.bugs.trial import Bench
from grader.proof.finding import Finding

PUBLIC_SHARE = 0.9  # of the bugs is what public tests find at least


@dataclass(frozen=True)
class Hunt:
    """The results of a homework, or of a slice of its catalogue."""

    homework: str
    results: tuple[Result, ...]
    whole: bool
    catalogue: str  # the folder
    suite: str

    @property
    def bugs(self) -> list[Result]:
        """Those that do something wrong."""
        return [result for result in self.results if not result.entry.right]

    @property
    def public_share(self) -> float:
        """The share of the bugs that public tests find, among those tried."""
        tried = [result for result in self.bugs if not result.outcome.trouble]
        found = [result for result in tried if result.outcome.public]
        return len(found) / len(tried) if tried else 1.0

    def findings(self) -> list[Finding]:
        """Return everything that is wrong, with the catalogue or with the tests."""
        found = [each for result in self.results for each in self._of(result)]
        if self.whole and self.public_share < PUBLIC_SHARE:
            said = (
                f"public tests find {self.public_share:.0%} of the planted bugs, fewer "
                f"than {PUBLIC_SHARE:.0%}: strengthen those of the questions above"
            )
            found.append(Finding(self.catalogue, 1, said))
        return found

    def _of(self, result: Result) -> Iterator[Finding]:
        for what in _complaints(result, self.suite):
            place = result.entry.place
            yield Finding(place.file, place.line, f"{result.entry.name}: {what}")

    def as_json(self) -> dict[str, Any]:
        """Return what ``--json`` shows."""
        return {
            "homework": self.homework,
            "whole": self.whole,
            "bugs": len(self.bugs),
            "public_share": round(self.public_share, 4),
            "entries": [result.as_json() for result in self.results],
            "findings": [asdict(finding) for finding in self.findings()],
        }


def hunt(
    bench: Bench,
    entries: Sequence[Planted],
    *,
    whole: bool = True,
    jobs: int = 2,
    done: Callable[[Result], None] = lambda _: None,
) -> Hunt:
    """Try the entries; call ``done`` as each is over."""
    bench.check_reference({entry.question for entry in entries})

    def one(entry: Planted) -> Result:
        result = Result(entry, bench.try_out(entry))
        done(result)
        return result

    with ThreadPoolExecutor(jobs) as pool:
        try:
            results = tuple(pool.map(one, entries))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    name = bench.homework.name
    return Hunt(name, results, whole, f"grader/bugs/{name}", f"grader/suites/{name}")


def _complaints(result: Result, suite: str) -> Iterator[str]:
    entry, outcome = result.entry, result.outcome
    if outcome.trouble:
        yield outcome.trouble
    elif entry.right:
        if outcome.public or outcome.hidden:
            yield _wrongly_refused(entry, outcome.public or outcome.hidden)
    else:
        yield from _survivals(result, suite)


def _wrongly_refused(entry: Planted, kills: Sequence[Kill]) -> str:
    told = ", ".join(f"{kill.name} ({kill.how})" for kill in kills[:3])
    if entry.bug is None:
        return f"{told} refuses this right solution: loosen it, or mend the variant"
    return f"declared equivalent, but {told} finds it: no longer declare it so"


def _survivals(result: Result, suite: str) -> Iterator[str]:
    bug, outcome = result.entry.bug, result.outcome
    assert bug is not None
    if not outcome.hidden:
        yield (
            f"no hidden case finds it: add one to {suite}, or say with `equivalent` "
            "why there is nothing to find"
        )
    if not outcome.public and bug.survives_public is None:
        yield (
            "no public test finds it: strengthen the public tests, or say with "
            "`survives_public` why they leave it to the hidden suite"
        )
    if outcome.public and bug.survives_public is not None:
        yield (
            f"declared to survive the public tests, but {outcome.public[0].name} "
            "finds it: no longer declare it so"
        )
