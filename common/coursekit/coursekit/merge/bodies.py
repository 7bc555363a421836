"""Move the body of a region to another indentation, without changing what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from coursekit.staging.dialect import CPP, PYTHON, Dialect

INDENT = "\0"  # stands for the indentation of the region's marker; in no source file

_PYTHON_TOKEN = re.compile(
    r"""
    \#[^\n]*
  | (?P<quote>\"{3}|'{3}) (?:\\.|(?!(?P=quote)).)* (?:(?P=quote)|\Z)
  | "(?:\\.|[^"\\\n])*"? | '(?:\\.|[^'\\\n])*'?
    """,
    re.VERBOSE | re.DOTALL,
)
_CPP_TOKEN = re.compile(
    r"""
    //[^\n]* | /\*.*?(?:\*/|\Z)
  | \bR"(?P<fence>[^()\\\s]{0,16})\(.*?(?:\)(?P=fence)"|\Z)
  | "(?:\\.|[^"\\\n])*"? | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'?
    """,
    re.VERBOSE | re.DOTALL,
)


def outdented(lines: Sequence[str], indent: str, dialect: Dialect) -> tuple[str, ...]:
    """Return the lines with ``INDENT`` in place of the marker's indentation.

    A line that is indented otherwise, or that begins inside a string, stays as it is.
    """
    inside = _begin_in_string(lines, dialect)
    return tuple(
        INDENT + line[len(indent) :]
        if line.startswith(indent) and line.strip() and number not in inside
        else line
        for number, line in enumerate(lines)
    )


def indented(lines: Iterable[str], indent: str) -> tuple[str, ...]:
    """Undo ``outdented``, at the same indentation or another."""
    return tuple(
        indent + line[1:] if line.startswith(INDENT) else line for line in lines
    )


def differ_in_layout_alone(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two stubs say the same, as they do after a formatter has been at one.

    White space counts for nothing, nor that a formatter splits a long string in two.
    """
    return _said(one) == _said(other)


def _said(lines: Iterable[str]) -> str:
    return "".join("".join(lines).replace(INDENT, "").split()).replace('""', "")


def _begin_in_string(lines: Sequence[str], dialect: Dialect) -> set[int]:
    """Return the indices of the lines that begin inside a string.

    A string is what the language's lexer takes for one, even where the code around it
    does not parse.
    """
    token = {PYTHON: _PYTHON_TOKEN, CPP: _CPP_TOKEN}[dialect]
    text = "\n".join(lines)
    inside: set[int] = set()
    for match in token.finditer(text):
        if match[0].startswith(("#", "//", "/*")):
            continue
        first = text.count("\n", 0, match.start()) + 1
        inside.update(range(first, first + match[0].count("\n")))
    return inside
