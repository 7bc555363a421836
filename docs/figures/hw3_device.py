"""Figures of the hw3 handout that show a graphics card: its threads and memories."""

from __future__ import annotations

from hw3_emulated import counted, drawn, load, owners
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    RED,
    arrow,
    box,
    canvas,
    cells,
    label,
)

COLOURS = (BLUE, ORANGE, GREEN)
MONO = {"family": "DejaVu Sans Mono", "fontsize": 8}


def grid() -> Figure:
    """Draw blocks of threads above an array: who has which element, as it was run."""
    size, threads = 10, 4
    blocks, lanes = owners(size, threads)
    figure, ax = canvas(7.6, 2.35)
    left = 1.35
    for i in range(3 * threads):
        block, lane = divmod(i, threads)
        x = left + i * 0.44 + block * 0.18
        taken = i < size
        colour = COLOURS[block] if taken else MUTED
        box(ax, (x, 1.3), 0.38, 0.36, colour)
        label(ax, x + 0.19, 1.48, str(lane))
        if not taken:
            continue
        assert (blocks[i], lanes[i]) == (block, lane)
        arrow(ax, (x + 0.19, 1.28), (left + (i + 1.25) * 0.42, 0.78), colour)
        box(ax, (left + (i + 1.25) * 0.42 - 0.19, 0.4), 0.38, 0.36, colour)
        label(ax, left + (i + 1.25) * 0.42, 0.58, str(i))
    for block, colour in enumerate(COLOURS):
        start = left + block * (4 * 0.44 + 0.18)
        ax.plot([start, start + 1.7], [1.74, 1.74], color=colour, linewidth=1.5)
        label(
            ax, start + 0.85, 1.9, f"blockIdx.x = {block}", fontsize=8.5, color=colour
        )
    label(ax, x - 0.03, 1.17, "no element", fontsize=8, color=RED)
    for y, words in ((1.48, "threadIdx.x"), (0.58, "element i")):
        label(ax, left - 0.15, y, words, ha="right", fontsize=8.5, color=MUTED)
    label(ax, 3.8, 2.17, "a grid of 3 blocks of blockDim.x = 4 threads", fontsize=9)
    label(ax, 3.8, 0.17, "i = blockIdx.x * blockDim.x + threadIdx.x", **MONO)
    return figure


def card() -> Figure:
    """Draw host and device: two memories, and where threads keep their numbers."""
    figure, ax = canvas(7.6, 2.9)
    for x, width, title, colour in (
        (0.3, 2.1, "host", MUTED), (3.7, 3.6, "device", MUTED),
    ):  # fmt: skip
        box(ax, (x, 0.2), width, 2.4, "white")
        ax.patches[-1].set_edgecolor(colour)
        label(ax, x + width / 2, 2.73, title, fontsize=9.5, color=INK)
    box(ax, (0.5, 1.75), 1.7, 0.6, BLUE)
    label(ax, 1.35, 2.05, "processor:\nyour C++ function", fontsize=8.5)
    box(ax, (0.5, 0.4), 1.7, 0.6, PURPLE)
    label(ax, 1.35, 0.7, "memory", fontsize=8.5)
    box(ax, (3.9, 0.4), 3.2, 0.6, PURPLE)
    label(ax, 5.5, 0.7, "memory of the device: cudaMalloc", fontsize=8.5)
    for x, name in ((3.9, "a block of threads"), (5.58, "another one")):
        box(ax, (x, 1.25), 1.52, 1.2, GREEN)
        label(ax, x + 0.76, 2.32, name, fontsize=8)
        box(ax, (x + 0.1, 1.32), 1.32, 0.3, ORANGE)
        label(ax, x + 0.76, 1.47, "shared memory", fontsize=7.5)
        for thread in range(4):
            box(ax, (x + 0.1 + thread * 0.335, 1.75), 0.3, 0.42, BLUE)
            label(ax, x + 0.25 + thread * 0.335, 1.96, "regs", fontsize=6)
        arrow(ax, (x + 0.5, 1.02), (x + 0.5, 1.23))
        arrow(ax, (x + 1.0, 1.23), (x + 1.0, 1.02))
    _both(ax, 0.7, "cudaMemcpy")
    arrow(ax, (2.25, 2.05), (3.85, 2.05), BLUE)
    label(ax, 3.05, 2.2, "launch <<< >>>", fontsize=8, color=MUTED)
    return figure


def _both(ax: Axes, y: float, words: str) -> None:
    arrow(ax, (2.25, y), (3.85, y), PURPLE)
    arrow(ax, (3.85, y), (2.25, y), PURPLE)
    label(ax, 3.05, y + 0.15, words, fontsize=8, color=MUTED)


def barrier() -> Figure:
    """Draw two warps in time, where one needs what the other stores."""
    figure, ax = canvas(7.6, 2.75)
    late = 4.75  # when both may read
    for top, title, second in (
        (2.55, "without a barrier", 2.75), (1.2, "with __syncthreads()", late),
    ):  # fmt: skip
        label(ax, 0.15, top + 0.12, title, ha="left", fontsize=9)
        _warp(ax, top - 0.3, "warp 0", BLUE, store=3.0, read=late)
        _warp(ax, top - 0.72, "warp 1", GREEN, store=1.3, read=second)
    arrow(ax, (4.2, 2.25), (3.9, 2.13), RED)
    label(ax, 2.75, 1.67, "thread 32 reads piece[31] before it is there", ha="left",
          fontsize=8, color=RED)  # fmt: skip
    box(ax, (2.75, 0.48), 1.8, 0.3, MUTED)
    label(ax, 3.65, 0.63, "wait", fontsize=8, color=MUTED)
    ax.plot([4.62] * 2, [0.4, 1.28], color=INK, linewidth=1.6)
    arrow(ax, (6.6, 0.16), (7.3, 0.16), MUTED)
    label(ax, 6.5, 0.16, "time", ha="right", fontsize=8, color=MUTED)
    return figure


def _warp(
    ax: Axes, y: float, name: str, colour: str, *, store: float, read: float
) -> None:
    """Draw what a warp does, and when."""
    label(ax, 1.05, y + 0.15, name, ha="right", fontsize=8.5, color=MUTED)
    ax.plot([1.15, 7.3], [y + 0.15] * 2, color=MUTED, linewidth=0.6, zorder=0)
    for begin, width, words in (
        (store, 1.4, "store its piece"), (read, 1.6, "read neighbours"),
    ):  # fmt: skip
        box(ax, (begin, y), width, 0.3, colour)
        label(ax, begin + width / 2, y + 0.15, words, fontsize=8)


def shuffle() -> Figure:
    """Draw a sum within a warp of eight: each step, half of the lanes matter."""
    lanes = [3, 1, 4, 1, 5, 9, 2, 6]
    figure, ax = canvas(7.6, 2.75)
    left, width = 2.0, 0.56
    alive = len(lanes)
    for row, down in enumerate((0, 4, 2, 1)):
        y = 2.35 - row * 0.62
        if down:
            for lane in range(down):
                start = left + (lane + down + 0.5) * width
                arrow(ax, (start, y + 0.6), (left + (lane + 0.6) * width, y + 0.33),
                      ORANGE)  # fmt: skip
            lanes = [
                value + lanes[lane + down] if lane < down else value
                for lane, value in enumerate(lanes)
            ]
            alive = down
        name = f"{down} lane{'s' * (down > 1)} away" if down else "each lane's number"
        label(ax, left - 0.2, y + 0.15, name, ha="right", fontsize=8.5, color=MUTED)
        for lane, value in enumerate(lanes):
            x = left + lane * width
            used = lane < alive
            box(ax, (x + 0.06, y), width - 0.12, 0.3, BLUE if used else MUTED)
            label(ax, x + width / 2, y + 0.15, str(value) if used else "", fontsize=9)
    label(ax, 3.8, 0.14, "eight numbers, three steps, one sum: in registers, without "
          "any memory", fontsize=9, color=MUTED)  # fmt: skip
    return figure


def product() -> Figure:
    """Draw what a block and a thread have of a product in two levels of tiles."""
    figure, ax = canvas(7.6, 3.05)
    side = 0.2
    _matrix(ax, 0.4, 1.9, (4, 12), side, BLUE, "strip of A", range(4, 8))
    _matrix(ax, 3.2, 2.75, (12, 4), side, ORANGE, "strip of B", range(4, 8))
    _matrix(ax, 4.4, 1.9, (4, 4), side, GREEN, "tile of C", range(0))
    box(ax, (4.4 + side, 1.9 - 2 * side), side, side, RED)
    ax.plot([4.4 + 2 * side, 6.05], [1.9 - side, 2.35], color=RED, linewidth=0.8)
    ax.plot([4.4 + 2 * side, 6.05], [1.9 - 2 * side, 1.15], color=RED, linewidth=0.8)
    cells(ax, (6.05, 2.35), [[""] * 4] * 4, RED, 0.3)
    cells(ax, (6.05, 2.75), [[""] * 4], ORANGE, 0.3)
    cells(ax, (5.65, 2.35), [[""]] * 4, BLUE, 0.3)
    label(ax, 6.5, 0.9, "one thread: 8 numbers in,\n16 products", fontsize=8,
          color=MUTED)  # fmt: skip
    label(ax, 2.6, 0.12, "dark: the tiles that lie in shared memory now; the next step "
          "takes those after them", fontsize=8.5, color=MUTED)  # fmt: skip
    return figure


def _matrix(
    ax: Axes,
    x: float,
    y: float,
    shape: tuple[int, int],
    side: float,
    colour: str,
    name: str,
    now: range,
) -> None:
    """Draw a matrix by its upper left corner; the steps ``now`` along it are dark."""
    rows, columns = shape
    for i in range(rows):
        for j in range(columns):
            box(ax, (x + j * side, y - (i + 1) * side), side, side, colour)
            if max(i, j) in now and (columns > 4 or rows > 4):
                ax.patches[-1].set_facecolor(colour)
    label(ax, x + columns * side / 2, y + 0.13, name, fontsize=8.5, color=colour)


def neighbours() -> str:
    """Show a warp that reads neighbours."""
    return _walk(1)


def apart() -> str:
    """Show a warp that reads every eighth float."""
    return _walk(8)


def banks() -> Figure:
    """Draw where a warp reads a tile down its columns, without and with padding."""
    figure, ax = canvas(7.6, 4.0)
    for left, way, title, colour in (
        (0.45, 3, "tile[32][32]: 32 threads, one bank", ORANGE),
        (4.15, 4, "tile[32][33]: 32 threads, 32 banks", BLUE),
    ):
        found = load(counted("copy", way, 32), "tile", shared=True)
        passes = found.traffic.passes // found.traffic.requests
        _banks(ax, left, [offset // 4 for offset in found.sample.offsets], colour)
        label(ax, left + 1.6, 3.83, title, fontsize=9)
        label(ax, left + 1.6, 0.12, f"{passes} pass{'es' * (passes > 1)} for a load",
              fontsize=9, color=colour)  # fmt: skip
    return figure


def _banks(ax: Axes, left: float, words: list[int], colour: str) -> None:
    """Draw shared memory, a column for each bank, and the words that are read."""
    side, rows, bottom = 0.1, max(words) // 32 + 1, 3.6
    first = min(words) // 32
    for line in range(33):
        ax.plot([left + line * side] * 2, [bottom, bottom - (rows - first) * side],
                color="#d5dade", linewidth=0.5)  # fmt: skip
    for line in range(rows - first + 1):
        ax.plot([left, left + 32 * side], [bottom - line * side] * 2,
                color="#d5dade", linewidth=0.5)  # fmt: skip
    for word in words:
        row, bank = divmod(word, 32)
        box(ax, (left + bank * side, bottom - (row - first + 1) * side), side, side,
            colour)  # fmt: skip
        ax.patches[-1].set_facecolor(colour)
    for bank in (0, 8, 16, 24, 31):
        label(ax, left + (bank + 0.5) * side, bottom + 0.08, str(bank), fontsize=6.5,
              color=MUTED)  # fmt: skip


def _walk(step: int) -> str:
    return drawn(load(counted("walk", step), "a", shared=False))
