"""The files of a student's bundle, and the zip archive of them."""

from __future__ import annotations

from collections.abc import Mapping

from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.release.archive import archive
from coursekit.release.readme import readme
from coursekit.staging.complete import refuse_incomplete
from coursekit.staging.folder import executable_among
from coursekit.staging.manifest import with_pristine
from coursekit.staging.render import REQUIREMENTS, render_folder
from coursekit.staging.requirements import requirements
from coursekit.staging.solved import NONE


def bundle(
    course: Course, homework: Homework, wheels: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return a student's copy of the homework that brings our packages along.

    ``wheels`` are our packages by file name; ``requirements.txt`` installs them from
    the folder, and everything else from the package index.
    """
    folder = render_folder(course, homework, NONE)
    refuse_incomplete(folder)
    for name, content in wheels.items():
        folder.add(f"wheels/{name}", content)
    paths = [f"wheels/{name}" for name in wheels]
    folder.add(REQUIREMENTS, requirements(homework, paths))
    folder.add("README.md", readme(course, homework))
    return with_pristine(folder.complete())


def zip_bytes(files: Mapping[str, bytes], top: str) -> bytes:
    """Return a zip archive with the files below ``top/``; same files, same bytes."""
    executable = {f"{top}/{path}" for path in executable_among(files)}
    placed = {f"{top}/{path}": content for path, content in files.items()}
    return archive(placed, executable=executable)
