"""Say what the emulator of CUDA has found, with lines of the student's own files.

Its text travels as the message of an exception: the kernel that was called, and below
it a paragraph for each finding. The first line of one says what and where, indented
lines who did it, what was there before, and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from grader.text import clean, line

Source = Callable[[str, int], str]

_CALLED = re.compile(r"(\w{1,60}):\n(?=\S)")
# Repetitions are bounded: what is searched is the student's, and could be made slow.
_PLACE = re.compile(r"(?<![\w./-])([\w./-]{1,200}\.(?:cuh?|cc|h)):(\d{1,6})\b")
_QUOTE = " " * 4  # before a line of code, where the file could be read
_SAID = re.compile(r"  \S")  # a sentence


def told(
    message: str, files: Mapping[str, bytes], source: Source
) -> tuple[str, list[str]] | None:
    """Return a paragraph on the first finding, and lines of what else there is to say.

    None if the message is no such text.

    Args:
        files: what the student has, by path.
        source: returns a line of one of these files.
    """
    called = _CALLED.match(message)
    if called is None:
        return None
    text = clean(message[called.end() :])
    first, *others = (part.splitlines() for part in re.split(r"\n\n+", text))
    sentence = next((at for at, each in enumerate(first) if _SAID.match(each)), 0)
    lines = [_line(each, files, source) for each in first]
    head = lines[0] if sentence == 0 else f"{lines[0]}. {lines[sentence]}"
    rest = [each for at, each in enumerate(lines) if at not in (0, sentence)]
    rest += [_line(each, files, source) for part in others for each in part]
    return f"`{called[1]}`: {head.rstrip('.')}.", list(filter(None, rest))


def _line(text: str, files: Mapping[str, bytes], source: Source) -> str:
    """Return a line with the student's paths, and with the code of its place.

    What only quotes the place that was named before it becomes nothing.
    """
    place = _PLACE.search(text)
    quotes = text.startswith(_QUOTE)
    if quotes and (place is None or not _leads(place, text)):
        return ""
    shown = _PLACE.sub(lambda found: f"{_path(found[1], files)}:{found[2]}", text)
    if place is not None and not _SAID.match(text):
        code = source(_path(place[1], files), int(place[2]))
        end = _PLACE.search(shown)
        shown = shown[: end.end() if end else None] + (f" (`{code}`)" if code else "")
    return line(shown, 400)


def _leads(place: re.Match[str], text: str) -> bool:
    """Tell whether a quoted line begins with a place, or says where it was called."""
    return text[: place.start()].strip() in ("", "called in")


def _path(name: str, files: Mapping[str, bytes]) -> str:
    """Return the path of the student's file of which the emulator tells the name."""
    wanted = PurePosixPath(name).name
    return next((each for each in files if PurePosixPath(each).name == wanted), wanted)
