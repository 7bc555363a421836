"""A student's copy of a homework as `course carry` reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from coursekit.carry.pristine import Pristine
from coursekit.carry.record import Carried
from coursekit.console import shown
from coursekit.merge import (
    FoundRegion,
    Regions,
    decode,
    differ_in_layout_alone,
    read_regions,
)
from coursekit.merge.text import TextError
from coursekit.staging.dialect import dialect_of
from coursekit.student import StudentFolder


@dataclass(frozen=True)
class Remark:
    """Something a person should know, and where."""

    path: str
    line: int | None
    message: str

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True)
class MarkedFile:
    """A file with regions: as it was given, and as it stands now."""

    path: str
    content: bytes
    text: str
    pristine: str
    given: Regions
    now: Regions

    def stub(self, name: str) -> tuple[str, ...]:
        """Return the body that was given in place of a region's solution."""
        return self.given.found[name].plain

    def is_inside(self, line: int) -> bool:
        """Whether a line stands between the markers of a region."""
        return any(each.begin < line < each.end for each in self.now.found.values())

    def is_written(self, name: str) -> bool:
        """Whether a region holds more than the stub that was given."""
        body = self.now.found[name].plain
        if not any(line.strip("\0 \t") for line in body):
            return False
        return not differ_in_layout_alone(body, self.stub(name))


@dataclass
class Copy:
    """The marked files of a folder, and what of them could not be read."""

    folder: StudentFolder
    carried: Carried
    pristine: Pristine
    given: dict[str, FoundRegion] = field(default_factory=dict)
    files: dict[str, MarkedFile] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def homework(self) -> str:
        """The homework's name."""
        return self.folder.homework

    @classmethod
    def read(cls, folder: StudentFolder) -> Copy:
        """Read a student's folder; what is damaged becomes a remark."""
        copy = cls(folder, Carried.of_folder(folder.path), Pristine(folder))
        for path in folder.manifest.editable:
            if dialect_of(path) is not None:
                copy._read(path)
        return copy

    def regions(self) -> Iterator[tuple[MarkedFile, FoundRegion]]:
        """Yield every region that was found for certain."""
        for file in self.files.values():
            for region in file.now.found.values():
                yield file, region

    def shown(self, path: str) -> str:
        """Return a path in the folder as people see it."""
        return shown(self.folder.path / path)

    def remark(self, path: str, line: int | None, message: str) -> None:
        """Note what a person should know about a file."""
        self.remarks.append(Remark(self.shown(path), line, message))

    def _read(self, path: str) -> None:
        pristine = decode(path, self.pristine.content(path))
        given = read_regions(path, pristine)
        self.given |= given.found
        file = self.folder.path / path
        if file.exists() and not file.is_file():  # a pipe would never end
            self.remark(path, None, "is no file; its regions are left")
            return
        try:
            content = file.read_bytes()
            text = decode(path, content)
        except OSError as error:
            reason = error.strerror or str(error)
            self.remark(path, None, f"cannot be read ({reason}); its regions are left")
            return
        except TextError as error:
            self.remark(path, error.line, error.message)
            return
        now = read_regions(path, text, pristine)
        self.files[path] = MarkedFile(path, content, text, pristine, given, now)
        for trouble in now.troubles:
            self.remark(path, trouble.line, trouble.message)
