"""Put a set where a homework's code looks for it."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from coursekit.data.model import File
from coursekit.data.places import cache_root, shipped_root
from coursekit.data.record import Holding
from coursekit.data.trouble import disk_trouble
from coursekit.errors import CourseError


def link_into(holding: Holding, folder: Path) -> Path:
    """Link the set below ``folder``, in the layout the original course has.

    Returns the folder with the links. A file that is not a link of ours is never
    replaced: if it differs nothing is done at all, and the error lists it.
    """
    if not folder.is_dir():
        raise CourseError(
            f"{folder}: there is no such folder to put {holding.spec.name} in"
        )
    target = folder / holding.spec.into
    todo = [file for file in holding.present if not _is_same(holding, file, target)]
    foreign = [target / f.name for f in todo if not _is_free(target / f.name)]
    if foreign:
        names = "\n  ".join(str(path) for path in foreign)
        raise CourseError(
            f"these files are in the way and may be yours, so nothing was changed:\n"
            f"  {names}\nMove them away, and run the command again."
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
        _clear(holding, target)
        for file in todo:
            _put(holding.folder / file.name, target / file.name)
    except OSError as error:
        raise disk_trouble(error, target) from error
    return target


def _is_same(holding: Holding, file: File, target: Path) -> bool:
    """Say whether the file is there already, as a link or as a copy."""
    source, path = holding.folder / file.name, target / file.name
    try:
        if path.stat().st_size != source.stat().st_size:
            return False
        return path.samefile(source) or path.read_bytes() == source.read_bytes()
    except OSError:
        return False


def _clear(holding: Holding, target: Path) -> None:
    """Remove links to another set that this one, being incomplete, does not replace."""
    for name in holding.missing:
        path = target / name
        if path.is_symlink() and _is_free(path):
            path.unlink()


def _is_free(path: Path) -> bool:
    """Say whether a name may be used: nothing is there, or a link to a set of ours."""
    if not path.is_symlink():
        return not path.exists()
    goal = Path(os.path.normpath(path.parent / path.readlink()))
    return any(goal.is_relative_to(root) for root in (cache_root(), shipped_root()))


def _put(source: Path, path: Path) -> None:
    """Link, or copy where the file system has no links; replace a link of ours."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            part.symlink_to(source)
        except OSError:
            shutil.copyfile(source, part)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()
