"""Read a submission from a zip archive, in memory and within limits."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path

from coursekit.errors import CourseError

from grader.submission import Intake, normal_name

MAX_ARCHIVE = 50 * 2**20
MAX_ENTRIES = 5000
ENTRY = b"PK\x01\x02"  # begins every entry of an archive's directory
MAX_DEPTH = 8  # folders around the homework's own
PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What the library makes of bytes that nobody packed.
UNSOUND = (
    *(zipfile.BadZipFile, zlib.error, struct.error, ValueError, LookupError),
    *(EOFError, RuntimeError, OverflowError),
)


def read_zip(path: Path, intake: Intake) -> None:
    """Give every wanted file of the archive to the intake."""
    try:
        if path.stat().st_size > MAX_ARCHIVE:
            raise CourseError(f"{path} is larger than {MAX_ARCHIVE >> 20} MiB")
        # Before the library makes an object of each, which takes seconds for a million.
        if path.read_bytes().count(ENTRY) > MAX_ENTRIES:
            raise CourseError(f"{path} has more than {MAX_ENTRIES} entries")
        with zipfile.ZipFile(path) as archive:
            _read(archive, intake)
    except OSError as error:
        raise CourseError(f"cannot read {path}: {error.strerror or error}") from None
    except UNSOUND as error:
        raise CourseError(f"{path} is not a sound zip archive: {error}") from None


def _read(archive: zipfile.ZipFile, intake: Intake) -> None:
    entries = archive.infolist()
    top = _common_folder(entries, intake)
    for entry in entries:
        if entry.is_dir() or not entry.filename.startswith(top):
            continue
        name = entry.filename[len(top) :]
        if not intake.wants(name):
            continue
        try:
            _take(archive, entry, normal_name(name), intake)
        except ValueError as error:
            intake.note(name, str(error))


def _common_folder(entries: list[zipfile.ZipInfo], intake: Intake) -> str:
    """Return the folder that holds everything, where that is how it was packed."""
    names = [entry.filename for entry in entries if not _is_clutter(entry.filename)]
    top = ""
    for _ in range(MAX_DEPTH):
        if any(intake.wants(name[len(top) :]) for name in names):
            return top
        inside = {name[len(top) :].split("/", 1)[0] for name in names if name != top}
        if len(inside) != 1:
            break
        top += f"{inside.pop()}/"
        names = [name for name in names if name.startswith(top)]
    return ""


def _is_clutter(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.endswith(".DS_Store")


def _take(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, intake: Intake
) -> None:
    # Whatever size the entry claims to have.
    intake.accept(name, read_entry(archive, entry, intake.room + 1))


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return up to ``most`` bytes of a plain file; ValueError says what it is else."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise ValueError("it is not a regular file")
    if entry.flag_bits & 0x1:
        raise ValueError("it is encrypted")
    if entry.compress_type not in PLAIN:
        raise ValueError("it is compressed in an unusual way")
    try:
        with archive.open(entry) as file:
            return file.read(most)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise ValueError(f"it is damaged ({error})") from None
