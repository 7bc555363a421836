"""What a progress display is told while a submission is graded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from grader.result import Status

Kind = Literal["preparing", "building", "running", "finished", "grafting"]


@dataclass(frozen=True)
class Event:
    """Tell a progress display what happens.

    ``preparing`` and ``building`` come before the cases, ``running`` and ``finished``
    once a case; ``done`` of ``total`` cases are over. ``status`` is set when finished.
    ``grafting`` comes last, where failed questions are tried again.
    """

    kind: Kind
    done: int
    total: int
    case: str = ""
    title: str = ""
    question: str = ""
    status: Status | None = None


Progress = Callable[[Event], None]
