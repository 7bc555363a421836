"""A picture of memory over time: what was there after each change, by phase."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..viz.picture import Drawing
from .draw import draw

if TYPE_CHECKING:
    from .record import Sample


class MemoryPicture(Drawing):
    """What a record saw, drawn; in a terminal its table."""

    def __init__(
        self,
        samples: Sequence[Sample],
        marks: Sequence[tuple[int, str]],
        changes: int,
        table: str,
    ) -> None:
        self._samples = tuple(samples)
        self._marks = tuple(marks)
        self._changes = changes
        self._table = table

    @cached_property
    def svg(self) -> str:
        """The picture as SVG; the same changes give the same text."""
        return draw(self._samples, self._marks, self._changes, self._table)

    @property
    def text(self) -> str:
        """The table of the record."""
        return self._table
