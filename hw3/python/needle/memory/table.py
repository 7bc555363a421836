"""What a record says in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .ledger import Row


def table(values: int, size: int, peak: int, rows: Iterable[Row]) -> str:
    """Return the counts of a record as a table, a line for each kind of value."""
    return "\n".join(_lines(values, size, peak, list(rows)))


def _lines(values: int, size: int, peak: int, rows: list[Row]) -> Iterator[str]:
    yield f"{values} values alive, {size_text(size)}; at the peak {size_text(peak)}"
    width = max([len(row.op) for row in rows], default=0)
    if rows:
        yield f"  {'':{width}}  {'alive':>17}  {'at the peak':>17}"
    for row in rows:
        now = f"{row.values:6d} {size_text(row.bytes):>10}"
        then = f"{row.peak_values:6d} {size_text(row.peak_bytes):>10}"
        yield f"  {row.op:{width}}  {now}  {then}"


def round_text(size: int) -> str:
    """Return a round number of bytes: ``15 MB``, where `size_text` writes 15.0."""
    number, _, unit = size_text(size).partition(" ")
    return f"{float(number):g} {unit}"


def size_text(size: int) -> str:
    """Return a number of bytes with three digits and a unit: ``1.23 MB``."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5 or unit == "GB":
            break
        value /= 1000
    if unit == "B":
        return f"{size} B"
    return f"{value:.{2 if value < 9.995 else 1 if value < 99.95 else 0}f} {unit}"
