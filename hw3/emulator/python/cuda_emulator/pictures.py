"""Draw which thread of a warp touches which memory, as SVG that needs nothing else.

Each small box is a word of four bytes, with the threads that touch it: in rows of 128
bytes, as global memory has its lines and shared memory its 32 banks. Colours are those
of needle's pictures, the same on light and on dark pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from cuda_emulator.counts import BANKS, SECTOR, WORD, Counted
from cuda_emulator.report import shown

_BOX, _HEIGHT, _LEFT, _TOP = 22, 20, 76, 64  # pixels
_ROW = BANKS * WORD  # bytes
_FONT = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_INK, _GREY = "#1b1b1b", "#7a7a7a"
_FREE, _MOVED, _ASKED, _CONFLICT = "none", "#ececec", "#dcebfb", "#ffe6cf"
_BLUE, _ORANGE = "#1f5fa8", "#c8641a"
_MOST_ROWS = 32


def picture(counted: Counted) -> str:
    """Return a picture of a request: of global memory's sectors, or of banks."""
    touched = _touched(counted)
    rows = sorted({word * WORD // _ROW for word in touched})
    parts = [_text(8, 20, _title(counted), size=13), _text(8, 40, _result(counted))]
    y = _TOP
    if counted.shared:
        parts += [
            _text(_x(bank), y - 8, str(bank), middle=True) for bank in range(BANKS)
        ]
    for row, after in pairwise([*rows[:_MOST_ROWS], None]):
        parts += _row(counted, touched, row or 0, y)
        y += _HEIGHT + 4
        if after is not None and row is not None and after > row + 1:
            parts.append(_text(8, y + 8, f"... {after - row - 1} rows untouched"))
            y += 16
    if len(rows) > _MOST_ROWS:
        parts.append(_text(8, y + 10, f"... and {len(rows) - _MOST_ROWS} more rows"))
        y += 20
    return _svg(_title(counted), _LEFT + BANKS * _BOX + 12, y + 8, parts)


def _touched(counted: Counted) -> dict[int, list[int]]:
    """Return the threads that touch each word, by the word's number in the array."""
    sample, touched = counted.sample, dict[int, list[int]]()
    for lane, offset in zip(sample.lanes, sample.offsets, strict=True):
        for word in range(offset // WORD, (offset + sample.size - 1) // WORD + 1):
            touched.setdefault(word, []).append(lane)
    return touched


def _title(counted: Counted) -> str:
    sample = counted.sample
    where = f"{shown(counted.line)}: " if counted.line else ""
    array = sample.array or "dynamic shared memory"
    return f"{where}{counted.act} of {array}, {sample.size} bytes a thread"


def _result(counted: Counted) -> str:
    """Say what this request costs."""
    if counted.shared:
        crowds = _crowds(counted)
        best = len({group for group, _ in crowds})
        passes = sum(
            max(len(words) for (of, _), words in crowds.items() if of == group)
            for group in {group for group, _ in crowds}
        )
        if passes == best:
            return "no two threads want different words of one bank at once"
        return f"threads want different words of one bank: {passes} passes, not {best}"
    sample = counted.sample
    asked = len({at + i for at in sample.offsets for i in range(sample.size)})
    moved = len(_sectors(_touched(counted))) * SECTOR
    return f"{moved} bytes are moved, {asked} are asked for: {100 * asked // moved}%"


def _sectors(touched: dict[int, list[int]]) -> set[int]:
    return {word * WORD // SECTOR for word in touched}


def _group(counted: Counted, lane: int) -> int:
    """Return with whom a thread is served: of 8 bytes each, half a warp at a time."""
    lanes = BANKS * WORD // max(WORD, min(counted.sample.size, BANKS * WORD))
    return lane // lanes


def _crowds(counted: Counted) -> dict[tuple[int, int], set[int]]:
    """Return the words that each group of threads wants of each bank."""
    found: dict[tuple[int, int], set[int]] = {}
    for word, lanes in _touched(counted).items():
        for lane in lanes:
            key = _group(counted, lane), word % BANKS
            found.setdefault(key, set()).add(word)
    return found


# -- drawing -------------------------------------------------------------------------


def _row(
    counted: Counted, touched: dict[int, list[int]], row: int, y: int
) -> Iterator[str]:
    """Yield 128 bytes: the address, and a box for each word."""
    yield _text(8, y + 14, f"{row * _ROW:>7}")
    crowds = _crowds(counted) if counted.shared else {}
    crowded = set().union(*(words for words in crowds.values() if len(words) > 1))
    moved = set() if counted.shared else _sectors(touched)
    for bank in range(BANKS):
        word = row * BANKS + bank
        lanes = touched.get(word)
        conflict = word in crowded
        fill = _CONFLICT if conflict else _ASKED if lanes else _FREE
        if not lanes and word * WORD // SECTOR in moved:
            fill = _MOVED
        stroke = _ORANGE if conflict else _BLUE if lanes else _GREY
        yield (
            f'<rect x="{_LEFT + bank * _BOX}" y="{y}" width="{_BOX - 2}"'
            f' height="{_HEIGHT}" rx="2" fill="{fill}" stroke="{stroke}">'
            f"<title>{_tip(word, lanes)}</title></rect>"
        )
        if lanes:
            several = "+" if len(lanes) > 1 else ""
            yield _text(_x(bank), y + 14, f"{lanes[0]}{several}", _INK, middle=True)


def _tip(word: int, lanes: list[int] | None) -> str:
    threads = ", ".join(map(str, lanes or [])) or "none"
    return escape(
        f"bytes {word * WORD} to {word * WORD + WORD - 1}; threads: {threads}"
    )


def _x(bank: int) -> float:
    return _LEFT + bank * _BOX + _BOX / 2 - 1


def _text(
    x: float,
    y: float,
    text: str,
    fill: str = _GREY,
    size: int = 10,
    *,
    middle: bool = False,
) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    space = ' xml:space="preserve"' if text.startswith(" ") else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}"{anchor}{space}>'
        f"{escape(_plain(text))}</text>"
    )


def _plain(text: str) -> str:
    """Replace what shows nothing, and what XML cannot hold."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _svg(title: str, width: int, height: int, parts: list[str]) -> str:
    title = _plain(title)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}" style="max-width:100%;height:auto"'
            f' role="img" aria-label={quoteattr(title)} font-family="{_FONT}">',
            f"<title>{escape(title)}</title>",
            *parts,
            "</svg>\n",
        ]
    )
