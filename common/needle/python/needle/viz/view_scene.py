"""Decide where on the page the memory, the steps and the elements of an array go."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .measure import SMALL, Line
from .scene import Point, Rectangle
from .view_read import Index, View, block_shape, blocks, drawn_indices

MARGIN = 14.0
HEAD = 46.0  # of the two lines at the top
LINE = 20  # cells of the memory side by side
CELL = 32.0, 24.0
NUMBERS = 15.0  # below a line of memory: the positions
LEVEL = 15.0  # between steps drawn one above the other
VIEW_CELL = 34.0, 30.0
ASIDE = 22.0  # left of the elements
NOTE = 30.0  # of a step: "i +1"
GAP = 30.0
WIDTH = 2 * MARGIN + LINE * CELL[0]


@dataclass(frozen=True)
class Caption:
    """A few words, and where they begin."""

    text: str
    at: Point


@dataclass(frozen=True)
class Step:
    """The way from the first element to the next one along an axis."""

    start: Point
    end: Point
    top: float
    label: Caption


@dataclass(frozen=True)
class Element:
    """An element of the array, and where it is drawn."""

    index: Index
    position: int
    box: Rectangle


@dataclass(frozen=True)
class Page:
    """Everything, with its place."""

    cells: dict[int, Rectangle]  # of the memory, by position
    steps: tuple[Step, ...]
    elements: tuple[Element, ...]
    captions: tuple[Caption, ...]
    height: float


def arrange(view: View) -> Page:
    """Return the places of everything."""
    moves = _moves(view)
    cells = dict(_memory(view, LEVEL * (len(moves) + 1)))
    bottom = max((each.y + each.height for each in cells.values()), default=HEAD)
    rest = tuple(_rest_of_memory(view, bottom + NUMBERS + 7))
    below = bottom + NUMBERS + GAP + 14 * len(rest)
    elements = () if view.empty else tuple(_elements(view, below))
    captions = (*rest, *_names(view, elements))
    end = max((each.box.y + each.box.height for each in elements), default=below - GAP)
    steps = tuple(_steps(view, cells, moves))
    return Page(cells, steps, elements, captions, end + MARGIN)


def _moves(view: View) -> list[tuple[str, int]]:
    """Return the letter and the stride of each axis that leads anywhere."""
    axes = zip(view.letters, view.strides, view.shape, strict=True)
    moves = [(letter, stride) for letter, stride, length in axes if length > 1]
    return [] if view.empty else sorted(moves, key=lambda move: abs(move[1]))


def _memory(view: View, room: float) -> Iterator[tuple[int, Rectangle]]:
    """Yield the cells of the memory, with room for steps above the first element."""
    width, height = CELL
    begin = (view.offset - view.window.start) // LINE
    y = HEAD
    for number, position in enumerate(view.window):
        line, column = divmod(number, LINE)
        if column == 0:
            y += (line > 0) * (height + NUMBERS + 6) + (line == begin) * room
        yield position, Rectangle(MARGIN + column * width, y, width, height)


def _steps(
    view: View, cells: dict[int, Rectangle], moves: list[tuple[str, int]]
) -> Iterator[Step]:
    """Yield a step along each axis, the shorter ones below the longer ones.

    None is drawn that leads to another line of the memory.
    """
    begin = cells.get(view.offset)
    if begin is None:
        return
    tracks = []
    for level, (letter, stride) in enumerate(moves, start=1):
        end = cells.get(view.offset + stride)
        if end is not None and end.y == begin.y:
            inside = begin.width * level / (len(moves) + 1)
            aside = 0.0 if stride else 7.0  # a step of 0 comes back to where it began
            words = f"{letter} {stride:+d}" if stride else f"{letter} 0"
            tracks.append((level, begin.x + inside, end.x + inside + aside, words))
    lines = sorted(line for _, *ends, _ in tracks for line in ends)
    for level, here, there, words in tracks:
        top, bottom = begin.y - LEVEL * level, begin.y - 2
        note = Caption(words, Point(_free(max(here, there), lines) + 4, top + 1))
        yield Step(Point(here, bottom), Point(there, bottom), top, note)


def _free(x: float, lines: list[float]) -> float:
    """Return where, to the right of x, there is room for a note between the lines."""
    for line in lines:
        if x < line < x + NOTE:
            x = line
    return x


def _elements(view: View, top: float) -> Iterator[Element]:
    """Yield the elements: matrices side by side, in lines as wide as the page."""
    rows, columns = block_shape(view.shape)
    width, height = VIEW_CELL
    broad = max(columns * width, *(_breadth(name) for name in _block_names(view)))
    across, down = broad + GAP, rows * height + GAP
    many = max(1, int((WIDTH - MARGIN - ASIDE) // across))
    for number, index in enumerate(drawn_indices(view.shape)):
        block, inside = divmod(number, rows * columns)
        row, column = divmod(inside, columns)
        x = MARGIN + ASIDE + (block % many) * across + column * width
        y = top + (block // many) * down + row * height
        yield Element(index, view.position(index), Rectangle(x, y, width, height))


def _names(view: View, elements: tuple[Element, ...]) -> Iterator[Caption]:
    """Yield what stands above each matrix, and a note where not all is drawn."""
    if not elements:
        return
    rows, columns = block_shape(view.shape)
    for number, name in enumerate(_block_names(view)):
        box = elements[number * rows * columns].box
        yield Caption(name, Point(box.x, box.y - 9))
    more = math.prod(view.shape) - len(elements)
    if more:
        last = elements[-1].box
        at = Point(last.x + last.width + 6, last.y + last.height / 2)
        yield Caption(f"\u2026 {more} more", at)


def _block_names(view: View) -> list[str]:
    """Return what stands above the matrices, such as ``a[0, 1, k, l]``."""
    indices = (
        ", ".join((*map(str, leading), *view.letters[len(leading) :]))
        for leading in blocks(view.shape)
    )
    return [f"{view.name}[{each}]" if each else view.name for each in indices]


def _breadth(words: str) -> float:
    return Line(words, SMALL).width


def _rest_of_memory(view: View, y: float) -> Iterator[Caption]:
    """Yield a note where not all of the memory is drawn."""
    rest = view.size - len(view.window)
    if rest:
        yield Caption(f"\u2026 {rest} more elements of memory", Point(MARGIN, y))
