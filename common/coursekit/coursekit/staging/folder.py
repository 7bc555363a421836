"""Put rendered files on disk: a whole folder, or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Set
from pathlib import Path, PurePosixPath

from coursekit.errors import CourseError
from coursekit.staging.manifest import MANIFEST, Manifest


def write_folder(files: Mapping[str, bytes], dest: Path) -> None:
    """Write the files as the new folder ``dest``, everything or nothing.

    ``dest`` may exist only as an empty folder. The files are written beside it under
    another name and the folder is renamed at the end, so an interrupted run leaves
    no half of it. What the manifest among the files lists as executable is made so.
    """
    refuse_occupied(dest)
    try:
        dest.parent.mkdir(parents=True, exist_ok=True)
        new = Path(
            tempfile.mkdtemp(prefix=f".{dest.name}.", suffix=".new", dir=dest.parent)
        )
    except OSError as error:
        raise failed(dest, error) from error
    try:
        fill(new, files, executable_among(files))
        new.chmod(plain_mode())
        new.rename(dest)
    except OSError as error:
        raise failed(dest, error) from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def refuse_occupied(dest: Path) -> None:
    """Raise a CourseError unless ``dest`` is free to be made."""
    if dest.is_symlink() or (dest.exists() and not dest.is_dir()):
        raise CourseError(f"{dest}: is in the way and not a folder; choose another")
    if not dest.is_dir():
        return
    if any(dest.iterdir()):
        raise CourseError(
            f"{dest}: exists and is not empty, so nothing was written. Choose another"
            " folder, or move this one away."
        )
    if dest.samefile(Path.cwd()):
        raise CourseError(
            f"{dest}: is the folder you are in; name a folder that is to be made"
        )


def executable_among(files: Mapping[str, bytes]) -> set[str]:
    """Return the paths that the manifest among the files lists as executable."""
    if MANIFEST not in files:
        return set()
    return set(Manifest.from_bytes(files[MANIFEST]).executable)


def fill(folder: Path, files: Mapping[str, bytes], executable: Set[str]) -> None:
    """Write the files into ``folder``, which exists."""
    for name, content in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if name in executable:
            path.chmod(path.stat().st_mode | 0o111)


def plain_mode() -> int:
    """Return the mode a folder made by mkdir would have (mkdtemp makes it private)."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o777 & ~mask


def failed(dest: Path, error: OSError) -> CourseError:
    """Return the error that says why a folder could not be written."""
    reason = error.strerror or str(error)
    if error.filename is not None and str(error.filename) != str(dest):
        reason += f": {error.filename}"
    return CourseError(f"{dest}: could not be written ({reason}); nothing was changed")
