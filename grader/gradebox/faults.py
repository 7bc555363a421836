"""Exceptions as data: what was raised, and where in the student's own files."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from gradebox.encode import MAX_MRO, safe_message
from gradebox.proxy import MissingNameError
from gradebox.values import type_name

MAX_FRAMES = 12
MAX_CAUSES = 5


def describe(error: BaseException, work: Path) -> dict[str, Any]:
    """Return the fault as a plain object; frames are those of files below ``work``."""
    found: dict[str, Any] = {
        "types": [type_name(kind) for kind in type(error).__mro__[:MAX_MRO]],
        "message": safe_message(error),
        "frames": _shortened(_chain(error, f"{work}/")),
    }
    if isinstance(error, SyntaxError):
        found["syntax"] = _place(error, f"{work}/")
    if isinstance(error, ImportError):
        found["module"] = str(error.name or "")[:200]
    if isinstance(error, MissingNameError):
        found["missing"] = [error.module[:200], error.missing[:200]]
    return found


def _chain(error: BaseException, prefix: str) -> list[list[Any]]:
    """Return the frames of an error, then those of the one that it was raised from.

    The function that raised one from the other stands in both, and is told of once: by
    the line in which the first of the two came about.
    """
    frames: list[list[Any]] = []
    cause: BaseException | None = error
    for _ in range(MAX_CAUSES):
        if cause is None:
            break
        below = _frames(cause.__traceback__, prefix)
        if frames and below and _function(frames[-1]) == _function(below[0]):
            frames.pop()
        frames += below
        cause = cause.__cause__
    return frames


def _function(frame: list[Any]) -> tuple[Any, Any]:
    file, _, function = frame
    return file, function


def _frames(traceback: TracebackType | None, prefix: str) -> list[list[Any]]:
    """Return (file, line, function) of the student's frames, the innermost last."""
    found: list[list[Any]] = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename.startswith(prefix):
            file = code.co_filename[len(prefix) :]
            found.append([file[:300], traceback.tb_lineno, code.co_name[:100]])
        traceback = traceback.tb_next
    return found


def _shortened(frames: list[list[Any]]) -> list[list[Any]]:
    """Return the outermost frame and the innermost ones."""
    return frames[:1] + frames[1:][-(MAX_FRAMES - 1) :]


def _place(error: SyntaxError, prefix: str) -> list[Any]:
    """Return (file, line, column, what) of a syntax error; file is "" if not theirs."""
    file = str(error.filename or "")
    file = file[len(prefix) :] if file.startswith(prefix) else ""
    return [file[:300], error.lineno or 0, error.offset or 0, str(error.msg)[:300]]
