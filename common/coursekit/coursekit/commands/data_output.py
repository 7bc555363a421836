"""What ``course data`` shows: progress on stderr, results on stdout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from coursekit.console import can_redraw
from coursekit.data.record import Holding
from coursekit.data.take import Taken
from coursekit.data.trouble import megabytes

MOST_IGNORED = 12  # lines of ignored files shown


class DownloadBars:
    """A progress bar a file, with notes above them; a :class:`Reporter`."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not can_redraw(),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> DownloadBars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def note(self, text: str) -> None:
        """Print a line above the bars."""
        self._console.print(text, style="yellow", markup=False, highlight=False)

    def start(self, name: str, total: int | None) -> None:
        """Show a bar for a file."""
        self._tasks[name] = self._progress.add_task(name, total=total)

    def at(self, name: str, done: int) -> None:
        """Move a file's bar."""
        self._progress.update(self._tasks[name], completed=done)


class Looking:
    """A status line that names the file being looked at."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._status = self._console.status("Looking")

    def __enter__(self) -> Looking:
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def note(self, text: str) -> None:
        """Print a line."""
        self._console.print(text, style="yellow", markup=False, highlight=False)

    def at(self, path: Path) -> None:
        """Name the file."""
        self._status.update(f"Looking into {path.name}")


def as_entry(holding: Holding) -> dict[str, Any]:
    """Describe what is held of a set, for JSON."""
    spec = holding.spec
    here = bool(holding.present)
    absent = "made on demand" if spec.origin == "generated" else "absent"
    state = holding.state if here else absent
    return {
        "name": spec.name,
        "title": spec.title,
        "origin": spec.origin,
        "state": state,
        "complete": holding.complete,
        "bytes": holding.size,
        "files": [file.name for file in holding.present],
        "folder": str(holding.folder) if here else None,
        "licence": spec.licence,
        "stands_in_for": spec.stands_in_for or None,
    }


def describe(entry: dict[str, Any]) -> str:
    """Say in two lines what is there and where."""
    note = f" ({entry['state']})" if not entry["complete"] else ""
    stand_in = entry["stands_in_for"]
    also = f"; stands in for {stand_in}" if stand_in else ""
    place = entry.get("into") or entry["folder"]
    size = megabytes(entry["bytes"])
    return f"{entry['name']}{note}: {entry['title']}{also}.\n  {size} in {place}"


def report_taken(taken: Taken) -> None:
    """Print what was taken in and what was not."""
    for holding in taken.sets:
        name = holding.spec.name
        count = len(taken.new.get(name, []))
        what = f"{count} new files" if count else "was there already"
        click.echo(f"{name}: {holding.state} ({what}), in {holding.folder}")
        if holding.missing:
            click.echo(f"  missing: {', '.join(holding.missing)}")
    shown = list(taken.ignored.items())[:MOST_IGNORED]
    for place, why in shown:
        click.echo(f"ignored: {place} ({why})")
    if len(taken.ignored) > len(shown):
        click.echo(f"ignored: {len(taken.ignored) - len(shown)} more")


def print_table(entries: list[dict[str, Any]], cache: Path) -> None:
    """Print the sets as a table that fits 80 columns."""
    table = Table(box=None, pad_edge=False)
    table.add_column("set", no_wrap=True)
    table.add_column("here", no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("what it is, and its licence")
    for entry in entries:
        size = megabytes(entry["bytes"]) if entry["bytes"] else ""
        state = "shipped" if entry["origin"] == "shipped" else entry["state"]
        what = f"{entry['title']}\n[dim]{entry['licence']}[/dim]"
        table.add_row(entry["name"], state, size, what)
    console = Console()
    console.print(table)
    console.print(f"Cache: {cache}", soft_wrap=True, markup=False, highlight=False)
