"""What earlier homeworks ask for, and a submission may leave out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coursekit.globs import matches

if TYPE_CHECKING:
    from grader.material import Material
    from grader.submission import Submission


def owners(path: str, content: bytes) -> set[str]:
    """Return the questions that have a region in a file of ours."""
    # Imported only where a file is missing or something failed.
    from coursekit.merge.regions import read_regions

    found = read_regions(path, content.decode()).found
    return {region.owner for region in found.values()}


def completed(material: Material, submission: Submission) -> Submission:
    """Return the submission, able to stand beside the files that are given.

    What it lacks of files in which this homework asks for nothing is there as it was
    given: who is to write an array need not hand in what differentiates.
    """
    lacking = _lacking(material, submission)
    asked = {question.id for question in material.homework.questions}
    found = {path: owners(path, material.pristine[path]) for path in lacking}
    added = {
        path: material.pristine[path]
        for path in lacking
        if found[path] and not found[path] & asked
    }
    given = material.pristine.keys() - material.editable
    beside = submission.beside(given | added.keys())
    return replace(beside, files={**beside.files, **added})


def _lacking(material: Material, submission: Submission) -> list[str]:
    wanted = material.homework.submission.files
    return sorted(
        path
        for path in material.editable - submission.files.keys()
        if matches(path, wanted)
    )
