"""``grader prove flaky``: the same work earns the same points, whatever the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from coursekit.course import Course
from coursekit.errors import CourseError

from grader.commands.opening import chosen_sandbox
from grader.commands.options import json_option, sandbox_option, show_json
from grader.commands.proving import (
    bar,
    cache_option,
    homeworks_argument,
    homeworks_of,
    jobs_option,
    refuse_findings,
    slice_option,
)
from grader.proof.slices import Slice

if TYPE_CHECKING:
    from grader.material import Material
    from grader.proof.flakes import Flake
    from grader.proof.flaky import Record, Subject


@click.command()
@homeworks_argument
@click.option(
    "--times",
    type=click.IntRange(min=2),
    default=50,
    show_default=True,
    help="How often the same work is graded.",
)
@click.option(
    "--submission",
    type=click.Path(exists=True, path_type=Path),
    help="Grade this folder or archive instead of the reference and planted bugs.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the work that gave findings into folders of DIR.",
)
@jobs_option
@slice_option
@cache_option
@sandbox_option
@json_option
def flaky(
    homeworks: tuple[str, ...],
    times: int,
    submission: Path | None,
    keep: Path | None,
    jobs: int,
    part: str,
    no_cache: bool,
    level: str | None,
    as_json: bool,
) -> None:
    """Grade the same work with many seeds; report each case that is not steady.

    By default the work is the reference and every other right solution of grader/bugs,
    which have to pass each time, and the planted bugs, which a case has to find always
    or never. See one again: `--keep DIR`, then
    `grader grade DIR/HW/NAME --no-store --seed SEED`.
    """
    options = Options(times, submission, Slice.parse(part), jobs, not no_cache, level)
    course = Course.find()
    names = homeworks_of(course, homeworks)
    if submission is not None and len(names) > 1:
        raise CourseError("say which homework --submission is of.")
    outcomes = [_homework(course, name, options, quiet=as_json) for name in names]
    if as_json:
        show_json([outcome.as_json() for outcome in outcomes])
    for outcome in outcomes:
        if not as_json:
            _show(outcome)
        if keep is not None:
            _keep(keep, outcome)
    count = sum(len(outcome.flakes) for outcome in outcomes)
    refuse_findings(count, f"the suites of {', '.join(names)}")


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    times: int
    submission: Path | None
    part: Slice
    jobs: int
    use_cache: bool
    level: str | None


@dataclass(frozen=True)
class Outcome:
    """What came of one homework."""

    homework: str
    times: int
    records: Sequence[Record]
    flakes: Sequence[Flake]

    def as_json(self) -> dict[str, Any]:
        """Return what ``--json`` shows of it."""
        return {
            "homework": self.homework,
            "times": self.times,
            "subjects": [_subject_json(record) for record in self.records],
            "flakes": [flake.as_json() for flake in self.flakes],
        }


def _subject_json(record: Record) -> dict[str, Any]:
    return {
        "name": record.subject.name,
        "right": record.subject.right,
        "planted": dict(record.subject.planted),
        "once": sorted(record.endless),
    }


def _homework(course: Course, name: str, options: Options, *, quiet: bool) -> Outcome:
    from grader.material import Material
    from grader.proof.flakes import flakes
    from grader.proof.flaky import Regrading, seeds_for

    material = Material.from_course(course, name)
    regrading = Regrading(
        material,
        _subjects(course, material, options),
        seeds_for(material, options.times),
        sandbox=chosen_sandbox(options.level),
        jobs=options.jobs,
        use_cache=options.use_cache,
    )
    total = len(regrading.subjects) * options.times
    with bar(name, total, wanted=not quiet) as tell:
        records = regrading.run(tell)
    return Outcome(name, options.times, records, flakes(material, records))


def _subjects(course: Course, material: Material, options: Options) -> list[Subject]:
    from grader.proof.flaky import Subject
    from grader.proof.subjects import subjects
    from grader.read import read_submission

    if options.submission is not None:
        taken = read_submission(options.submission, material.homework)
        return [Subject(options.submission.resolve().name, taken.files)]
    prefix = material.homework.name
    found = subjects(course, material)
    return [each for each in found if f"{prefix}/{each.name}" in options.part]


def _show(outcome: Outcome) -> None:
    for flake in outcome.flakes:
        click.echo(str(flake.finding))
    for record in outcome.records:
        if record.endless:
            named = record.subject.named(sorted(record.endless))
            click.echo(f"One seed only, since a case ran out of its time: {named}")
    gradings = sum(len(record.verdicts) for record in outcome.records)
    click.echo(
        f"{outcome.homework}: {len(outcome.records)} submissions, {gradings} gradings, "
        f"{outcome.times} seeds: {len(outcome.flakes)} flaky cases."
    )


def _keep(folder: Path, outcome: Outcome) -> None:
    """Write the work that gave findings, a folder each, as a submission has it."""
    from grader.files import write_whole_bytes

    found = [each for flake in outcome.flakes for each in flake.found]
    for name, subject in {each.subject.name: each.subject for each in found}.items():
        place = folder / outcome.homework / name
        if place.exists():
            raise CourseError(f"{place} exists: name another folder with --keep.")
        for path, data in subject.files.items():
            write_whole_bytes(place / path, data)
