"""Cut C++ into tokens that, put together again, are the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from pathlib import Path

_SKIP = r"(?P<skip>//(?:\\\r?\n|[^\n])* | /\*.*?(?:\*/|\Z) | \\\r?\n | \s+)"
_DIRECTIVE = r"""
  | (?P<directive>\#(?:/\*.*?\*/ | //(?:\\\r?\n|[^\n])* | "(?:\\.|[^"\\\n])*"
      | \\\r?\n | [^\n])*)
"""
_CODE = r"""
  | (?P<literal>(?:u8|[uUL])?
      (?:R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)"
        | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'))
  | (?P<word>[^\W\d]\w*)
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.]|'\w)*)
  | (?P<sign><<<|>>>|::|->|\#\#|.)
"""
_TEXT = re.compile(_SKIP + _DIRECTIVE + _CODE, re.VERBOSE | re.DOTALL)
_BODY = re.compile(_SKIP + _CODE, re.VERBOSE | re.DOTALL)  # of a macro: # is a sign
_CONDITION = re.compile(r"#\s*(if|else|elif|endif)(\w*)\s*(.*)", re.DOTALL)
_BETWEEN = ("skip", "directive")
OPENING = frozenset("([{")
CLOSING = frozenset(")]}")


class TranslationError(Exception):
    """A line that cannot be understood, with its number and what to write instead."""

    def __init__(self, line: int, text: str, file: Path | None = None) -> None:
        where = f"{file}:{line}: error" if file else f"line {line}"
        super().__init__(f"{where}: {text}")
        self.line = line
        self.text = text


class Token:
    """A piece of the text: a word, a sign, a literal, ..., or what is to be skipped."""

    def __init__(self, kind: str, text: str, line: int, indent: str) -> None:
        self.kind = kind
        self.text = text
        self.line = line
        self.indent = indent  # as wide as what stands before it in its line


def tokens(text: str, line: int = 1, *, body: bool = False) -> list[Token]:
    """Return all pieces; together they are the text, or a macro's ``body``.

    What the preprocessor leaves out in any case, between ``#if 0`` and ``#endif``, is
    to be skipped.
    """
    found, hidden, begin = [], 0, 0
    for match in (_BODY if body else _TEXT).finditer(text):
        kind = "literal" if match["literal"] else match.lastgroup or "sign"
        if kind == "directive":
            hidden = _hidden(match[0], hidden)
        indent = re.sub(r"[^\t]", " ", text[begin : match.start()])
        found.append(Token("skip" if hidden else kind, match[0], line, indent))
        if "\n" in match[0]:
            line += match[0].count("\n")
            begin = match.start() + match[0].rindex("\n") + 1
    return found


def _hidden(directive: str, hidden: int) -> int:
    """Return how many ``#if`` are open after a directive, from an ``#if 0`` on."""
    match = _CONDITION.match(directive)
    if match is None:
        return hidden
    kind, rest = match[1], match[3].strip()
    if hidden == 0:
        never = kind == "if" and not match[2] and re.match(r"0\s*(/|$)", rest)
        return 1 if never else 0
    if kind == "if":
        return hidden + 1
    if kind == "endif":
        return hidden - 1
    return 0 if hidden == 1 else hidden


class View:
    """The tokens that count, by their position; what is between them stays there.

    ``parameters`` are those of the macro of which the tokens are the body.
    """

    def __init__(
        self, found: Sequence[Token], parameters: Sequence[str] | None = None
    ) -> None:
        self._tokens = found
        self._marked = [i for i, t in enumerate(found) if t.kind not in _BETWEEN]
        self.in_macro = parameters is not None
        self.parameters = parameters or ()
        self.outside: set[str] = set()  # arrays that belong to no function
        self._counted = itertools.count()

    def __getitem__(self, position: int) -> Token:
        return self._tokens[self._marked[position]]

    def __len__(self) -> int:
        return len(self._marked)

    def count(self) -> int:
        """Return 0 when first called, then 1, ..."""
        return next(self._counted)

    def at(self, position: int) -> str:
        """Return the text of a token; beyond the ends it is empty."""
        return self[position].text if 0 <= position < len(self) else ""

    def is_word(self, position: int) -> bool:
        """Return whether there is a word at a position."""
        return 0 <= position < len(self) and self[position].kind == "word"

    def text(self, first: int, last: int) -> str:
        """Return everything from one token to another, both included, on one line."""
        if last < first:
            return ""
        chosen = self._tokens[self._marked[first] : self._marked[last] + 1]
        return "".join(
            " " if t.kind in ("skip", "directive") else t.text for t in chosen
        )

    def blank(self, first: int, last: int) -> None:
        """Take tokens out; comments and the ends of lines between them stay."""
        for position in range(first, last + 1):
            self[position].text = ""

    def until(self, position: int, ends: str) -> int | None:
        """Return the position of the next of some tokens outside of any brackets."""
        depth = 0
        for each in range(position, len(self)):
            text = self[each].text
            if depth == 0 and text == ends:
                return each
            depth += (text in OPENING) - (text in CLOSING)
            if depth < 0:
                return None
        return None

    def opening(self, position: int) -> int:
        """Return the position of the bracket that one at a position closes, or -1."""
        angle = self.at(position) in (">", ">>>")
        depth, brackets = 0, 0
        for each in range(position, -1, -1):
            text = self[each].text
            brackets += (text in CLOSING) - (text in OPENING)
            if angle and brackets == 0 and text in ("<", ">", ">>>"):
                depth += text.count(">") - text.count("<")
            if brackets < 0:
                return -1
            if brackets == 0 and depth <= 0:
                return each
        return -1
