"""What is written on a node, and how much room that takes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from .model import CONSTANT, LEAF, MORE, Node

SIZE = 12.0  # of the letters
SMALL = 10.5
ADVANCE = 0.61  # breadth of a letter of a monospaced font, as a part of its size
LEADING = 1.35
LONGEST = 26  # letters in a line
ONE_LINE = 16  # an operation longer than this is parted before its settings
PADDING = (11.0, 5.0)
TAG_HEIGHT = 15.0


@dataclass(frozen=True)
class Line:
    """A line of text on a node."""

    text: str
    size: float = SIZE
    bold: bool = False
    faint: bool = False

    @property
    def width(self) -> float:
        """The room it takes."""
        return columns(self.text) * ADVANCE * self.size


@dataclass(frozen=True)
class Label:
    """All that is written on a node: in its box, and on the tag that hangs from it."""

    lines: tuple[Line, ...]
    tag: Line | None

    @property
    def width(self) -> float:
        """The width of the box, wide enough for the tag to hang between its corners."""
        inside = max(line.width for line in self.lines) + 2 * PADDING[0]
        return max(inside, self.tag_width + 28, 44)

    @property
    def height(self) -> float:
        """The height of the box."""
        return sum(line.size * LEADING for line in self.lines) + 2 * PADDING[1]

    @property
    def tag_width(self) -> float:
        """The width of the tag."""
        return self.tag.width + 10 if self.tag else 0.0


def label(node: Node) -> Label:
    """Return what is written on a node."""
    lines = []
    if node.name:
        lines.append(Line(clip(node.name), bold=node.kind != MORE))
    if node.op and not (node.name and node.op in (LEAF, CONSTANT)):
        op, _, settings = node.op.partition("(")
        if len(node.op) <= ONE_LINE or not settings:
            lines.append(Line(clip(node.op)))
        else:
            lines.append(Line(clip(op)))
            lines.append(Line(clip(settings.removesuffix(")")), SMALL, faint=True))
    if node.value:
        lines.append(Line(clip(node.value), SMALL))
    tag = Line(clip(node.tag), SMALL) if node.tag else None
    return Label(tuple(lines), tag)


def columns(text: str) -> int:
    """Return how many columns of a monospaced font a text takes."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clip(text: str) -> str:
    """Return a text of one line that is not too long, its middle left out."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    if columns(text) <= LONGEST:
        return text
    half = (LONGEST - 1) // 2
    return f"{_fitting(text, half)}\u2026{_fitting(text[::-1], half)[::-1]}"


def _fitting(text: str, room: int) -> str:
    """Return as much of the text as fits."""
    taken = 0
    for end, character in enumerate(text):
        taken += _columns(character)
        if taken > room:
            return text[:end]
    return text
