"""Plan an update: what becomes of every file, before anything is touched."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from coursekit.errors import CourseError
from coursekit.staging.manifest import PRISTINE, Manifest, digest
from coursekit.staging.refresh import files_below
from coursekit.update.decide import Decision, File, What, decide
from coursekit.update.incoming import Release
from coursekit.update.leftover import refuse_leftover
from coursekit.update.transaction import Change, free_name


@dataclass(frozen=True)
class Outcome:
    """What an update does to one file; ``other`` names the second of two versions."""

    path: str
    what: What
    notes: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    other: str | None = None


@dataclass
class Plan:
    """Every file of both releases, and the changes to be made."""

    outcomes: list[Outcome] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def touched(self) -> list[Outcome]:
        """The files about which there is something to say."""
        return [each for each in self.outcomes if each.what != "same" or each.notes]

    @property
    def conflicts(self) -> int:
        """How many places in files wait for a person's decision."""
        return sum(len(each.places) for each in self.outcomes)


def plan_update(folder: Path, old: Manifest, release: Release) -> Plan:
    """Compare a folder with its old release and the new one."""
    planner = _Planner(folder, old, release)
    planner.refuse_obstacles()
    files = [planner.file(path) for path in planner.paths]
    refuse_leftover(folder, files)
    for file in files:
        planner.settle(file)
    planner.renew_pristine()
    return planner.plan


class _Planner:
    def __init__(self, folder: Path, old: Manifest, release: Release) -> None:
        self.folder = folder
        self.old = old
        self.new = release.manifest
        self.files = release.files
        self.plan = Plan()
        everything = sorted({*old.files, *self.new.files})
        # A link or folder in the place of a file that stays as it is does no harm.
        self.blocked = {path for path in everything if _obstacle(folder, path)}
        self.paths = [path for path in everything if path not in self.blocked]

    def refuse_obstacles(self) -> None:
        """Refuse where something that is no file stands where one changes."""
        wrong = sorted(
            path
            for path in self.blocked
            if self.old.files.get(path) != self.new.files.get(path)
        )
        if wrong:
            lines = "\n".join(f"  {_obstacle(self.folder, path)}" for path in wrong)
            raise CourseError(
                f"{self.folder}: nothing was changed, because the release has a file"
                f" where you have something else:\n{lines}\nMove it away, or put the"
                " file itself there"
            )

    def file(self, path: str) -> File:
        """Collect the versions of a file."""
        was = self.old.files.get(path)
        base = _read(self.folder / PRISTINE / path)
        return File(
            path=path,
            was=was,
            base=base if base is not None and digest(base) == was else None,
            mine=_read(self.folder / path),
            new=self.files.get(path),
            editable=path in self.new.editable or path in self.old.editable,
        )

    def settle(self, file: File) -> None:
        """Decide about a file, and note what has to change for it."""
        decision = decide(file, self.new.version)
        other = self._second(file, decision)
        what = decision.what
        if self._change(file.path, file.mine, decision.content) and what == "same":
            what = "updated"  # its mode alone
        self.plan.outcomes.append(
            Outcome(file.path, what, decision.notes, decision.places, other)
        )

    def renew_pristine(self) -> None:
        """Let ``.course`` describe the new release."""
        inside = {path for path in self.files if path.startswith(".course/")}
        there = {f"{PRISTINE}/{path}" for path in files_below(self.folder / PRISTINE)}
        for path in sorted(inside | there):
            self._change(path, _read(self.folder / path), self.files.get(path))

    def _second(self, file: File, decision: Decision) -> str | None:
        """Keep the version that does not get the file's name under another one."""
        if decision.what == "beside" and file.new is not None:
            name = self._name_of_new(file.path, file.new)
            self._change(name, _read(self.folder / name), file.new)
            return name
        if decision.what == "aside" and file.mine is not None:
            name = free_name(self.folder, file.path)
            mode = _mode(self.folder / file.path)
            self.plan.changes.append(Change(name, None, file.mine, mode))
            return name
        return None

    def _name_of_new(self, path: str, content: bytes) -> str:
        for name in _names_of_new(path):
            if not os.path.lexists(self.folder / name):
                return name
            if _read(self.folder / name) == content:
                return name
        raise AssertionError("there is no end of names")

    def _change(self, path: str, mine: bytes | None, after: bytes | None) -> bool:
        mode = self._wanted_mode(path)
        same = mine == after
        if same and (after is None or mode == _mode(self.folder / path)):
            return False
        self.plan.changes.append(Change(path, mine, after, mode))
        return True

    def _wanted_mode(self, path: str) -> int:
        mode = _mode(self.folder / path)
        if path in self.new.executable:
            return mode | 0o111
        return mode & ~0o111 if path in self.old.executable else mode


def _obstacle(folder: Path, path: str) -> str | None:
    """Say what stands in the place of a file or of a folder above it, if anything."""
    for parent in reversed(PurePosixPath(path).parents[:-1]):
        above = folder / parent
        if above.is_symlink():
            return f"{parent} is a link"
        if above.exists() and not above.is_dir():
            return f"{parent} is no folder"
    file = folder / path
    if file.is_symlink():
        return f"{path} is a link"
    return f"{path} is no file" if file.exists() and not file.is_file() else None


def _read(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() and not file.is_symlink() else None


def _mode(file: Path) -> int:
    if file.is_file():
        return stat.S_IMODE(file.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _names_of_new(path: str) -> Iterator[str]:
    """Yield ``hw0.new.ipynb``, which Jupyter opens, or ``<name>.new``; then numbers."""
    stem, end = (path[:-6], ".ipynb") if path.endswith(".ipynb") else (path, "")
    yield f"{stem}.new{end}"
    number = 2
    while True:
        yield f"{stem}.new-{number}{end}"
        number += 1
