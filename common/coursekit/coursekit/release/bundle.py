"""The files of a student's bundle, and the zip archive of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from coursekit.course import Course
from coursekit.homework import Homework
from coursekit.release.readme import readme
from coursekit.staging.complete import refuse_incomplete
from coursekit.staging.folder import executable_among
from coursekit.staging.manifest import with_pristine
from coursekit.staging.render import REQUIREMENTS, render_folder
from coursekit.staging.requirements import requirements
from coursekit.staging.solved import NONE

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can name


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
    executable = executable_among(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{top}/{path}", EPOCH)
            entry.create_system = 3  # Unix, wherever it is made: modes are kept
            mode = 0o755 if path in executable else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return out.getvalue()
