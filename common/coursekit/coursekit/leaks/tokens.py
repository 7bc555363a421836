"""Split code, and text that may hold code, into the tokens that leaks are made of.

Layout, comments, docstrings, quotes and the marks around quoted code are dropped;
identifiers, numbers, operators and the words in strings stay as they are. Python, C++,
CUDA and prose share one set of tokens, so that code is recognised wherever it is
written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from coursekit.staging.dialect import PYTHON, Dialect


class Token(NamedTuple):
    """A token and the number of its line, from 1."""

    text: str
    line: int


_TOKEN = re.compile(
    r"""
    [^\W\d]\w*                    # identifiers, keywords, words
  | \d\w*(?:\.\d\w*)?             # numbers
  | <<= | >>= | \*\*= | //= | \.\.\.
  | -> | \+\+ | -- | :: | == | != | <= | >= | && | \|\|
  | \+= | -= | \*= | /= | %= | &= | \|= | \^= | @= | := | \*\* | // | << | >>
  | [^\s\w"'`\\]
    """,
    re.VERBOSE,
)
_LONG = r"""(?:\"\"\".*?\"\"\"|'''.*?''')"""
_SHORT = r"""(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
_CPP_COMMENT = r"//[^\n]*|/\*.*?(?:\*/|\Z)"
_FLAGS = re.DOTALL | re.MULTILINE
# A string is passed over, so that what looks like a comment in it is none.
_PYTHON = re.compile(rf"(?P<drop>^[ \t]*{_LONG}|\#[^\n]*)|{_LONG}|{_SHORT}", _FLAGS)
_CPP = re.compile(rf"(?P<drop>{_CPP_COMMENT})|{_SHORT}", _FLAGS)
# What begins a line of quoted code: a prompt, a comment, a list, a quotation, a table.
_LEADERS = re.compile(
    r"^[ \t]*(?:(?:>>>|\.\.\.|\#+|/[/*]+|[*>|-])[ \t]*)+", re.MULTILINE
)


def code_tokens(text: str, dialect: Dialect) -> list[Token]:
    """Return the tokens of a source text without its comments."""
    return list(_tokens(without_comments(text, dialect)))


def all_tokens(text: str) -> list[Token]:
    """Return the tokens of a text, those of its comments and its prose included."""
    return list(_tokens(_LEADERS.sub("", text)))


def without_comments(text: str, dialect: Dialect) -> str:
    """Replace comments and docstrings by spaces; lines stay where they are."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0]) if match["drop"] else match[0]

    return (_PYTHON if dialect is PYTHON else _CPP).sub(blank, text)


def _tokens(text: str) -> Iterator[Token]:
    for number, line in enumerate(text.split("\n"), start=1):
        for match in _TOKEN.finditer(line):
            yield Token(match[0], number)
