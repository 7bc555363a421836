"""Read an array as plain data: its memory, and which elements of it the array shows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..backend_ndarray import NDArray

CELLS = 60  # of the memory, at most
BLOCKS = 6  # matrices of an array with more than two axes
ROWS, COLUMNS = 8, 12  # of each
LETTERS = "ijklmn"

Index = tuple[int, ...]


@dataclass(frozen=True)
class View:
    """An array: shape, strides, offset, and the part of its memory that is shown."""

    name: str
    shape: Index
    strides: Index
    offset: int
    compact: bool
    size: int  # elements of the memory
    window: range  # the positions that are shown of it
    values: dict[int, float]  # what is there, and at elements that are drawn

    @property
    def empty(self) -> bool:
        """Whether it has no elements."""
        return 0 in self.shape

    def position(self, index: Index) -> int:
        """Return where in memory an element is."""
        steps = zip(index, self.strides, strict=True)
        return self.offset + sum(i * step for i, step in steps)

    @property
    def letters(self) -> tuple[str, ...]:
        """A letter for the index of each axis."""
        axes = len(self.shape)
        if axes <= len(LETTERS):
            return tuple(LETTERS[:axes])
        return tuple(f"i{axis}" for axis in range(axes))

    @property
    def title(self) -> str:
        """What it is, in a line."""
        form = "compact" if self.compact else "not compact"
        return (
            f"{self.name}: shape {self.shape}, strides {self.strides},"
            f" offset {self.offset}, {form}"
        )

    @property
    def rule(self) -> str:
        """Where its elements are, as a formula."""
        terms = "".join(
            f" {'-' if step < 0 else '+'} {abs(step)}*{letter}"
            for letter, step in zip(self.letters, self.strides, strict=True)
        )
        if not self.letters:
            return f"its one element is at {self.offset}"
        return f"{self.name}[{', '.join(self.letters)}] is at {self.offset}{terms}"

    @property
    def positions(self) -> list[int]:
        """Where the elements are that are drawn."""
        return [self.position(index) for index in drawn_indices(self.shape)]

    @property
    def outside(self) -> int:
        """How many of these its memory does not have."""
        return sum(not 0 <= position < self.size for position in self.positions)


def read(array: NDArray, name: str) -> View:
    """Read an array; of a large memory only what is drawn."""
    size = int(array._handle.size)
    window = _window(array.shape, array.strides, array._offset, size)
    view = View(
        name,
        array.shape,
        array.strides,
        array._offset,
        array.is_compact(),
        size,
        window,
        dict(zip(window, _numbers(array, window.start, len(window)), strict=True)),
    )
    for position in set(view.positions) - view.values.keys():
        if 0 <= position < size:
            (view.values[position],) = _numbers(array, position, 1)
    return view


def _numbers(array: NDArray, first: int, count: int) -> list[float]:
    """Return numbers of the memory of an array, whatever the array shows of them."""
    found = array.device.to_numpy(array._handle, (count,), (1,), first)
    return [float(number) for number in found]


def _window(shape: Index, strides: Index, offset: int, size: int) -> range:
    """Return the positions to show: all, or those where the elements begin."""
    if size <= CELLS:
        return range(size)
    steps = zip(shape, strides, strict=True)
    lowest = offset + sum((n - 1) * step for n, step in steps if step < 0 < n)
    first = max(0, min(lowest, size - CELLS))
    return range(first, first + CELLS)


def blocks(shape: Index) -> Iterator[Index]:
    """Yield the leading indices of the matrices that are drawn."""
    leading = itertools.product(*map(range, shape[:-2]))
    return itertools.islice(leading, BLOCKS)


def block_shape(shape: Index) -> tuple[int, int]:
    """Return how many rows and columns of each matrix are drawn."""
    rows, columns = (1, 1, *shape)[-2:]
    return min(rows, ROWS), min(columns, COLUMNS)


def drawn_indices(shape: Index) -> Iterator[Index]:
    """Yield the indices of all elements that are drawn."""
    rows, columns = block_shape(shape)
    for leading in blocks(shape):
        for row, column in itertools.product(range(rows), range(columns)):
            yield (*leading, *(row, column)[2 - min(2, len(shape)) :])
