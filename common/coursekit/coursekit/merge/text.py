"""A text file as lines that remember how each of them ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from coursekit.errors import CourseError

Line: TypeAlias = tuple[str, "str | None"]  # its text; its end, None for the usual one
BOM = "\ufeff"
_END = re.compile(r"(\r\n|\n|\r)")


class TextError(CourseError):
    """A file that is no text we can read, with the line up to which it is."""

    def __init__(self, path: object, line: int, what: str) -> None:
        self.line = line
        self.message = (
            f"{what}: save the file as UTF-8 in your editor, then run this again"
        )
        super().__init__(f"{path}:{line}: {self.message}")


def decode(path: object, content: bytes) -> str:
    """Return the text of a source file, or raise a TextError."""
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise TextError(path, line, "holds a null byte, so it is no UTF-8 text")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"is not UTF-8 (byte 0x{content[error.start]:02x})"
        raise TextError(path, line, what) from error


@dataclass(frozen=True)
class Lined:
    """The lines of a text, and apart from them their ends.

    An end is one of the three there are, or empty for a last line without one.
    """

    bom: bool
    lines: tuple[str, ...]
    ends: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Lined:
        """Split a text; ``text`` of the result is the same again."""
        bare = text.removeprefix(BOM)
        parts = _END.split(bare)
        lines, ends = parts[::2], [*parts[1::2], ""]
        if not lines[-1]:
            del lines[-1], ends[-1]
        return cls(bare != text, tuple(lines), tuple(ends))

    @property
    def text(self) -> str:
        """The text, byte for byte what was split."""
        pairs = zip(self.lines, self.ends, strict=True)
        return (BOM if self.bom else "") + "".join(line + end for line, end in pairs)

    @property
    def end(self) -> str:
        """The end that most lines have."""
        known = Counter(end for end in self.ends if end).most_common(1)
        return known[0][0] if known else "\n"

    @property
    def ends_open(self) -> bool:
        """Whether the last line lacks its end."""
        return bool(self.ends) and not self.ends[-1]

    def with_lines(self, lines: Iterable[Line], *, ends_open: bool) -> Lined:
        """Return other lines in this manner; an end of None means the usual one."""
        usual = self.end
        pairs = [(line, end or usual) for line, end in lines]
        if pairs and ends_open:
            pairs[-1] = (pairs[-1][0], "")
        return Lined(self.bom, tuple(a for a, _ in pairs), tuple(b for _, b in pairs))
