"""Read the files of an archive that claims to be a pack, within limits."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

from coursekit.errors import CourseError

from grader.intake.archive import ENTRY, UNSOUND, read_entry
from grader.submission import normal_name
from grader.text import line

MAX_BYTES = 64 * 2**20  # of the archive, and of its files together
MAX_ENTRIES = 5000


def read_files(data: bytes) -> dict[str, bytes]:
    """Return the files by path; anything that no pack has is an error."""
    if len(data) > MAX_BYTES:
        raise CourseError(f"it is larger than {MAX_BYTES >> 20} MiB")
    if data.count(ENTRY) > MAX_ENTRIES:
        raise CourseError(f"it has more than {MAX_ENTRIES} entries")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except UNSOUND as error:
        raise CourseError(
            f"it is no whole zip archive ({line(str(error), 200)}): fetch it again"
        ) from None


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise CourseError(_too_large())
    files: dict[str, bytes] = {}
    for entry in entries:
        _refuse_name(entry, files)
        files[entry.filename] = _content(archive, entry)
    _refuse_clashes(files)
    return files


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        content = read_entry(archive, entry, entry.file_size + 1)
    except ValueError as error:
        raise CourseError(f"{line(entry.filename, 120)}: {error}") from None
    if len(content) != entry.file_size:  # it said less than it holds
        raise CourseError(_too_large())
    return content


def _refuse_name(entry: zipfile.ZipInfo, files: dict[str, bytes]) -> None:
    name, shown = entry.filename, line(entry.filename, 120)
    try:
        if normal_name(name) != name:
            raise ValueError("its path is not in the usual form")
    except ValueError as error:
        raise CourseError(f"{shown}: {error}") from None
    if name in files:
        raise CourseError(f"{shown}: it is there twice")


def _refuse_clashes(files: dict[str, bytes]) -> None:
    ordered = sorted(f"{name}/" for name in files)
    for name, after in pairwise(ordered):
        if after.startswith(name):
            raise CourseError(f"{name[:-1]}: it is a file and a folder at once")


def _too_large() -> str:
    return f"its files are larger than {MAX_BYTES >> 20} MiB, or than they say"
