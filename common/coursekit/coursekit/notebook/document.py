"""A notebook file as its JSON, whoever wrote it and whatever else is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Raw = dict[str, Any]


class DamagedNotebookError(ValueError):
    """A file that is no notebook; the message says why."""


@dataclass(frozen=True)
class NotebookCell:
    """A cell as it stands in the file, and what identifies it."""

    raw: Raw
    kind: str
    text: str
    id: str | None

    @property
    def metadata(self) -> Raw:
        """What the file says about the cell."""
        found = self.raw.get("metadata")
        return found if isinstance(found, dict) else {}

    def same_text(self, other: NotebookCell) -> bool:
        """Whether the two say the same; the last line's end does not count."""
        return (self.kind, self.text.rstrip()) == (other.kind, other.text.rstrip())


@dataclass(frozen=True)
class NotebookFile:
    """A parsed notebook, with what it takes to write it as it was written."""

    raw: Raw
    cells: tuple[NotebookCell, ...]
    indent: int | None
    ascii_only: bool
    tail: str

    @property
    def has_ids(self) -> bool:
        """Whether the format is one in which cells have ids (4.5 and later)."""
        minor = self.raw.get("nbformat_minor")
        return isinstance(minor, int) and minor >= 5

    def with_cells(self, cells: list[Raw], metadata: Raw) -> bytes:
        """Return the file with other cells; the rest is as it was."""
        raw = {**self.raw, "cells": cells}
        if metadata or "metadata" in raw:
            raw["metadata"] = metadata
        text = json.dumps(raw, indent=self.indent, ensure_ascii=self.ascii_only)
        try:
            return (text + self.tail).encode()
        except UnicodeEncodeError:  # half a surrogate pair, which only escapes can say
            return (json.dumps(raw, indent=self.indent) + self.tail).encode()


def read_notebook(content: bytes) -> NotebookFile:
    """Parse a notebook of format 4, or raise DamagedNotebookError."""
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedNotebookError(f"is not JSON ({error})") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("cells"), list):
        raise DamagedNotebookError("has no cells")
    if raw.get("nbformat") != 4:
        raise DamagedNotebookError(f"is of format {raw.get('nbformat')!r}, not 4")
    cells = [_cell(number, cell) for number, cell in enumerate(raw["cells"], start=1)]
    text = content.decode("utf-8", "replace")
    return NotebookFile(
        raw=raw,
        cells=tuple(cells),
        indent=_indent(text),
        ascii_only=text.isascii() and "\\u" in text,
        tail=text[len(text.rstrip("\r\n")) :],
    )


def source_like(model: Mapping[str, Any], text: str) -> str | list[str]:
    """Return a source in the form the model has: one string, or a list of lines."""
    if isinstance(model.get("source"), str):
        return text
    return text.splitlines(keepends=True)


def _cell(number: int, raw: object) -> NotebookCell:
    if not isinstance(raw, dict):
        raise DamagedNotebookError(f"has a cell that is none, the {number}th")
    kind, source, name = raw.get("cell_type"), raw.get("source"), raw.get("id")
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not all(isinstance(each, str) for each in lines):
        raise DamagedNotebookError(f"has a cell without text, the {number}th")
    if not isinstance(kind, str):
        raise DamagedNotebookError(f"has a cell of no kind, the {number}th")
    text = "".join(lines).replace("\r\n", "\n")
    return NotebookCell(raw, kind, text, name if isinstance(name, str) else None)


def _indent(text: str) -> int | None:
    second = text.split("\n", 2)[1:2]
    if not second or not second[0].strip():
        return None
    return len(second[0]) - len(second[0].lstrip(" "))
