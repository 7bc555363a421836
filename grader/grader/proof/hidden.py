"""Run the hidden suite on files that are known to be harmless."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from coursekit.globs import matches

from grader.engine import grade
from grader.material import Material
from grader.result import GradeResult
from grader.sandbox import Sandbox
from grader.submission import Submission


def run_hidden(
    material: Material,
    files: Mapping[str, bytes],
    *,
    questions: Collection[str] | None = None,
    seed: int | None = None,
    sandbox: Sandbox | None = None,
) -> GradeResult:
    """Grade those of the files that a student would hand in."""
    wanted = material.homework.submission.files
    handed_in = {path: data for path, data in files.items() if matches(path, wanted)}
    return grade(
        material,
        Submission.from_files(handed_in),
        questions=questions,
        seed=seed,
        sandbox=sandbox,
        graft="off",
    )
