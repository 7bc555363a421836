"""Write measured tables into ``docs/benchmarks.md``, between markers.

A block begins with ``<!-- generated: NAME -->`` and ends with
``<!-- end generated: NAME -->``; the rest of the page is left alone.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

PAGE = Path(__file__).parent.parent / "benchmarks.md"


def write_block(name: str, text: str, page: Path = PAGE) -> None:
    """Replace a block's content; a block that is not there yet is put at the end."""
    start, end = f"<!-- generated: {name} -->", f"<!-- end generated: {name} -->"
    block = f"{start}\n{text.strip()}\n{end}"
    old = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    if start in old and end in old:
        before, _, rest = old.partition(start)
        _, _, after = rest.partition(end)
        new = before + block + after
    else:
        new = f"{old.rstrip()}\n\n{block}\n"
    draft = page.with_name(f".{page.name}.part")
    draft.write_text(new, encoding="utf-8")
    draft.replace(page)


def table(heads: str, rows: Sequence[str], words: int = 1) -> str:
    """Return a table in Markdown: ``words`` columns of words, the others of figures."""
    columns = heads.count("|") - 1
    rules = ["---"] * words + ["---:"] * (columns - words)
    return "\n".join([heads, f"| {' | '.join(rules)} |", *rows])


def machine(command: str) -> str:
    """Return where, when and by which command something was measured."""
    day = f"{datetime.now(timezone.utc):%Y-%m-%d}"
    python = f"Python {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {python}; {day}; `{command}`"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = (line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    return next(models, platform.machine())
