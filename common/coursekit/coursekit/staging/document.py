"""The structure of a marked source file: text, regions, solution-only, by stage."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from coursekit.staging.dialect import Dialect, Kind, Marker, MarkerError, read_marker
from coursekit.staging.owners import OwnerSpec, StageRange, parse_owners


@dataclass(frozen=True)
class Line:
    """A line of the source file, without its end, and its number from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Text:
    """A line that belongs to everyone."""

    line: Line

    @property
    def lines(self) -> list[Line]:
        """The line, as a list like those of the other pieces."""
        return [self.line]


@dataclass
class Block:
    """What stands between two markers, and the two marker lines."""

    begin: Line
    indent: str
    body: list[Line] = field(default_factory=list)
    end: Line | None = None

    @property
    def lines(self) -> list[Line]:
        """All lines, those of the markers included."""
        assert self.end is not None
        return [self.begin, *self.body, self.end]


@dataclass
class Region(Block):
    """A solution region."""

    spec: OwnerSpec = field(default_factory=lambda: OwnerSpec(""))


@dataclass
class Only(Block):
    """Helpers of solutions; ``owners`` empty: of any question of the file."""

    owners: tuple[str, ...] = ()


Piece: TypeAlias = Text | Region | Only


@dataclass
class Document:
    """A parsed source file: its pieces in order, each with the stages it exists at."""

    path: str
    dialect: Dialect
    pieces: list[tuple[StageRange | None, Piece]] = field(default_factory=list)

    def at(self, stage: int) -> list[Piece]:
        """Return the pieces that exist at this stage."""
        there = [stages is None or stage in stages for stages, _ in self.pieces]
        return select([piece for _, piece in self.pieces], there)

    def regions(self) -> Iterator[Region]:
        """Yield the regions of all stages."""
        return (piece for _, piece in self.pieces if isinstance(piece, Region))

    @property
    def marked(self) -> bool:
        """Whether the file holds any marker but those of stage blocks."""
        return any(not isinstance(piece, Text) for _, piece in self.pieces)


def select(pieces: Sequence[Piece], keep: Sequence[bool]) -> list[Piece]:
    """Return the pieces to keep; blank lines around what vanishes become one run.

    Without that, a helper between two functions would leave four blank lines.
    """
    kept: list[Piece] = []
    surplus = 0  # blank lines that would come on top of those before the gap
    gap = False
    for piece, wanted in zip(pieces, keep, strict=True):
        if not wanted:
            gap, surplus = True, _blanks_at_end(kept) if kept else len(pieces)
        elif surplus and _is_blank(piece):
            surplus -= 1
        else:
            gap, surplus = False, 0
            kept.append(piece)
    if gap and kept:  # what vanished was the end of the file
        del kept[len(kept) - _blanks_at_end(kept) :]
        kept.append(Text(Line(0, "")))
    return kept


def _is_blank(piece: Piece) -> bool:
    return isinstance(piece, Text) and not piece.line.text.strip()


def _blanks_at_end(pieces: Sequence[Piece]) -> int:
    return sum(1 for _ in itertools.takewhile(_is_blank, reversed(pieces)))


def split_lines(text: str) -> list[str]:
    r"""Split at ``\n``, ``\r\n`` and ``\r``, as Python and C++ compilers do."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def parse(path: str, text: str, dialect: Dialect) -> Document:
    """Read the structure of a source file; any marker out of place is an error."""
    parser = _Parser(Document(path, dialect))
    for number, line in enumerate(split_lines(text), start=1):
        parser.feed(Line(number, line))
    parser.finish()
    return parser.document


class _Parser:
    """Reads lines one by one; holds the stage block and the block that are open."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.block: Region | Only | None = None
        self.stage: tuple[Line, StageRange] | None = None
        held = re.escape(document.dialect.held)
        self.held = re.compile(rf"([ \t]*){held} ?(.*)")

    def feed(self, line: Line) -> None:
        if self.stage is not None and (held := self.held.fullmatch(line.text)):
            line = Line(line.number, (held[1] + held[2]) if held[2] else "")
        dialect, path = self.document.dialect, self.document.path
        marker = read_marker(line.text, dialect, path, line.number)
        if marker is not None:
            self._marker(marker, line)
        elif self.block is not None:
            self.block.body.append(line)
        else:
            self._add(Text(line))

    def finish(self) -> None:
        if self.block is not None:
            kind = Kind.END if isinstance(self.block, Region) else Kind.END_ONLY
            raise self._error(self.block.begin, f"never closed: add {self._name(kind)}")
        if self.stage is not None:
            name = self._name(Kind.END_STAGE)
            raise self._error(self.stage[0], f"never closed: add {name}")

    def _marker(self, marker: Marker, line: Line) -> None:
        if marker.kind in (Kind.BEGIN, Kind.ONLY):
            self._open(marker, line)
        elif marker.kind is Kind.STAGE:
            self._open_stage(marker, line)
        elif marker.kind is Kind.END_STAGE:
            self._close_stage(line)
        else:
            self._close(marker, line)

    def _open(self, marker: Marker, line: Line) -> None:
        if self.block is not None:
            raise self._error(
                line,
                f"{marker.kind.value} inside what line {self.block.begin.number}"
                " opens: blocks do not nest, close that one first",
            )
        try:
            if marker.kind is Kind.BEGIN:
                spec = OwnerSpec.parse(marker.rest)
                self.block = Region(line, marker.indent, spec=spec)
            else:
                owners = parse_owners(marker.rest)
                self.block = Only(line, marker.indent, owners=owners)
        except ValueError as error:
            raise self._error(line, f"{marker.kind.value}: {error}") from error

    def _close(self, marker: Marker, line: Line) -> None:
        block = self.block
        fits = Region if marker.kind is Kind.END else Only
        if not isinstance(block, fits):
            what = "nothing is open" if block is None else "another block is open"
            raise self._error(line, f"{marker.kind.value}, but {what} here")
        if isinstance(block, Region) and marker.indent != block.indent:
            raise self._error(
                line,
                f"{marker.kind.value} is indented otherwise than its BEGIN in line"
                f" {block.begin.number}: align the two",
            )
        block.end = line
        self.block = None
        self._add(block)

    def _open_stage(self, marker: Marker, line: Line) -> None:
        if self.block is not None:
            raise self._error(
                line,
                f"a stage block cannot start inside what line"
                f" {self.block.begin.number} opens: put that inside the stage block",
            )
        if self.stage is not None:
            raise self._error(
                line,
                f"stage blocks do not nest: line {self.stage[0].number} opens one",
            )
        try:
            self.stage = line, StageRange.parse(marker.rest)
        except ValueError as error:
            raise self._error(line, f"STAGE: {error}") from error

    def _close_stage(self, line: Line) -> None:
        if self.block is not None:
            raise self._error(
                line,
                f"END STAGE before what line {self.block.begin.number} opens is"
                " closed: a block must lie inside or outside, not across",
            )
        if self.stage is None:
            raise self._error(line, "END STAGE, but no stage block is open here")
        self.stage = None

    def _add(self, piece: Piece) -> None:
        stages = self.stage[1] if self.stage is not None else None
        self.document.pieces.append((stages, piece))

    def _name(self, kind: Kind) -> str:
        return f"`{self.document.dialect.comment} {kind.value}`"

    def _error(self, line: Line, message: str) -> MarkerError:
        return MarkerError(self.document.path, line.number, message)
