"""Plant a bug: edit the source of the reference and render it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.homework import Homework
from coursekit.staging import ALL, render
from coursekit.staging.dialect import MarkerError, dialect_of
from coursekit.staging.render import CourseQuestions
from coursekit.staging.sources import Source, collect
from coursekit.staging.text import PlacedRegion, RenderedText, render_text

from grader.proof.bugs.catalogue import Planted
from grader.proof.bugs.entries import Edit, Part, Variant
from grader.proof.bugs.sheet import Sheet, read_sheet


class EntryError(CourseError):
    """An entry of a catalogue that cannot be planted: where it is written, and why."""

    def __init__(self, entry: Planted, message: str) -> None:
        super().__init__(f"{entry.place}: {entry.name}: {message}")
        self.entry, self.message = entry, message


@dataclass(frozen=True)
class Garden:
    """The sources of a homework, to plant bugs in."""

    course: Course
    homework: Homework
    _cut: dict[str, dict[str, Sheet]] = field(default_factory=dict, repr=False)
    _known: dict[Sheet, RenderedText] = field(default_factory=dict, repr=False)
    # Python 3.11 miscounts how deep a tree is when two threads parse at the same time.
    _one: Lock = field(default_factory=Lock, repr=False, compare=False)

    @cached_property
    def reference(self) -> Mapping[str, bytes]:
        """The solved folder, tests and all."""
        return render(self.course, self.homework, ALL)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The files that the folder is rendered from."""
        return collect(self.course, self.homework)

    def plant(self, entry: Planted) -> dict[str, bytes]:
        """Return the solved folder with the bug in it; any thread may ask."""
        with self._one:
            changed = self.changed(entry)
        return {**self.reference, **changed}

    def changed(self, entry: Planted) -> dict[str, bytes]:
        """Return the files that the bug changes, as they are rendered."""
        sheets = self._sheets(entry.question)
        if entry.variant is not None:
            sheets = self._vary(entry, entry.variant, sheets)
        before = {path: self._rendered(entry, sheets[path]) for path in sheets}
        if entry.bug is None:
            _refuse_same(entry, self.reference, before)
            return before
        for edit in entry.edits:
            sheets = self._edited(entry, edit, sheets)
        after = {path: self._rendered(entry, sheets[path]) for path in sheets}
        _refuse_same(entry, before, after)
        return after

    def _sheets(self, question: str) -> dict[str, Sheet]:
        """Return the files that hold a part of the question's solution."""
        if question not in self._cut:
            stage = self.homework.stage
            found = (
                read_sheet(path, source.content.decode(), stage, question)
                for path, source in self.sources.items()
                if dialect_of(path)
            )
            self._cut[question] = {sheet.path: sheet for sheet in found if sheet}
        return self._cut[question]

    def _edited(
        self, entry: Planted, edit: Edit, sheets: dict[str, Sheet]
    ) -> dict[str, Sheet]:
        if edit.file is not None and edit.file not in sheets:
            raise EntryError(entry, f"{edit.file} holds no solution of the question")
        wanted = [edit.file] if edit.file else list(sheets)
        found = [
            (path, at) for path in wanted for at in sheets[path].lines_of(edit.find)
        ]
        if len(found) != 1:
            raise EntryError(entry, self._not_once(entry, edit.find, found))
        path = found[0][0]
        return {**sheets, path: sheets[path].with_text(edit.find, edit.replace)}

    def _not_once(self, entry: Planted, text: str, found: list[tuple[str, int]]) -> str:
        begins = text.strip().splitlines()[0] if text.strip() else text
        if not found:
            return (
                f"{begins!r} is not in the solution (any more): bring the entry "
                "up to date"
            )
        where = f"in variant {entry.variant.name}" if entry.variant else ""
        where = where or ", ".join(f"{self._origin(path)}:{at}" for path, at in found)
        return f"{begins!r} is there {len(found)} times ({where}): find more of it"

    def _vary(
        self, entry: Planted, variant: Variant, sheets: dict[str, Sheet]
    ) -> dict[str, Sheet]:
        """Put another solution in the place of the reference's; the rest stays."""
        regions = [
            (path, region)
            for path, sheet in sheets.items()
            for region in self._render(entry, sheet).regions
            if region.line in sheet.regions
        ]
        bodies: dict[str, dict[int, str]] = {}
        for part in variant.parts:
            path, begin = _only(entry, part, regions)
            if begin in bodies.setdefault(path, {}):
                raise EntryError(entry, f"two parts are written for {part.region}")
            bodies[path][begin] = part.body
        if variant.helpers is not None:
            _refuse_no_helpers(entry, sheets, list(bodies))
        return {
            path: sheets[path].with_bodies(new, variant.helpers)
            for path, new in bodies.items()
        }

    def _rendered(self, entry: Planted, sheet: Sheet) -> bytes:
        return self._render(entry, sheet).text.encode()

    def _render(self, entry: Planted, sheet: Sheet) -> RenderedText:
        """Render a file; what many entries start from is rendered once."""
        if sheet not in self._known:
            self._known[sheet] = self._render_anew(entry, sheet)
        return self._known[sheet]

    def _render_anew(self, entry: Planted, sheet: Sheet) -> RenderedText:
        questions = CourseQuestions(self.course, self.homework)
        try:
            stage = self.homework.stage
            return render_text(sheet.path, sheet.text, stage, ALL, questions)
        except MarkerError as error:
            at = f"{self._origin(sheet.path)}:{error.line}"
            raise EntryError(
                entry, f"with this planted, {at}: {error.message}"
            ) from error

    def _origin(self, path: str) -> str:
        return self.sources[path].path.relative_to(self.course.root).as_posix()


def _only(
    entry: Planted, part: Part, regions: list[tuple[str, PlacedRegion]]
) -> tuple[str, int]:
    """Return file and line of the region that a part of a variant is written for."""
    wanted = [
        (path, region.line)
        for path, region in regions
        if part.region in (None, region.id, region.id.rpartition("::")[2])
    ]
    if len(wanted) != 1:
        listed = ", ".join(region.id for _, region in regions)
        raise EntryError(
            entry, f"say with region= which one it is written for: {listed}"
        )
    return wanted[0]


def _refuse_no_helpers(
    entry: Planted, sheets: Mapping[str, Sheet], paths: list[str]
) -> None:
    """Refuse helpers that have no place, or more than one."""
    having = [p for p in paths if any(chunk.helpers for chunk in sheets[p].chunks)]
    if len(having) != 1:
        raise EntryError(
            entry,
            f"its helpers have no place: of the files it fills, {len(having)} have"
            " helpers of this question alone",
        )


def _refuse_same(
    entry: Planted, before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> None:
    if all(_same(path, before[path], new) for path, new in after.items()):
        raise EntryError(entry, "this changes nothing that a machine would notice")


def _same(path: str, before: bytes, after: bytes) -> bool:
    """Tell whether two files differ in layout at most."""
    if path.endswith(".py"):
        return ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
    return before.split() == after.split()
