"""Find conflict markers that nobody has resolved yet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.staging.manifest import digest
from coursekit.update.decide import File

_CONFLICT = re.compile(rb"^<{7} .*?^>{7} ", re.MULTILINE | re.DOTALL)


def refuse_leftover(folder: Path, files: Iterable[File]) -> None:
    """Refuse to merge into a file in which an earlier merge is undecided."""
    found = [
        f"  {file.path}:{line}"
        for file in files
        if file.mine is not None and digest(file.mine) != file.was
        for line in conflict_lines(file.mine)
    ]
    if found:
        raise CourseError(
            f"{folder}: nothing was changed, because conflicts are still to be"
            " decided:\n" + "\n".join(found) + "\nKeep what is right there, remove the"
            " lines with <<<<<<<, ======= and >>>>>>>, and run this again"
        )


def conflict_lines(content: bytes) -> list[int]:
    """Return the lines on which a conflict between markers begins."""
    return [
        content.count(b"\n", 0, match.start()) + 1
        for match in _CONFLICT.finditer(content)
    ]
