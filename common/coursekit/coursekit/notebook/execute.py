"""Run a notebook headless and say readably which cell failed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursekit.errors import CourseError

Progress = Callable[[int, int], None]  # cells done, cells in all

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_OWN_LINE = re.compile(r"(?:Cell In\[\d+\], line|^\s*File <.*>:)\s*(\d+)", re.MULTILINE)
_CONTEXT = 4  # lines of source shown before and after the failing one
_LONGEST = 2000  # characters of an error message shown


@dataclass
class _Run:
    """Follow a run: which cell is being executed, and tell it on."""

    cells: list[Any]
    progress: Progress | None
    index: int = -1

    def started(self, cell: Any, cell_index: int) -> None:
        self.index = cell_index

    def finished(self, cell: Any, cell_index: int) -> None:
        if self.progress is not None:
            self.progress(cell_index + 1, len(self.cells))

    def place(self) -> str:
        """Name the current cell by number and by its first line."""
        source = self.cells[self.index].source if self.cells else ""
        first = source.splitlines()[0] if source else ""
        return f"cell {self.index + 1} of {len(self.cells)} ({first[:60]})"


def execute(
    notebook: bytes,
    folder: Path,
    *,
    seconds: int = 600,
    progress: Progress | None = None,
) -> bytes:
    """Run every cell in ``folder`` and return the notebook with its outputs.

    ``seconds`` is the limit of one cell. A cell that fails raises a
    :class:`CourseError` that shows the cell, the line and the error.
    """
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient import exceptions as trouble
    except ImportError as error:
        raise CourseError(
            f"running a notebook needs the package {error.name}, which is not "
            "installed: python -m pip install nbclient ipykernel"
        ) from None
    nb: Any = nbformat.reads(notebook.decode(), as_version=4)  # type: ignore[no-untyped-call]
    run = _Run(nb.cells, progress)
    client = NotebookClient(
        nb,
        timeout=seconds,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=CRITICAL"],  # the cells' own output is enough
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=run.started,
        on_cell_executed=lambda cell, cell_index, execute_reply: run.finished(
            cell, cell_index
        ),
    )
    try:
        client.execute()
    except trouble.CellTimeoutError:
        raise CourseError(f"{run.place()} ran longer than {seconds} s.") from None
    except trouble.DeadKernelError:
        raise CourseError(
            f"{run.place()} ended the Python process that ran it (a crash in compiled "
            "code, or not enough memory)."
        ) from None
    except trouble.CellExecutionError as error:
        raise CourseError(_explain(run, error)) from None
    text: str = nbformat.writes(nb)  # type: ignore[no-untyped-call]
    return (text.rstrip("\n") + "\n").encode()


def _explain(run: _Run, error: Any) -> str:
    """Show the failing cell with its line marked, then the error."""
    lines = _OWN_LINE.findall(_ANSI.sub("", error.traceback))
    number = int(lines[0]) if lines else 0
    source = run.cells[run.index].source.splitlines()
    shown = [
        f"  {'>' if at == number else ' '} {at:3} | {text}"
        for at, text in enumerate(source, start=1)
        if not number or abs(at - number) <= _CONTEXT
    ]
    message = f"{error.ename}: {_ANSI.sub('', error.evalue)}"[:_LONGEST]
    return f"{run.place()} failed:\n" + "\n".join([*shown, message])
