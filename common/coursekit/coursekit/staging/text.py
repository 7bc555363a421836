"""Render one marked source file at one stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from coursekit.staging.cpp_code import CppCode
from coursekit.staging.dialect import PYTHON, Dialect, MarkerError, dialect_of
from coursekit.staging.document import (
    Document,
    Only,
    Piece,
    Region,
    parse,
    select,
)
from coursekit.staging.python_code import PythonCode, check_python
from coursekit.staging.solved import Everything, Solved


class Handout(Protocol):
    """Where the questions are explained: gives each its number in its homework."""

    def number(self, owner: str) -> int:
        """Return the question's number; raise ValueError for an unknown one."""


class Code(Protocol):
    """A source text that can tell where a region stands in it."""

    def name(self, begin: int, end: int) -> str:
        """Return the qualified name of what the region is to write."""

    def stub(
        self, begin: int, end: int, indent: str, say: Callable[[str], str]
    ) -> list[str]:
        """Return the lines that raise in the region's place."""


@dataclass(frozen=True)
class PlacedRegion:
    """A region of a file at one stage: whose it is, and what identifies it."""

    path: str
    line: int
    owner: str
    name: str
    id: str
    body: tuple[str, ...] = field(repr=False)
    stub: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class RenderedText:
    """A rendered file, and every region in it."""

    text: str
    regions: tuple[PlacedRegion, ...]


def render_text(
    path: str, text: str, stage: int, solved: Solved, handout: Handout
) -> RenderedText:
    """Render a source file; a file in no dialect of markers comes back as it is."""
    dialect = dialect_of(path)
    if dialect is None:
        return RenderedText(text, ())
    document = parse(path, text, dialect)
    _check_owners(document, handout)
    _refuse_empty(document)
    pieces = document.at(stage)
    if not document.marked:
        return RenderedText("\n".join(_plain(pieces)), ())
    regions = _place(path, dialect, pieces, stage, handout)
    rendered = "\n".join(_lines(dialect, pieces, regions, solved))
    if dialect is PYTHON:
        _check_result(path, rendered)
    return RenderedText(rendered, tuple(regions.values()))


def _plain(pieces: list[Piece]) -> Iterator[str]:
    return (line.text for piece in pieces for line in piece.lines)


def _check_owners(document: Document, handout: Handout) -> None:
    """Refuse owners that no homework has, at whichever stage they appear."""
    for _, piece in document.pieces:
        if isinstance(piece, Region):
            owners = piece.spec.owners()
        elif isinstance(piece, Only):
            owners = list(piece.owners)
        else:
            continue
        for owner in owners:
            try:
                handout.number(owner)
            except ValueError as error:
                line = piece.begin.number
                raise MarkerError(document.path, line, str(error)) from error


def _refuse_empty(document: Document) -> None:
    for region in document.regions():
        lines = (line.text.strip() for line in region.body)
        if not any(line and not line.startswith(("#", "//")) for line in lines):
            raise MarkerError(
                document.path,
                region.begin.number,
                "the region holds no statement: a solution has to be in it",
            )


def _place(
    path: str, dialect: Dialect, pieces: list[Piece], stage: int, handout: Handout
) -> dict[int, PlacedRegion]:
    """Find name, id and stub of each region, by the line of its BEGIN."""
    code = _analyse(path, dialect, "\n".join(_plain(pieces)))
    placed: dict[int, PlacedRegion] = {}
    count: dict[str, int] = {}
    end = 0
    for piece in pieces:
        begin, end = end + 1, end + len(piece.lines)
        if not isinstance(piece, Region):
            continue
        owner = piece.spec.at(stage)
        say = _message(owner, handout.number(owner), stage)
        try:
            name = code.name(begin, end)
            stub = code.stub(begin, end, piece.indent, say)
        except ValueError as error:
            raise MarkerError(path, piece.begin.number, str(error)) from error
        placed[piece.begin.number] = PlacedRegion(
            path=path,
            line=piece.begin.number,
            owner=owner,
            name=name,
            id=piece.spec.id or _next_id(path, name, count),
            body=tuple(each.text for each in piece.body),
            stub=tuple(stub),
        )
    return placed


def _next_id(path: str, name: str, count: dict[str, int]) -> str:
    """Return file, qualified name and, from the second on, the ordinal."""
    count[name] = count.get(name, 0) + 1
    return f"{path}::{name}" + (f"#{count[name]}" if count[name] > 1 else "")


def _message(owner: str, number: int, stage: int) -> Callable[[str], str]:
    where = f"question {number}"
    homework = owner.partition(".")[0]
    if homework != f"hw{stage}":
        where += f" of {homework}; `course carry {homework} hw{stage}` brings yours"
    return lambda name: f"{owner}: {name} is yours to write (handout, {where})"


def _analyse(path: str, dialect: Dialect, text: str) -> Code:
    if dialect is not PYTHON:
        return CppCode(text)
    try:
        return PythonCode(text)
    except SyntaxError as error:
        raise _not_python(path, error, "as it stands in the source") from error


def _lines(
    dialect: Dialect,
    pieces: list[Piece],
    regions: dict[int, PlacedRegion],
    solved: Solved,
) -> Iterator[str]:
    own = [region.owner for region in regions.values()]
    keep = [not isinstance(p, Only) or _shown(p, own, solved) for p in pieces]
    for piece in select(pieces, keep):
        if isinstance(piece, Region):
            assert piece.end is not None
            region = regions[piece.begin.number]
            yield _begin(dialect, piece, region)
            yield from region.body if region.owner in solved else region.stub
            yield piece.end.text
        else:
            yield from (line.text for line in piece.lines)


def _begin(dialect: Dialect, piece: Region, region: PlacedRegion) -> str:
    """Write the marker anew, with the one owner the region has at this stage."""
    explicit = f" id={piece.spec.id}" if piece.spec.id else ""
    words = f"{dialect.comment} BEGIN YOUR SOLUTION {region.owner}"
    return piece.indent + words + explicit


def _shown(piece: Only, own: list[str], solved: Solved) -> bool:
    """Whether helpers are shown: some region that may use them is solved."""
    if isinstance(solved, Everything):
        return True
    owners = list(piece.owners) or own
    return any(owner in solved for owner in owners) if owners else bool(solved)


def _check_result(path: str, text: str) -> None:
    try:
        check_python(path, text)
    except SyntaxError as error:
        raise _not_python(path, error, "once rendered") from error


def _not_python(path: str, error: SyntaxError, when: str) -> MarkerError:
    return MarkerError(
        path,
        error.lineno or 1,
        f"not valid Python {when} ({error.msg}): a marker may cut through a statement",
    )
