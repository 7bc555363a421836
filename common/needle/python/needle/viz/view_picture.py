"""An array that shows itself: drawn in a notebook, as a table in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from .picture import Drawing
from .view_draw import draw, number_text
from .view_read import View, block_shape, blocks, drawn_indices


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
    seen = {view.position(index) for index in drawn_indices(view.shape)}
    cells = (
        f"[{number_text(value)}]" if view.first + at in seen else number_text(value)
        for at, value in enumerate(view.memory)
    )
    rest = view.size - len(view.memory)
    yield f"  memory from {view.first}: {' '.join(cells)}{' ...' if rest else ''}"
    rows, columns = block_shape(view.shape)
    positions = [view.position(index) for index in drawn_indices(view.shape)]
    for number, leading in enumerate(blocks(view.shape)):
        if leading:
            yield f"  {view.name}[{', '.join(map(str, leading))}, ...]"
        for row in range(number * rows, (number + 1) * rows):
            shown = positions[row * columns : (row + 1) * columns]
            yield "  positions " + " ".join(map(str, shown))
