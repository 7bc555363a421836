"""Have the reference put into a student's files, in a process of its own.

Reading what became of a file (parsing it, aligning it with the pristine one) is work on
hostile text. There it has little time and memory, so that nothing a student writes can
hold up or take down the grader. None of their code is run.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping

from coursekit.errors import CourseError

from grader.earlier import owners
from grader.graft.order import Order, Transplant, Versions
from grader.material import Material
from grader.own_process import command
from grader.text import line

SECONDS = 30  # more than it may compute: the machine may be busy
MAX_TROUBLE = 300


def transplant(
    material: Material,
    files: Mapping[str, bytes],
    question: str,
    earlier: frozenset[str],
) -> Transplant:
    """Return the student's files with the reference in the regions of ``earlier``."""
    # Imported only where something failed.
    from coursekit.merge.text import decode

    solved = material.rendered(material.before(question))
    changed = {path for path in solved if solved[path] != material.pristine.get(path)}
    if not any(owners(path, solved[path]) & earlier for path in changed):
        return Transplant()  # the earlier parts are of homeworks that this one is not
    missing = sorted(changed & material.editable - files.keys())
    if missing:
        return Transplant(trouble=f"{missing[0]} is not part of the submission")
    try:
        versions = {
            path: Versions(
                decode(path, material.pristine[path]),
                decode(path, files[path]),
                decode(path, solved[path]),
            )
            for path in sorted(material.editable & files.keys())
        }
    except CourseError as error:
        return Transplant(trouble=line(str(error), MAX_TROUBLE))
    done = _apart(Order(question, earlier, versions))
    # Files that no student changes, but that the reference's helpers stand in.
    given = {path: solved[path].decode() for path in changed - versions.keys()}
    return Transplant({**given, **done.files}, done.replaced, done.begun, done.trouble)


def _apart(order: Order) -> Transplant:
    try:
        done = subprocess.run(
            command("grader.graft.regions"),
            input=json.dumps(order.as_json()),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Transplant(trouble="reading the files takes too long")
    if done.returncode != 0:
        return Transplant(trouble="the files cannot be read region by region")
    found = Transplant(**json.loads(done.stdout))
    return Transplant(
        found.files, found.replaced, found.begun, line(found.trouble, MAX_TROUBLE)
    )
