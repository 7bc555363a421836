"""Change several files of a folder as one: kept first, then exchanged, or not at all.

Everything is prepared in a folder of its own below ``.course``, which then changes its
name: from that moment on the change is certain, and whoever finds it unfinished ends
it. At the end the same folder is the backup. So a cut at any moment leaves the old
files, or a state that ``recover`` brings to the new ones.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import CourseError
from coursekit.staging.folder import failed, plain_mode
from coursekit.staging.manifest import MANIFEST, digest
from coursekit.update.record import Record, Step, read_record

BACKUPS = ".course/backup"
CURRENT = ".course/changing"  # decided, and on its way into the folder
PARTIAL = ".course/changing."  # being prepared: worth nothing after a cut
RECORD = "record.json"


@dataclass(frozen=True)
class Change:
    """What a file is to be: its new content, or None for no file, and its mode."""

    path: str
    before: bytes | None
    after: bytes | None
    mode: int = 0o644


@dataclass(frozen=True)
class Done:
    """A finished change: where the old files are, and what was put aside at the end."""

    backup: Path
    record: Record
    aside: dict[str, str]  # files edited in the meantime, and where those edits are


def perform(
    folder: Path,
    changes: Sequence[Change],
    *,
    kind: str,
    title: str = "",
    undoes: str | None = None,
) -> Done:
    """Make the changes, all of them or none; the old files go to a backup."""
    steps = [_step(folder, change) for change in changes]
    record = Record(
        name=_name(folder, kind), kind=kind, title=title, undoes=undoes, steps=steps
    )
    try:
        _decide(folder, changes, record)
    except OSError as error:
        raise failed(folder, error) from error
    return _finish_or_revert(folder)


def recover(folder: Path) -> Done | None:
    """End what an interrupted run had decided on; clear away what it had not."""
    for left in folder.glob(f"{PARTIAL}*"):
        shutil.rmtree(left, ignore_errors=True)
    return _finish_or_revert(folder) if is_unfinished(folder) else None


def is_unfinished(folder: Path) -> bool:
    """Whether an interrupted run has decided on a change and not ended it."""
    return (folder / CURRENT).is_dir()


def free_name(folder: Path, path: str, taken: Iterable[str] = ()) -> str:
    """Return the next ``<name>.orig-<n>`` that is nobody's."""
    names = set(taken)
    number = 1
    while (name := f"{path}.orig-{number}") in names or os.path.lexists(folder / name):
        number += 1
    return name


def _name(folder: Path, kind: str) -> str:
    """Return a name that sorts behind those of all earlier changes."""
    now = time.time()
    while any((folder / BACKUPS).glob(f"{_stamp(now)}-*")):
        now += 1
    return f"{_stamp(now)}-{kind}"


def _stamp(seconds: float) -> str:
    return time.strftime("%Y%m%d-%H%M%S", time.localtime(seconds))


def _step(folder: Path, change: Change) -> Step:
    return Step(
        path=change.path,
        before=None if change.before is None else digest(change.before),
        after=None if change.after is None else digest(change.after),
        mode=change.mode,
        before_mode=_mode(folder / change.path),
    )


def _decide(folder: Path, changes: Sequence[Change], record: Record) -> None:
    """Prepare the change; with the last line it is certain."""
    partial = Path(tempfile.mkdtemp(prefix=Path(PARTIAL).name, dir=folder / ".course"))
    try:
        _prepare(folder, partial, changes, record)
        _refuse_moved_on(folder, record)
        partial.rename(folder / CURRENT)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _prepare(
    folder: Path, partial: Path, changes: Sequence[Change], record: Record
) -> None:
    (folder / BACKUPS).mkdir(parents=True, exist_ok=True)
    ignore = folder / BACKUPS / ".gitignore"
    if not ignore.exists():  # a student's own repository need not hold backups
        _write(ignore, b"*\n", 0o644)
    for side in ("before", "after"):
        (partial / side).mkdir()
    for change, step in zip(changes, record.steps, strict=True):
        if change.before is not None:
            _write(partial / "before" / change.path, change.before, step.before_mode)
        if change.after is not None:
            _write(partial / "after" / change.path, change.after, change.mode)
    _write(partial / RECORD, record.to_bytes(), 0o644)
    partial.chmod(plain_mode())


def _write(path: Path, content: bytes, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode)


def _refuse_moved_on(folder: Path, record: Record) -> None:
    """Refuse if an editor saved a file while the change was prepared."""
    for step in record.steps:
        if _digest(folder / step.path) != step.before:
            raise CourseError(
                f"{folder / step.path}: changed while this command was at work, so"
                " nothing was changed. Run it again."
            )


def _finish_or_revert(folder: Path) -> Done:
    try:
        return _finish(folder)
    except OSError as error:
        reason = f"{error.strerror or error}: {error.filename}"
        try:
            _revert(folder)
        except OSError:
            raise CourseError(
                f"{folder}: stopped half way ({reason}). Put that right and run the"
                " command again: it goes on where it stopped. The old files are in"
                f" {CURRENT}/before."
            ) from error
        raise CourseError(
            f"{folder}: could not be changed ({reason}); everything is as it was"
        ) from error


def _finish(folder: Path) -> Done:
    current = folder / CURRENT
    record = read_record(current / RECORD)
    aside: dict[str, str] = {}
    # The manifest last: until then the folder says that it is the old release.
    for step in sorted(record.steps, key=lambda each: each.path == MANIFEST):
        _carry_out(folder, current, step, aside)
    shutil.rmtree(current / "after", ignore_errors=True)
    if record.undoes is not None:
        undone = folder / BACKUPS / record.undoes
        if undone.is_dir():
            undone.rename(undone.with_name(f"{undone.name}-undone"))
    backup = folder / BACKUPS / record.name
    current.rename(backup)
    return Done(backup, record, aside)


def _carry_out(folder: Path, current: Path, step: Step, aside: dict[str, str]) -> None:
    file, staged = folder / step.path, current / "after" / step.path
    now = _digest(file)
    if now == step.after:
        if now is not None:
            file.chmod(step.mode)
        return
    if now != step.before and os.path.lexists(file):
        aside[step.path] = free_name(folder, step.path)
        file.rename(folder / aside[step.path])
    if step.after is None:
        file.unlink(missing_ok=True)
        _prune(folder, file.parent)
    elif staged.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(file)


def _revert(folder: Path) -> None:
    """Bring back the old files, after an error of the system half way."""
    current = folder / CURRENT
    for step in read_record(current / RECORD).steps:
        file, kept = folder / step.path, current / "before" / step.path
        if _digest(file) != step.after or step.after == step.before:
            continue
        if step.before is None:
            file.unlink()
            _prune(folder, file.parent)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            again = current / "again"
            shutil.copy2(kept, again)
            again.replace(file)
    left = current.with_name(f"{Path(PARTIAL).name}reverted")
    current.rename(left)
    shutil.rmtree(left, ignore_errors=True)


def _prune(folder: Path, emptied: Path) -> None:
    """Remove a folder that the last removed file has left empty, and those above."""
    while emptied != folder and emptied.is_dir() and not any(emptied.iterdir()):
        emptied.rmdir()
        emptied = emptied.parent


def _digest(file: Path) -> str | None:
    """Return what stands at a path; None for nothing, "" for what is no file."""
    if not os.path.lexists(file):
        return None
    if file.is_symlink() or not file.is_file():
        return ""
    return digest(file.read_bytes())


def _mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode) if file.is_file() else 0o644
