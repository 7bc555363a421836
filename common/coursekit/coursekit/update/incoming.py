"""The release that comes in: from the checkout, a bundle, or an unpacked one."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coursekit.course import Course, enclosing_root
from coursekit.errors import CourseError
from coursekit.staging import NONE, render
from coursekit.staging.manifest import (
    MANIFEST,
    PRISTINE,
    Manifest,
    digest,
    with_pristine,
)
from coursekit.student import StudentFolder

LARGEST = 64_000_000  # bytes of all files; a bundle has less than ten million
# A part of a path. Nothing that acts on a terminal, that a system takes for another
# name (.GIT, git~1, ...), or that begins as an option does.
_PART = re.compile(r"\w[\w.+ -]*")
_UNREADABLE = (  # what the library raises on archives that are none
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
)
AGAIN = "Download it again, or ask your instructor for it."


@dataclass(frozen=True)
class Release:
    """Every file of a release, with its manifest and the pristine copies."""

    files: Mapping[str, bytes]
    manifest: Manifest
    origin: str

    @classmethod
    def of(cls, files: Mapping[str, bytes], origin: str) -> Release:
        """Make a release of the files and the manifest among them."""
        manifest = Manifest.from_bytes(files[MANIFEST], f"{origin}: {MANIFEST}")
        return cls(with_pristine(files), manifest, origin)


def of_checkout(folder: StudentFolder) -> Release:
    """Return what ``course start`` would give now."""
    if any(path.startswith("wheels/") for path in folder.manifest.files):
        raise CourseError(
            f"{folder.path}: came from a bundle. Download the newer one and name it:"
            f" course update --from {folder.homework}.zip"
        )
    root = enclosing_root(folder.path)
    course = Course(root) if root else Course.find()
    return Release.of(render(course, folder.homework, NONE), str(course.root))


def of_bundle(path: Path) -> Release:
    """Read a bundle: a zip file, or the folder it was unpacked to."""
    if path.is_dir():
        found = _unpacked(path)
    elif path.is_file():
        found = _zipped(path)
    else:
        raise CourseError(f"{path}: there is no such file or folder")
    solved = found.manifest.solved
    if solved:
        raise CourseError(
            f"{path}: holds solutions ({', '.join(solved)}), so it is no release"
        )
    return found


def _unpacked(folder: Path) -> Release:
    if not (folder / MANIFEST).is_file():
        raise CourseError(
            f"{folder}: is no release (it has no {MANIFEST}). Name the zip file, or the"
            " folder it was unpacked to."
        )
    content = (folder / MANIFEST).read_bytes()
    return _collect(str(folder), content, lambda path: _on_disk(folder, path))


def _on_disk(folder: Path, path: str) -> Iterable[bytes]:
    """Yield what may be the released file: it, and its pristine copy."""
    for file in (folder / path, folder / PRISTINE / path):
        if file.is_file():
            yield file.read_bytes()


def _zipped(archive: Path) -> Release:
    try:
        with zipfile.ZipFile(archive) as opened:
            top = _top(archive, opened)
            content = next(iter(_member(opened, top + MANIFEST)), b"")
            return _collect(
                str(archive), content, lambda path: _member(opened, top + path)
            )
    except _UNREADABLE as error:
        raise CourseError(
            f"{archive}: is damaged, or no zip file ({error}). {AGAIN}"
        ) from error


def _top(archive: Path, opened: zipfile.ZipFile) -> str:
    """Return the folder in which the homework stands inside the archive."""
    found = [name for name in opened.namelist() if f"/{name}".endswith(f"/{MANIFEST}")]
    if not found:
        raise CourseError(f"{archive}: is no release (it has no {MANIFEST}). {AGAIN}")
    return min(found, key=len).removesuffix(MANIFEST)


def _member(opened: zipfile.ZipFile, name: str) -> Iterable[bytes]:
    try:
        entry = opened.getinfo(name)
    except KeyError:
        return
    if entry.file_size <= LARGEST:
        yield opened.read(entry)


def _collect(
    origin: str, content: bytes, read: Callable[[str], Iterable[bytes]]
) -> Release:
    """Read what the manifest names, and believe nothing that is not as it says."""
    manifest = Manifest.from_bytes(content, f"{origin}: {MANIFEST}")
    files = {MANIFEST: content}
    room = LARGEST
    for path, expected in manifest.files.items():
        _refuse_outside(origin, path)
        found = next((each for each in read(path) if digest(each) == expected), None)
        if found is None:
            raise CourseError(
                f"{origin}: {path} is missing, or not as it was released. {AGAIN}"
            )
        files[path] = found
        room -= len(found)
        if room < 0:
            raise CourseError(f"{origin}: holds more than any homework has. {AGAIN}")
    return Release.of(files, origin)


def _refuse_outside(origin: str, path: str) -> None:
    if not all(map(_PART.fullmatch, path.split("/"))):
        raise CourseError(f"{origin}: names the file {path!r}, which no homework has")
