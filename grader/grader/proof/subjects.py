"""The work that is graded again and again: the reference, and mistakes in it.

Wrong work counts as much as right work: a mistake that a case finds with some seeds
only gives the same files different scores. Several entries of the catalogue, each in
another question, stand in one subject, so that one grading tries them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coursekit.course import Course
from coursekit.merge.lines import merge_lines

from grader.material import Material
from grader.proof.bugs.catalogue import Planted, read_catalogue
from grader.proof.bugs.plant import Garden
from grader.proof.bugs.trial import callers
from grader.proof.flaky import Files, Subject


def subjects(course: Course, material: Material) -> list[Subject]:
    """Return the reference and the catalogue's entries, packed into few subjects."""
    garden = Garden(course, material.homework)
    entries = read_catalogue(course, material.homework)
    reference = Subject("reference", material.reference, right=True)
    return [
        reference,
        *_packed(garden, reference, [each for each in entries if each.right]),
        *_packed(garden, reference, [each for each in entries if not each.right]),
    ]


def _packed(
    garden: Garden, reference: Subject, entries: Iterable[Planted]
) -> Iterator[Subject]:
    """Put each entry into the first subject that has room for it."""
    made: list[Subject] = []
    for entry in entries:
        changed = garden.changed(entry)
        for place, subject in enumerate([*made, _empty(reference, entry, len(made))]):
            files = _joined(reference.files, subject, entry, changed)
            if files is not None:
                made[place : place + 1] = [_with(garden, subject, entry, files)]
                break
    yield from made


def _empty(reference: Subject, entry: Planted, number: int) -> Subject:
    kind = "right" if entry.right else "wrong"
    return Subject(f"{kind}-{number + 1}", reference.files)


def _with(garden: Garden, subject: Subject, entry: Planted, files: Files) -> Subject:
    """Return the subject with one more entry, of which these are the files."""
    reached = {entry.question, *callers(garden.homework, entry.question)}
    return Subject(
        subject.name,
        files,
        entry.right,
        {**subject.planted, entry.question: entry.name},
        frozenset(subject.questions or ()) | reached,
    )


def _joined(
    base: Files, subject: Subject, entry: Planted, changed: Files
) -> dict[str, bytes] | None:
    """Return the subject's files with one more entry, None if the two do not mix."""
    if entry.question in subject.planted:
        return None
    files = dict(subject.files)
    for path, new in changed.items():
        versions = base[path], files[path], new
        old, mine, theirs = (each.decode().split("\n") for each in versions)
        lines, conflicts = merge_lines(old, mine, theirs)
        if conflicts:
            return None
        files[path] = "\n".join(lines).encode()
    return files
