"""What the cache holds of a set: a record beside the files, and questions to it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from coursekit.data.model import File, Spec
from coursekit.data.places import cache_root, shipped_root

RECORD = ".files.json"


@dataclass(frozen=True)
class Holding:
    """The files of a set that are there, whole as far as their sizes tell."""

    spec: Spec
    folder: Path
    present: tuple[File, ...]

    @property
    def complete(self) -> bool:
        """Say whether no file is missing."""
        return len(self.present) == len(self.spec.files)

    @property
    def usable(self) -> bool:
        """Say whether a program can work with it: all of it, or some whole batches."""
        some = self.spec.unit == "batches" and len(self.present) > 1
        return self.complete or some

    @property
    def missing(self) -> list[str]:
        """List the names of the files that are not there."""
        have = {file.name for file in self.present}
        return [name for name in self.spec.names if name not in have]

    @property
    def size(self) -> int:
        """Return the bytes the set takes on the disk."""
        return sum((self.folder / file.name).stat().st_size for file in self.present)

    @property
    def state(self) -> str:
        """Say how much is there, in two or three words."""
        if self.complete:
            return "complete"
        if self.spec.unit == "batches":
            have, of = (
                sum(file.name != "batches.meta" for file in files)
                for files in (self.present, self.spec.files)
            )
            return f"{have} of {of} batches"
        return f"{len(self.present)} of {len(self.spec.files)} files"


def folder_of(spec: Spec) -> Path:
    """Return the folder the set lies in, or will."""
    if spec.origin == "shipped":
        return shipped_root() / spec.name
    return cache_root() / spec.name


def held(spec: Spec) -> Holding:
    """Look what is there of a set, without reading the files."""
    folder = folder_of(spec)
    if spec.origin == "shipped":
        present = (file for file in spec.files if (folder / file.name).is_file())
    else:
        sizes = read_record(folder)
        present = (
            file
            for file in spec.files
            if file.name in sizes and _size(folder / file.name) == sizes[file.name]
        )
    return Holding(spec, folder, tuple(present))


def read_record(folder: Path) -> dict[str, int]:
    """Return the recorded size of each file; a damaged record counts as empty."""
    try:
        found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {str(name): int(size) for name, size in found["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_record(files: dict[str, int]) -> bytes:
    """Return the bytes of a record."""
    return (json.dumps({"files": files}, indent=1, sort_keys=True) + "\n").encode()


def _size(path: Path) -> int:
    """Return a file's size, or -1 if it cannot be seen."""
    try:
        return path.stat().st_size
    except OSError:
        return -1
