"""Take the last run of `course update` or `course carry` back."""

from __future__ import annotations

from pathlib import Path

from coursekit.errors import CourseError
from coursekit.staging.manifest import digest
from coursekit.staging.swap import exclusive
from coursekit.student import StudentFolder
from coursekit.update.record import Record, Step, read_record
from coursekit.update.run import end_interrupted
from coursekit.update.transaction import (
    BACKUPS,
    RECORD,
    Change,
    Done,
    free_name,
    perform,
)


def undo_last(
    folder: StudentFolder, kind: str, *, force: bool = False, dry: bool = False
) -> tuple[Record, Done | None]:
    """Bring back the files that the last run of a command replaced: update, carry.

    A file edited since then is somebody's work: the refusal lists such files,
    ``force`` keeps each beside as ``<name>.orig-<n>``.
    """
    with exclusive(folder.path):
        end_interrupted(folder, dry=dry)
        backup = _last(folder.path, kind)
        record = read_record(backup / RECORD)
        edited = [step for step in record.steps if _edited(folder.path, step)]
        if edited and not force:
            listed = "\n".join(f"  {step.path}" for step in edited)
            raise CourseError(
                f"{folder.path}: nothing was changed, because these files were edited"
                f" after the {kind}:\n{listed}\n--force brings back the older ones all"
                " the same, and keeps yours as <name>.orig-<n>"
            )
        changes = [_back(folder.path, backup, step) for step in record.steps]
        changes += [_kept(folder.path, step) for step in edited]
        if dry:
            return record, None
        wanted = [each for each in changes if each.before != each.after]
        done = perform(
            folder.path, wanted, kind="undo", title=record.title, undoes=record.name
        )
        return record, done


def _last(folder: Path, kind: str) -> Path:
    found = sorted((folder / BACKUPS).glob(f"*-{kind}"))
    if not found:
        raise CourseError(f"{folder}: no {kind} was made that could be taken back")
    return found[-1]


def _edited(folder: Path, step: Step) -> bool:
    content = _read(folder / step.path)
    if content is None:
        return False
    return digest(content) not in (step.before, step.after)


def _back(folder: Path, backup: Path, step: Step) -> Change:
    before = _read(folder / step.path)
    kept = backup / "before" / step.path
    after = None if step.before is None else _read(kept)
    if after is None and step.before is not None:
        raise CourseError(
            f"{kept}: is missing, so the change cannot be taken back as a whole."
            " Nothing was changed."
        )
    return Change(step.path, before, after, step.before_mode)


def _kept(folder: Path, step: Step) -> Change:
    name = free_name(folder, step.path)
    return Change(name, None, _read(folder / step.path), step.mode)


def _read(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None
