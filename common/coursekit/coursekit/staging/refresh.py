"""Bring a rendered folder up to date, without ever losing a file someone edited."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coursekit.errors import CourseError
from coursekit.staging.folder import (
    executable_among,
    failed,
    fill,
    plain_mode,
    write_folder,
)
from coursekit.staging.manifest import MANIFEST, PRISTINE, Manifest, digest
from coursekit.staging.swap import exclusive, recover, replace_folder

LISTED = 20  # how many edited files a refusal names


@dataclass(frozen=True)
class Refreshed:
    """What became of a folder: whether it changed, and where edits were put aside."""

    changed: bool
    backups: dict[str, str]


def refresh_folder(
    files: Mapping[str, bytes], dest: Path, *, force: bool = False
) -> Refreshed:
    """Make ``dest`` hold the files; what others put there stays.

    A file that differs from what was rendered last is somebody's work: the refusal
    lists such files, ``force`` keeps each beside as ``<name>.orig-<n>``.
    """
    try:
        with exclusive(dest):
            recover(dest)
            return _refresh(files, dest, force=force)
    except OSError as error:
        raise failed(dest, error) from error


def _refresh(files: Mapping[str, bytes], dest: Path, *, force: bool) -> Refreshed:
    if not dest.is_dir() or not any(dest.iterdir()):
        write_folder(files, dest)
        return Refreshed(changed=True, backups={})
    plan = Plan(files, dest)
    plan.refuse_unless_safe(force=force)
    if not plan.changes():
        return Refreshed(changed=False, backups={})
    return Refreshed(changed=True, backups=_rebuild(plan, files, dest))


def refuse_edited(files: Mapping[str, bytes], dest: Path) -> None:
    """Raise a CourseError if refreshing ``dest`` would touch somebody's work."""
    if dest.is_dir() and any(dest.iterdir()):
        Plan(files, dest).refuse_unless_safe(force=False)


class Plan:
    """What stands in a folder, against the files that are to be in it."""

    def __init__(self, files: Mapping[str, bytes], dest: Path) -> None:
        if dest.is_symlink():
            raise CourseError(f"{dest}: is a link; nothing is rendered through it")
        self.files = files
        self.dest = dest
        self.executable = executable_among(files)
        self.manifest = Manifest.of_folder(dest)
        self.tracked = self.manifest.files if self.manifest else {}
        self.present = set(files_below(dest))
        self.edited = sorted(self._edited())
        self.strangers = sorted(
            path
            for path in self.present - self.tracked.keys() - files.keys()
            if path != MANIFEST and not path.startswith(f"{PRISTINE}/")
        )

    def refuse_unless_safe(self, *, force: bool) -> None:
        """Raise a CourseError that says which files are somebody's work."""
        self._refuse_clashes()
        if force:
            return
        if self.manifest is None:
            raise CourseError(
                f"{self.dest}: has files but no {MANIFEST}, so it was not rendered by"
                " this command, and nothing was changed. Move it away, or use --force,"
                " which keeps every file that would be replaced beside its new version"
            )
        if self.edited:
            raise CourseError(
                f"{self.dest}: nothing was changed, because these files were edited:\n"
                f"{_listed(self.edited)}\nMove your work to a copy of your own (`course"
                " start`), undo it, or use --force, which keeps each file as"
                " <name>.orig-<n>"
            )

    def changes(self) -> bool:
        """Whether anything rendered is missing, different, or no longer wanted."""
        if any(
            path in self.present for path in self.tracked.keys() - self.files.keys()
        ):
            return True
        return any(not self.same(path) for path in self.files)

    def same(self, path: str) -> bool:
        """Whether the file on disk is what it is to be, its mode included."""
        return self._content_is(path, digest(self.files[path])) and (
            _is_executable(self.dest / path) == (path in self.executable)
        )

    def _content_is(self, path: str, expected: str) -> bool:
        file = self.dest / path
        if path not in self.present or file.is_symlink() or not file.is_file():
            return False
        return digest(file.read_bytes()) == expected

    def _edited(self) -> Iterable[str]:
        for path in self.present & (self.tracked.keys() | self.files.keys()):
            if path.startswith(".course/"):
                continue
            wanted = [digest(self.files[path])] if path in self.files else []
            known = [self.tracked[path]] if path in self.tracked else []
            if not any(self._content_is(path, each) for each in wanted + known):
                yield path

    def _refuse_clashes(self) -> None:
        """Refuse where a file of ours and a folder of theirs have the same name."""
        ours, theirs = set(self.files), set(self.strangers)
        clashes = sorted(
            {p for p in theirs if _parents(p) & ours}
            | {p for p in ours if _parents(p) & theirs}
        )
        if clashes:
            raise CourseError(
                f"{self.dest}: nothing was changed, because a file is in the way of a"
                f" folder of the same name:\n{_listed(clashes)}\nMove yours away"
            )


def files_below(folder: Path) -> Iterable[str]:
    """Yield the paths of all files below a folder; links are not followed."""
    for here, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        for name in [*names, *links]:
            yield (Path(here) / name).relative_to(folder).as_posix()


def _rebuild(plan: Plan, files: Mapping[str, bytes], dest: Path) -> dict[str, str]:
    new = Path(
        tempfile.mkdtemp(prefix=f".{dest.name}.", suffix=".new", dir=dest.parent)
    )
    try:
        same = {path for path in files if plan.same(path)}
        fresh = {path: files[path] for path in files if path not in same}
        fill(new, fresh, plan.executable)
        for path in [*sorted(same), *plan.strangers]:
            _keep(dest / path, new / path)
        backups = _keep_edited(plan, new)
        _keep_empty_folders(dest, new)
        new.chmod(plain_mode())
        replace_folder(new, dest)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return backups


def _keep_edited(plan: Plan, new: Path) -> dict[str, str]:
    backups: dict[str, str] = {}
    for path in plan.edited:
        number = 1
        while os.path.lexists(new / f"{path}.orig-{number}"):
            number += 1
        backups[path] = f"{path}.orig-{number}"
        _keep(plan.dest / path, new / backups[path])
    return backups


def _keep(old: Path, new: Path) -> None:
    """Let a file stand in the new folder too: the same file, or a copy of it."""
    new.parent.mkdir(parents=True, exist_ok=True)
    if old.is_symlink():
        new.symlink_to(old.readlink())
        return
    try:
        os.link(old, new)
    except OSError:  # file systems without hard links
        shutil.copy2(old, new)


def _keep_empty_folders(old: Path, new: Path) -> None:
    for here, folders, names in os.walk(old):
        if not folders and not names:
            (new / Path(here).relative_to(old)).mkdir(parents=True, exist_ok=True)


def _is_executable(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o111)


def _parents(path: str) -> set[str]:
    return {str(parent) for parent in PurePosixPath(path).parents}


def _listed(paths: list[str]) -> str:
    lines = [f"  {path}" for path in paths[:LISTED]]
    if len(paths) > LISTED:
        lines.append(f"  ... and {len(paths) - LISTED} more")
    return "\n".join(lines)
