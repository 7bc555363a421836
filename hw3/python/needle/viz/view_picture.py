"""An array that shows itself: drawn in a notebook, as a table in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from .picture import Drawing
from .view_draw import draw, number_text
from .view_read import View, block_shape, blocks


class ViewPicture(Drawing):
    """An array that was read: its memory, its steps, its elements."""

    def __init__(self, view: View) -> None:
        self.view = view

    @cached_property
    def svg(self) -> str:
        """The picture as SVG; the same array gives the same text."""
        return draw(self.view)

    @cached_property
    def text(self) -> str:
        """The positions of the elements, a line a row."""
        return "\n".join(_lines(self.view))


def _lines(view: View) -> Iterator[str]:
    yield view.title
    yield f"  {view.rule}"
    if view.outside:
        yield f"  {view.outside} elements lie outside of the memory"
    yield "  memory" + "".join(_memory(view))
    rows, columns = block_shape(view.shape)
    for number, leading in enumerate(blocks(view.shape)):
        if leading:
            yield f"  {view.name}[{', '.join(map(str, leading))}, ...]"
        for row in range(number * rows, (number + 1) * rows):
            shown = view.positions[row * columns : (row + 1) * columns]
            yield "  positions " + " ".join(map(str, shown))


def _memory(view: View) -> Iterator[str]:
    """Yield the numbers of the memory, those in brackets that the array shows."""
    if view.window.start:
        yield f" from {view.window.start}"
    yield ":"
    seen = set(view.positions)
    for position in view.window:
        number = number_text(view.values[position])
        yield f" [{number}]" if position in seen else f" {number}"
    if view.window.stop < view.size:
        yield " ..."
