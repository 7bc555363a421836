"""Find the markers of regions in a file that anything may have happened to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coursekit.staging.dialect import Dialect, Kind, Marker, MarkerError, read_marker
from coursekit.staging.owners import OwnerSpec


@dataclass(frozen=True)
class Trouble:
    """Something that could not be followed, and where; the message says what to do."""

    line: int
    message: str


@dataclass(frozen=True)
class Pair:
    """A BEGIN and the END that belongs to it, by their lines from 1."""

    begin: int
    end: int
    indent: str
    owner: str
    explicit: str | None
    body: tuple[str, ...]


class Scan:
    """The pairs of markers in some lines, and what is wrong with the others."""

    def __init__(self, path: str, lines: Sequence[str], dialect: Dialect) -> None:
        self.pairs: list[Pair] = []
        self.troubles: list[Trouble] = []
        self._path, self._lines, self._dialect = path, lines, dialect
        self._open: tuple[int, Marker] | None = None
        for number, line in enumerate(lines, start=1):
            self._read(number, line)
        self._give_up_open()

    def _read(self, number: int, line: str) -> None:
        try:
            marker = read_marker(line, self._dialect, self._path, number)
        except MarkerError as error:
            self._report(number, error.message)
            return
        if marker is not None and marker.kind is Kind.BEGIN:
            self._give_up_open()
            self._open = number, marker
        elif marker is not None and marker.kind is Kind.END:
            self._close(number, marker.indent)

    def _give_up_open(self) -> None:
        if self._open is not None:
            self._report(
                self._open[0],
                f"this BEGIN has no END: write `{self._dialect.comment}"
                f" {Kind.END.value}` again behind your code",
            )
        self._open = None

    def _close(self, number: int, indent: str) -> None:
        if self._open is None:
            self._stray_end(number, indent)
            return
        (begin, marker), self._open = self._open, None
        try:
            spec = OwnerSpec.parse(marker.rest)
        except ValueError as error:
            self._report(begin, f"this BEGIN does not say whose it is: {error}")
            return
        body = tuple(self._lines[begin : number - 1])
        pair = Pair(begin, number, marker.indent, spec.owner, spec.id, body)
        self.pairs.append(pair)

    def _stray_end(self, number: int, indent: str) -> None:
        """Report an END without a BEGIN; it may be that of the region above."""
        self._report(number, "this END has no BEGIN: write its BEGIN line again")
        pair = self.pairs[-1] if self.pairs else None
        if pair and pair.indent == indent and not self._left_block(pair, number):
            self.pairs.remove(pair)
            self._report(
                pair.begin,
                f"this region has two ENDs, in lines {pair.end} and {number}, and"
                " cannot be told apart from what follows it: remove one of them",
            )

    def _left_block(self, pair: Pair, until: int) -> bool:
        """Whether some line below a region stands outside the block it is in."""
        between = self._lines[pair.end : until - 1]
        return any(
            line.strip() and len(line) - len(line.lstrip()) < len(pair.indent)
            for line in between
        )

    def _report(self, line: int, message: str) -> None:
        self.troubles.append(Trouble(line, message))
