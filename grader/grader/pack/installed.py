"""The packs installed for a user: one archive a homework, replaced in a single step."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from coursekit.errors import CourseError
from coursekit.homework import HOMEWORK_NAME, stage_number

from grader import home
from grader.files import write_whole_bytes
from grader.pack.archive import MAX_BYTES
from grader.pack.contents import Pack, sha256

STALE_SECONDS = 3600.0  # after which a half-written file is nobody's any more


class Installed(NamedTuple):
    """What an installation did: the pack, and the one that it took the place of."""

    pack: Pack
    change: Literal["new", "same", "replaced"]
    before: Pack | None  # the one that was replaced, if it was sound


def install(path: Path, expected: str | None = None) -> Installed:
    """Check a pack and put it where the grader looks; whole or not at all.

    ``expected`` is the archive's digest as its maker published it.
    """
    data = _bytes(path)
    _refuse_other_digest(path, sha256(data), expected)
    pack = Pack.from_bytes(data, str(path))
    place = place_of(pack.index.homework.name)
    _sweep(place.parent)
    if not place.exists():
        write_whole_bytes(place, data)
        return Installed(pack, "new", None)
    before = _sound(place)
    if before is not None and _bytes(place) == data:
        return Installed(pack, "same", None)
    write_whole_bytes(place, data)
    return Installed(pack, "replaced", before)


def place_of(homework: str) -> Path:
    """Return where the pack of a homework is kept, installed or not."""
    return home.folder("packs") / f"{homework}.zip"


def names() -> list[str]:
    """Return the homeworks that have a pack, in the order of the course."""
    found = [path.stem for path in home.folder("packs").glob("*.zip")]
    return sorted(filter(HOMEWORK_NAME.fullmatch, found), key=stage_number)


def load(homework: str) -> Pack:
    """Return the installed pack of a homework, read anew and checked."""
    place = place_of(homework)
    pack = read(place)
    if pack.index.homework.name != homework:
        raise CourseError(f"{place} is the pack of {pack.index.homework.name}")
    return pack


def remove(homework: str) -> None:
    """Take the pack of a homework away; what was graded with it stays graded."""
    stage_number(homework)  # a name and no path
    try:
        place_of(homework).unlink()
    except FileNotFoundError:
        known = ", ".join(names()) or "none"
        raise CourseError(
            f"there is no installed pack of {homework}; installed: {known}."
        ) from None
    except OSError as error:
        raise CourseError(f"{place_of(homework)}: {error.strerror}") from None


def read(path: Path) -> Pack:
    """Read a pack wherever it lies."""
    return Pack.from_bytes(_bytes(path), str(path))


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise CourseError(f"{path} is not a file. Name the pack's zip archive.")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CourseError(f"cannot read {path}: {error.strerror}.") from None


def _refuse_other_digest(path: Path, found: str, expected: str | None) -> None:
    if expected is not None and found != expected.strip().lower():
        raise CourseError(
            f"{path} is not the pack that was published: its SHA-256 is {found}, not "
            f"{expected}. Fetch it again; nothing was installed."
        )


def _sound(place: Path) -> Pack | None:
    """Return an installed pack, None if it is damaged."""
    try:
        return read(place)
    except CourseError:
        return None


def _sweep(folder: Path) -> None:
    """Remove what an installation that was killed has left."""
    for path in folder.glob(".hw*.zip.*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > STALE_SECONDS:
                path.unlink()
