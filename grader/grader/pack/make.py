"""Make the pack of a homework from a checkout: same sources, same bytes."""

from __future__ import annotations

import re

from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.release.archive import archive
from coursekit.staging.complete import refuse_incomplete
from coursekit.staging.render import render_folder
from coursekit.staging.solved import NONE

from grader.material import Material
from grader.pack.contents import Pack, pack_files, sha256
from grader.pack.index import INDEX, Index, maker


def make_pack(course: Course, homework: str) -> bytes:
    """Return the pack of a homework, once it has been read back and compared."""
    refuse_incomplete(render_folder(course, homework, NONE))
    material = Material.from_course(course, homework)
    files = pack_files(material)
    index = Index(
        made_by=maker(),
        course=course.config.course.name,
        version=material.version,
        homework=material.homework,
        policy=material.policy,
        editable=sorted(material.editable),
        cases=list(material.cases),
        earlier={key: sorted(ids) for key, ids in material.earlier.items()},
        files={path: sha256(data) for path, data in files.items()},
    )
    # Stored, not deflated: what zlib makes of the same bytes differs by version.
    data = archive({**files, INDEX: index.to_bytes()}, deflate=False)
    _refuse_another(material, Pack.from_bytes(data, f"the pack of {homework}"))
    return data


def pack_name(homework: str, version: str) -> str:
    """Return the usual name of a pack's file."""
    return f"{homework}-grading-{re.sub(r'[^a-zA-Z0-9_.+-]', '_', version)}.zip"


def _refuse_another(material: Material, pack: Pack) -> None:
    """Give nothing away that would grade differently from this checkout."""
    found = pack.material()
    same = found == material and all(
        found.rendered(material.before(each.id))
        == material.rendered(material.before(each.id))
        for each in material.homework.questions
    )
    if not same:
        raise CourseError(
            f"the pack of {material.homework.name} does not read back as it was made; "
            "nothing was written. This is a defect of the grader: please report it."
        )
