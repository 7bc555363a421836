"""A source file cut into what may be edited, a question's solution, and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from coursekit.staging.dialect import dialect_of
from coursekit.staging.document import Only, Piece, Region, parse, split_lines


@dataclass(frozen=True)
class Chunk:
    """A run of lines; ``begin`` is the number of the first."""

    text: str
    begin: int
    editable: bool = False
    region: bool = False
    helpers: bool = False  # of this question alone


@dataclass(frozen=True)
class Sheet:
    """The chunks of a file, which joined by line ends are the file."""

    path: str
    chunks: tuple[Chunk, ...]

    @property
    def text(self) -> str:
        """The whole file."""
        return "\n".join(chunk.text for chunk in self.chunks)

    @property
    def regions(self) -> list[int]:
        """The lines of the markers that begin the question's regions."""
        return [chunk.begin - 1 for chunk in self.chunks if chunk.region]

    def lines_of(self, wanted: str) -> list[int]:
        """Return the lines at which a text begins, wherever it may be edited."""
        return [
            chunk.begin + chunk.text.count("\n", 0, start)
            for chunk in self.chunks
            if chunk.editable
            for start in _occurrences(chunk.text, wanted)
        ]

    def with_text(self, old: str, new: str) -> Sheet:
        """Return the file with a text replaced wherever it may be edited."""
        chunks = (
            replace(chunk, text=chunk.text.replace(old, new))
            if chunk.editable
            else chunk
            for chunk in self.chunks
        )
        return Sheet(self.path, tuple(chunks))

    def with_bodies(
        self, bodies: Mapping[int, str], helpers: str | None = None
    ) -> Sheet:
        """Return the file with other bodies in the regions whose markers are there.

        From here on nothing but these bodies may be edited, and the helpers, if others
        than the file's are wanted: they stand where the first of these did.
        """
        chunks = []
        for chunk in self.chunks:
            if chunk.region and chunk.begin - 1 in bodies:
                chunks.append(replace(chunk, text=bodies[chunk.begin - 1]))
            elif chunk.helpers and helpers is not None:
                chunks.append(replace(chunk, text=helpers))
                helpers = ""
            else:
                chunks.append(replace(chunk, editable=False))
        return Sheet(self.path, tuple(chunks))


def read_sheet(path: str, text: str, stage: int, question: str) -> Sheet | None:
    """Cut a file at the solutions of a question; None if it holds nothing of it."""
    dialect = dialect_of(path)
    assert dialect is not None
    lines = split_lines(text)
    pieces = parse(path, text, dialect).pieces
    own = [
        piece
        for stages, piece in pieces
        if (stages is None or stage in stages) and _belongs(piece, stage, question)
    ]
    if not any(isinstance(piece, Region) for piece in own):
        return None
    return Sheet(path, tuple(_cut(lines, own)))


def _belongs(piece: Piece, stage: int, question: str) -> bool:
    if isinstance(piece, Region):
        return piece.spec.at(stage) == question
    return isinstance(piece, Only) and (not piece.owners or question in piece.owners)


def _cut(lines: list[str], own: list[Piece]) -> Iterator[Chunk]:
    """Yield the bodies of the pieces, and what lies between them.

    Bodies stand there as they are rendered: lines that are held for an earlier stage
    are edited without what holds them.
    """
    done = 0
    for piece in own:
        begin, end = piece.lines[0].number, piece.lines[-1].number
        yield Chunk("\n".join(lines[done:begin]), done + 1)
        body = "\n".join(line.text for line in piece.lines[1:-1])
        region = isinstance(piece, Region)
        alone = isinstance(piece, Only) and len(piece.owners) == 1
        yield Chunk(body, begin + 1, editable=True, region=region, helpers=alone)
        done = end - 1
    yield Chunk("\n".join(lines[done:]), done + 1)


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    start = text.find(wanted)
    while start >= 0:
        yield start
        start = text.find(wanted, start + 1)
