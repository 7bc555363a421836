"""Count what hw3's handout has in its tables: ``python docs/figures/hw3_tables.py``.

Each table stands in the handout as it is printed here; a test compares them.
"""

from __future__ import annotations

from hw3_emulated import counted, moved, total

SIDE = 128  # of the matrices
COPIES = (
    "copy, neighbours along a row",
    "copy, neighbours down a column",
    "transposed, straight from memory to memory",
    "transposed by way of a tile, 32 by 32",
    "transposed by way of a tile, 32 by 33",
)
PRODUCTS = (
    "a thread for each element",
    "tiles of 16 by 16 in shared memory",
    "tiles of 64 by 64, 4 by 4 sums a thread",
)


def copies() -> str:
    """Return a table of ways to copy and to transpose a matrix."""
    rows = ["| | bytes moved | of them asked for | passes of shared memory |",
            "| --- | ---: | ---: | ---: |"]  # fmt: skip
    for way, name in enumerate(COPIES):
        kernel = counted("copy", way, SIDE)
        asked = total(kernel, "bytes", shared=False) / moved(kernel)
        passes = total(kernel, "passes", shared=True)
        rows.append(f"| {name} | {moved(kernel):,} | {asked:.0%} | {passes:,} |")
    return "\n".join(rows)


def products() -> str:
    """Return a table of ways to multiply matrices, for each multiplication."""
    rows = ["| | from memory | shared memory | barriers a block |",
            "| --- | ---: | ---: | ---: |"]  # fmt: skip
    for way, name in enumerate(PRODUCTS):
        kernel = counted("product", way, SIDE)
        memory = moved(kernel) / SIDE**3
        shared = total(kernel, "accesses", shared=True) / SIDE**3
        rows.append(f"| {name} | {memory:.2f} bytes | {shared:.2f} accesses |"
                    f" {kernel.barriers // kernel.blocks} |")  # fmt: skip
    return "\n".join(rows)


if __name__ == "__main__":
    print(copies(), products(), sep="\n\n")  # noqa: T201
