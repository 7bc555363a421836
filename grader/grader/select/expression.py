"""Parse and evaluate the expressions of pytest's ``-k``.

    expression = and_ ("or" and_)*
    and_       = not_ ("and" not_)*
    not_       = "not" not_ | "(" expression ")" | word

A word holds where it is part of one of the names, whatever the case of the letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from coursekit.errors import CourseError

Matcher = Callable[[frozenset[str]], bool]

WORD = re.compile(r"(?:[\w:+\-.\[\]\\/])+")
DEEPEST = 50  # parentheses and "not"s within each other; Python's own stack ends later
RESERVED = ("or", "and", "not")


@dataclass(frozen=True)
class Token:
    """A word, a reserved word, a parenthesis, or the end (text ``""``)."""

    text: str
    column: int  # from 1, as an editor shows it


def compile_expression(text: str) -> Matcher:
    """Return a predicate over a test's names, or say where the text is malformed."""
    return _Parser(text).parse()


def _tokens(text: str) -> Iterable[Token]:
    at = 0
    while at < len(text):
        if text[at] in " \t":
            at += 1
            continue
        if text[at] in "()":
            token = Token(text[at], at + 1)
        elif word := WORD.match(text, at):
            token = Token(word.group(), at + 1)
        else:
            raise _error(text, at + 1, f"{text[at]!r} has no meaning here")
        yield token
        at += len(token.text)
    yield Token("", len(text) + 1)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0

    def parse(self) -> Matcher:
        matcher = self.or_()
        if self.token.text:
            raise self.unexpected("'and', 'or' or the end")
        return matcher

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self, text: str) -> bool:
        if self.token.text != text:
            return False
        self.at += 1
        return True

    def or_(self) -> Matcher:
        parts = [self.and_()]
        while self.take("or"):
            parts.append(self.and_())
        return lambda names: any(part(names) for part in parts)

    def and_(self) -> Matcher:
        parts = [self.not_()]
        while self.take("and"):
            parts.append(self.not_())
        return lambda names: all(part(names) for part in parts)

    def not_(self) -> Matcher:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _error(self.text, self.token.column, "it is nested too deeply")
        try:
            return self.operand()
        finally:
            self.depth -= 1

    def operand(self) -> Matcher:
        if self.take("not"):
            inner = self.not_()
            return lambda names: not inner(names)
        if self.take("("):
            inner = self.or_()
            if not self.take(")"):
                raise self.unexpected("')'")
            return inner
        return self.word()

    def word(self) -> Matcher:
        word = self.token.text
        if word in (*RESERVED, "", "(", ")"):
            raise self.unexpected("a name, 'not' or '('")
        self.at += 1
        part = word.lower()
        return lambda names: any(part in name for name in names)

    def unexpected(self, wanted: str) -> CourseError:
        found = repr(self.token.text) if self.token.text else "the end"
        problem = f"{wanted} should stand where {found} is"
        return _error(self.text, self.token.column, problem)


def _error(text: str, column: int, problem: str) -> CourseError:
    pointer = " " * (column - 1) + "^"
    return CourseError(
        f"-k cannot be read at column {column}: {problem}.\n  {text}\n  {pointer}\n"
        'Write it as for pytest, for example -k "softmax and not cpp".'
    )
