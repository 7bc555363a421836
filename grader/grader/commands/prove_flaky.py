"""``grader prove flaky``: the same work earns the same points, whatever the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from coursekit.course import Course
from coursekit.errors import CourseError

from grader.commands.opening import chosen_sandbox
from grader.commands.options import json_option, sandbox_option, show_json
from grader.commands.proving import bar, jobs_option

if TYPE_CHECKING:
    from grader.material import Material
    from grader.proof.flakes import Flake
    from grader.proof.flaky import Record, Subject

TIMES = 50


@click.command()
@click.argument("homeworks", nargs=-1, metavar="[HW]...")
@click.option(
    "--times",
    type=click.IntRange(min=2),
    default=TIMES,
    show_default=True,
    help="How often the same work is graded.",
)
@click.option(
    "--submission",
    type=click.Path(exists=True, path_type=Path),
    help="Grade this folder or archive instead of the reference and planted bugs.",
)
@click.option("--slice", "part", metavar="K/N", help="Only a part of the work.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the work that gave findings into folders of this one.",
)
@jobs_option
@click.option("--no-cache", is_flag=True, help="Grade again what was graded before.")
@sandbox_option
@json_option
def flaky(
    homeworks: Sequence[str],
    times: int,
    submission: Path | None,
    part: str | None,
    keep: Path | None,
    jobs: int,
    no_cache: bool,
    level: str | None,
    as_json: bool,
) -> None:
    """Grade the same work with many seeds; report each case that is not steady.

    By default the work is the reference, which has to pass every time, and the
    planted bugs of grader/bugs, which a case has to find always or never.
    """
    options = Options(times, submission, part, jobs, not no_cache, level)
    course = Course.find()
    names = list(homeworks) or course.config.course.homeworks
    if submission is not None and len(names) > 1:
        raise CourseError("say which homework --submission is of.")
    outcomes = [_homework(course, name, options, as_json) for name in names]
    if as_json:
        show_json({"homeworks": [outcome.as_json() for outcome in outcomes]})
    else:
        for outcome in outcomes:
            _show(outcome)
    found = [each for outcome in outcomes for each in outcome.flakes]
    if keep is not None:
        for outcome in outcomes:
            _keep(keep, outcome)
    if found:
        raise CourseError(
            f"{len(found)} flaky cases. To see one: `grader prove flaky --keep DIR`, "
            "then `grader grade DIR/HW/NAME --no-store --seed SEED`."
        )


@dataclass(frozen=True)
class Options:
    """What the command line asks for."""

    times: int
    submission: Path | None
    part: str | None
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

    def as_json(self) -> dict[str, object]:
        """Return what ``--json`` shows of it."""
        return {
            "homework": self.homework,
            "times": self.times,
            "subjects": [
                {
                    "name": each.subject.name,
                    "right": each.subject.right,
                    "planted": dict(each.subject.planted),
                    "once": sorted(each.endless),
                }
                for each in self.records
            ],
            "flakes": [flake.as_json() for flake in self.flakes],
        }


def _homework(course: Course, name: str, options: Options, quiet: bool) -> Outcome:
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
    total = len(regrading.subjects) * len(regrading.seeds)
    with bar(name, total, wanted=not quiet) as tell:
        records = regrading.run(partial(tell, ""))
    return Outcome(name, options.times, records, flakes(material, records))


def _subjects(course: Course, material: Material, options: Options) -> list[Subject]:
    from grader.proof.flaky import Subject
    from grader.proof.slices import ALL, Slice
    from grader.proof.subjects import subjects
    from grader.read import read_submission

    if options.submission is not None:
        taken = read_submission(options.submission, material.homework)
        return [Subject(options.submission.resolve().name, taken.files)]
    part = Slice.parse(options.part) if options.part else ALL
    prefix = material.homework.name
    found = subjects(course, material)
    return [each for each in found if f"{prefix}/{each.name}" in part]


def _show(outcome: Outcome) -> None:
    for flake in outcome.flakes:
        click.echo(str(flake.finding))
    gradings = sum(len(record.verdicts) for record in outcome.records)
    steady = "nothing flaky" if not outcome.flakes else f"{len(outcome.flakes)} flaky"
    click.echo(
        f"{outcome.homework}: {len(outcome.records)} pieces of work, {gradings} "
        f"gradings, up to {outcome.times} seeds each: {steady}."
    )
    for record in outcome.records:
        if record.endless:
            named = record.subject.named(sorted(record.endless))
            click.echo(f"  one seed only, since a case ran out of its time: {named}")


def _blamed(outcome: Outcome) -> dict[str, Subject]:
    found = [each for flake in outcome.flakes for each in flake.found]
    return {each.subject.name: each.subject for each in found}


def _keep(folder: Path, outcome: Outcome) -> None:
    """Write the work that gave findings, a folder each, as a submission has it."""
    from grader.files import write_whole_bytes

    for name, subject in _blamed(outcome).items():
        place = folder / outcome.homework / name
        if place.exists():
            raise CourseError(f"{place} exists: name another folder with --keep.")
        for path, data in subject.files.items():
            write_whole_bytes(place / path, data)
