"""Show a training while it goes on: a line as soon as an epoch is over."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

from explore.history import History, Row, Tell, Trainable
from explore.patience import NotYetError, say
from explore.stopping import hearing_ctrl_c

COLUMNS = ("epoch", "train loss", "train error", "test loss", "test error", "seconds")


def show(training: Trainable) -> History:
    """Train with a table that grows line by line; return the history."""
    say(training.history.name)
    say("  ".join(f"{column:>11}" for column in COLUMNS))
    for row in training.history.rows:  # of a training that goes on
        say(_line(row, training.epochs))
    bar = _progress(training.epochs)
    try:
        with hearing_ctrl_c() as check:
            for row in training.rows(_teller(bar, check)):
                _add(_line(row, training.epochs), bar)
                _refuse_nonsense(row)
    finally:
        if bar is not None:
            bar.stop()
    return training.history


def _line(row: Row, epochs: int) -> str:
    cells = (
        f"{row.epoch} of {epochs}",
        f"{row.train_loss:.4f}",
        f"{row.train_error:.2%}",
        f"{row.test_loss:.4f}",
        f"{row.test_error:.2%}",
        f"{row.seconds:.2f}",
    )
    return "  ".join(f"{cell:>11}" for cell in cells)


def _add(line: str, bar: Any) -> None:
    if bar is None:
        say(line)
    else:
        bar.console.print(line, highlight=False)


def _teller(bar: Any, check: Callable[[], None]) -> Tell:
    """Return what moves the bar, if there is one, and checks for a lost Ctrl-C."""

    def tell(epochs: float) -> None:
        check()
        if bar is not None:
            bar.update(bar.task_ids[0], completed=epochs)

    return tell


def _refuse_nonsense(row: Row) -> None:
    """Stop where the loss is no number any more: further epochs cannot mend it."""
    if not math.isfinite(row.train_loss):
        raise NotYetError(
            f"the loss is {row.train_loss} after epoch {row.epoch}. The steps are too "
            "large (a smaller lr?), or a gradient is wrong."
        )


def _progress(epochs: int) -> Any:
    """Return a running progress bar, or None without rich or without a terminal."""
    try:
        from rich.progress import Progress
    except ImportError:
        return None
    if not sys.stdout.isatty():
        return None
    bar = Progress(transient=True)
    bar.add_task("training", total=epochs)
    bar.start()
    return bar
