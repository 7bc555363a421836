"""Show a grading while it runs, where there is a terminal to show it on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from coursekit.console import can_redraw

from grader.progress import Event, Progress


@contextmanager
def live(*, wanted: bool) -> Iterator[Progress | None]:
    """Yield a callback that moves a bar case by case; it is gone when all is done."""
    if not wanted or not can_redraw():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    from grader.report.terminal import console

    text = TextColumn("{task.description}", markup=False)
    with Bar(
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        text,
        console=console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("starting", total=None)

        def show(event: Event) -> None:
            bar.update(
                task,
                total=event.total or None,
                completed=event.done,
                description=_describe(event),
            )

        yield show


def _describe(event: Event) -> str:
    if event.kind == "building":
        return "building the native code"
    if event.kind == "grafting":
        return "trying again with the reference in the earlier parts"
    if event.kind == "preparing":
        return "preparing"
    return f"{event.question.partition('.')[2]}: {event.title or event.case}"
