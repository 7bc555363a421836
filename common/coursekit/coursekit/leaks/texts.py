"""The texts in what students get: files, notebooks, pictures, archives, binaries."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from coursekit.leaks.inside import unpacked

_JSON = {".ipynb", ".json"}
_TAGGED = {".svg", ".html", ".xml"}
_LITERAL = re.compile(r'"(?:\\.|[^"\\\n])*"')
_TAG = re.compile(r"<!--|-->|<(?!!--)[^<>]*>")
_PRINTABLE = re.compile(rb"[\t\x20-\x7e]{16,}")


def texts(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield names and texts; line ``n`` of a text is line ``n`` of its file.

    What is inside a file has that file's name and ``!`` before its own. Of a binary
    file it is the strings in it, one a line.
    """
    for path, content in unpacked(files):
        yield path, _text(path, content)


def _text(path: str, content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _strings(content)
    if "\0" in text:
        return _strings(content)
    suffix = PurePosixPath(path).suffix
    if suffix in _JSON:
        return _LITERAL.sub(_opened, text)
    if suffix in _TAGGED:
        return html.unescape(_TAG.sub(_blank, text))
    return text


def _strings(content: bytes) -> str:
    found = (match[0].decode("ascii") for match in _PRINTABLE.finditer(content))
    return "\n".join(found)


def _opened(literal: re.Match[str]) -> str:
    """Return what a JSON string says, on one line."""
    try:
        said = str(json.loads(literal[0]))
    except ValueError:
        return literal[0]
    return f" {said.rstrip()} ".replace("\n", " ")


def _blank(match: re.Match[str]) -> str:
    """Return spaces, and the line breaks, so that lines keep their numbers."""
    return re.sub(r"[^\n]", " ", match[0])
