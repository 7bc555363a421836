"""The source files of a homework's folder, before rendering."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.homework import Homework

BUILT_SUFFIXES = {".so", ".o", ".a", ".d", ".obj", ".dylib", ".pyd", ".pyc", ".pyo"}
OUTPUT_FOLDERS = {"__pycache__", "build", "dist"}
TOP_OUTPUT_FOLDERS = {"data", "results"}


@dataclass(frozen=True)
class Source:
    """One source file: its content, and whether it may be executed."""

    path: Path
    content: bytes
    executable: bool


def is_output(path: PurePosixPath) -> bool:
    """Whether a path is hidden, built, downloaded, or the output of a run."""
    return (
        any(part.startswith(".") or part in OUTPUT_FOLDERS for part in path.parts)
        or any(part.endswith(".egg-info") for part in path.parts)
        or (len(path.parts) > 1 and path.parts[0] in TOP_OUTPUT_FOLDERS)
        or path.suffix in BUILT_SUFFIXES
        or path.name.endswith("~")
    )


def collect(course: Course, homework: Homework) -> dict[str, Source]:
    """Return every source of the homework by its path in the rendered folder."""
    found: dict[str, Source] = {}
    for path, file in _all(course, homework):
        if path in found:
            raise CourseError(
                f"{file}: would be {homework.name}/{path}, which {found[path].path}"
                " is already; rename one"
            )
        found[path] = _read(file)
    return found


def _all(course: Course, homework: Homework) -> Iterator[tuple[str, Path]]:
    own = course.source(homework.name)
    for path in _walk(own):
        if str(path) != "homework.toml" and not is_output(path):
            yield str(path), own / path
    carried = homework.carried
    for folder, patterns, place in (
        ("needle", carried.library, ""),
        ("testing", carried.support, "tests/support/"),
        ("emulator", carried.emulator, "emulator/"),
        ("explore", carried.explore, "explore/"),
    ):
        source = course.root / "common" / folder
        for pattern in patterns:
            for path in _matches(source, pattern, own):
                yield f"{place}{path}", source / path


def _walk(folder: Path) -> Iterator[PurePosixPath]:
    for file in sorted(folder.rglob("*")):
        if file.is_symlink() or not file.is_dir():
            yield PurePosixPath(file.relative_to(folder).as_posix())


def _matches(folder: Path, pattern: str, own: Path) -> list[PurePosixPath]:
    found = [
        path
        for file in sorted(folder.glob(pattern))
        if not file.is_dir()
        and not is_output(path := PurePosixPath(file.relative_to(folder).as_posix()))
    ]
    if not found:
        raise CourseError(
            f"{own / 'homework.toml'}: carried: {folder} has no file {pattern!r}"
        )
    return found


def _read(file: Path) -> Source:
    try:
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise CourseError(
                f"{file}: is not a regular file, so it cannot be given to students;"
                " put the file itself here"
            )
        return Source(file, file.read_bytes(), bool(status.st_mode & 0o111))
    except OSError as error:
        raise CourseError(f"{file}: cannot be read: {error.strerror}") from error
