"""Make text that students can shape safe to show."""

from __future__ import annotations

import re

# Escape sequences of terminals: CSI; OSC and others with text; all that remain.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?"
    r"|\x1b[ -~]?"
)
# Control characters but tab and newline; separators and overrides that reorder a line.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff]"
)


def clean(text: str | bytes, limit: int = 2000, width: int = 500) -> str:
    """Return the text without control characters, bounded in length and width."""
    if isinstance(text, bytes):
        text = text[: 4 * limit].decode("utf-8", "replace")
    text = _ESCAPES.sub("", text[: 4 * limit])
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [shorten(line, width) for line in text.split("\n")]
    return shorten("\n".join(lines).strip("\n"), limit)


def line(text: str, limit: int = 300) -> str:
    """Return the text on one line, without control characters."""
    return shorten(" ".join(clean(text, 4 * limit).split()), limit)


def shorten(text: str, limit: int) -> str:
    """Cut a text that is too long and say so."""
    return text if len(text) <= limit else text[: limit - 4] + " ..."
