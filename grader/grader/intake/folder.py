"""Read a submission from a folder, following nothing that its owner put there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.globs import may_hold

from grader.submission import Intake, normal_name

MAX_ENTRIES = 5000
MAX_DEPTH = 12
DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def read_folder(path: Path, intake: Intake) -> None:
    """Give every wanted file below ``path`` to the intake."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise CourseError(f"cannot read the folder {path}: {error.strerror}") from None
    try:
        owner = os.fstat(descriptor).st_uid
        _Walk(intake, owner).folder(descriptor, "", MAX_DEPTH)
    finally:
        os.close(descriptor)


class _Walk:
    """Go through the folders that can hold wanted files."""

    def __init__(self, intake: Intake, owner: int) -> None:
        self._intake = intake
        self._owner = owner
        self._entries = 0

    def folder(self, descriptor: int, prefix: str, depth: int) -> None:
        with os.scandir(descriptor) as found:
            names = []
            for entry in found:
                self._entries += 1
                if self._entries > MAX_ENTRIES:
                    raise CourseError(
                        f"the submission's folder has more than {MAX_ENTRIES} entries"
                    )
                names.append(entry.name)
        for name in sorted(names):
            self._entry(descriptor, name, prefix, depth)

    def _entry(self, parent: int, name: str, prefix: str, depth: int) -> None:
        full = prefix + name
        try:
            kind = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
            if stat.S_ISDIR(kind):
                if depth > 0 and may_hold(full, self._intake.limits.files):
                    self._below(parent, name, full, depth)
            elif self._intake.wants(full):
                self._file(parent, name, normal_name(full))
        except ValueError as error:
            self._intake.note(full, str(error))
        except OSError as error:
            self._intake.note(full, f"it cannot be read ({error.strerror})")

    def _below(self, parent: int, name: str, full: str, depth: int) -> None:
        descriptor = os.open(name, DIRECTORY, dir_fd=parent)
        try:
            self.folder(descriptor, f"{full}/", depth - 1)
        finally:
            os.close(descriptor)

    def _file(self, parent: int, name: str, full: str) -> None:
        if stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
            raise ValueError("it is a link; hand in the file itself")
        descriptor = os.open(name, FILE, dir_fd=parent)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ValueError("it is not a regular file")
            # A second name for a file that somebody else owns.
            if status.st_nlink > 1 and status.st_uid != self._owner:
                raise ValueError("it is a hard link to somebody else's file")
            self._intake.accept(full, file.read(self._intake.room + 1))
