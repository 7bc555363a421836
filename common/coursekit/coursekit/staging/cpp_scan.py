"""A modest reading of C++ and CUDA: which function or class a line stands in.

Not a parser: comments, strings and preprocessor lines are blanked, then braces are
followed, and what stands before a brace tells what it opens. That is enough to name
the place of a region, which is all staging asks.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from typing import TypeAlias

_NOISE = re.compile(
    r"""
    (?P<directive> ^[ \t]*\#(?:\\\n|[^\n])* )
  | (?P<blank>
      //(?:\\\n|[^\n])*
    | /\*.*?(?:\*/|\Z)
    | \bR"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)"
    | "(?:\\.|[^"\\\n])*"
    | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'
    )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_EVENT = re.compile(r"[{}();]|^[ \t]*#[ \t]*(if|el|endif)\w*", re.MULTILINE)
_TEMPLATE = re.compile(r"^\s*template\s*<")
_TYPE = re.compile(
    r"^(?:typedef\s+)?(?:class|struct|union|enum(?:\s+(?:class|struct))?)\b"
)
_CALL = re.compile(r"(operator\s*(?:\(\s*\)|[^\s\w(]+|\w+)|~?[A-Za-z_][\w:~]*)\s*\(")
_NO_NAMES = {
    "__attribute__", "__launch_bounds__", "__declspec", "alignas", "decltype",
    "noexcept", "explicit", "requires", "throw",
}  # fmt: skip
_FUNCTION_END = re.compile(
    r"(?:\)|\b(?:const|noexcept|override|final|try|mutable)|&|->[^;{}()]*)$"
)
_DEVICE = re.compile(r"\b__(?:global|device)__\b")
_ACCESS = re.compile(r"^\s*(?:public|private|protected)\s*:(?!:)")


@dataclass(frozen=True)
class Scope:
    """What a brace opened: ``kind`` is namespace, type, function or block."""

    kind: str
    name: str = ""
    device: bool = False


@dataclass(frozen=True)
class Definition:
    """A function defined outside any other: its head, and where that starts."""

    scope: Scope
    head: str
    line: int
    depth: int


@dataclass
class _State:
    scopes: tuple[Scope, ...] = ()
    start: int = 0  # where the text before the next brace begins
    parens: tuple[int, ...] = (0,)  # open parentheses, for each open brace


Event: TypeAlias = tuple[int, tuple[Scope, ...]]


class CppScan:
    """The scopes of one source text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.code = _blank(text)
        self.line_starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self.events: list[Event] = [(0, ())]
        self.definitions: list[Definition] = []
        self._saved: list[tuple[tuple[Scope, ...], tuple[int, ...]]] = []
        self._state = _State()
        for token in _EVENT.finditer(self.code):
            self._read(token)

    def scopes(self, line: int) -> tuple[Scope, ...]:
        """Return the scopes that are open where a line begins, outermost first."""
        offset = self.line_starts[line - 1]
        return self.events[bisect.bisect_right(self.events, offset, key=_place) - 1][1]

    def has_code(self, begin: int, end: int) -> bool:
        """Whether anything but comments stands between two lines."""
        return bool(
            self.code[self.line_starts[begin] : self.line_starts[end - 1]].strip()
        )

    def _read(self, token: re.Match[str]) -> None:
        sign, state = token[0], self._state
        if token[1]:
            self._directive(token[1], token.end())
        elif sign == "{":
            self._open(token.start())
        elif sign == "}":
            self._close(token.end())
        elif sign == ";":
            state.start = token.end()
        else:
            change = 1 if sign == "(" else -1
            state.parens = (*state.parens[:-1], max(0, state.parens[-1] + change))

    def _directive(self, word: str, end: int) -> None:
        """Take each branch of an #if from the same state, as one of them is used."""
        state = self._state
        if word == "if":
            self._saved.append((state.scopes, state.parens))
        elif word == "el" and self._saved:
            state.scopes, state.parens = self._saved[-1]
            self.events.append((end, state.scopes))
        elif word == "endif" and self._saved:
            self._saved.pop()
        state.start = end

    def _open(self, offset: int) -> None:
        state = self._state
        head, start = self._head(state.start, offset)
        inside_function = any(s.kind in ("function", "block") for s in state.scopes)
        if inside_function or state.parens[-1]:
            scope = Scope("block")
        else:
            scope = classify(head)
        if scope.kind == "function":
            line = bisect.bisect_right(self.line_starts, start)
            text = self.text[start:offset].strip()
            self.definitions.append(Definition(scope, text, line, len(state.scopes)))
        if scope.kind != "block" or inside_function:
            state.start = offset + 1
        # Else an initialiser: after its braces the text before them goes on.
        state.scopes = (*state.scopes, scope)
        state.parens = (*state.parens, 0)
        self.events.append((offset + 1, state.scopes))

    def _close(self, end: int) -> None:
        state = self._state
        closed = state.scopes[-1].kind if state.scopes else ""
        state.scopes, state.parens = state.scopes[:-1], state.parens[:-1] or (0,)
        around = state.scopes[-1].kind if state.scopes else ""
        if closed != "block" or around in ("function", "block"):
            state.start = end
        self.events.append((end, state.scopes))

    def _head(self, start: int, end: int) -> tuple[str, int]:
        """Return the text before a brace without labels, and where it starts."""
        while label := _ACCESS.match(self.code[start:end]):
            start += label.end()
        text = self.code[start:end]
        return " ".join(text.split()), start + len(text) - len(text.lstrip())


def classify(head: str) -> Scope:
    """Tell from the text before a brace what the brace opens."""
    head = _without_template(head)
    if re.match(r"^(?:inline\s+)?namespace\b", head) or head == "extern":
        return Scope("namespace")
    if _TYPE.match(head) and "(" not in _without_attributes(head):
        named = re.match(r"\w+", _TYPE.sub("", _without_attributes(head)).strip())
        return Scope("type", named[0] if named else "")
    calls = _CALL.finditer(_without_arguments(head))
    names = [call[1] for call in calls if call[1] not in _NO_NAMES]
    if names and _FUNCTION_END.search(head) and not re.search(r"[^=!<>]=\s*$", head):
        name = re.sub(r"\s+", "", names[0])
        return Scope("function", name, bool(_DEVICE.search(head)))
    return Scope("block")


def _without_template(head: str) -> str:
    while match := _TEMPLATE.match(head):
        depth, place = 1, match.end()
        while depth and place < len(head):
            depth += {"<": 1, ">": -1}.get(head[place], 0)
            place += 1
        head = head[place:].lstrip()
    return head


def _without_arguments(head: str) -> str:
    """Remove template arguments, which may hold parentheses of their own."""
    before = ""
    while before != head:
        before, head = head, re.sub(r"(?<!operator)(?<=\w)\s*<[^<>]*>", "", head)
    return head


def _without_attributes(head: str) -> str:
    return re.sub(r"\b(?:alignas|__attribute__|__declspec)\s*\(+[^)]*\)+", "", head)


def _blank(text: str) -> str:
    """Replace comments, strings and directives by spaces; #if, #else, #endif stay."""

    def spaces(match: re.Match[str]) -> str:
        found = match[0]
        if match["directive"]:
            word = re.match(r"[ \t]*#[ \t]*(?:if|el|endif)\w*", found)
            kept = word[0] if word else ""
        else:
            kept = ""
        return kept + re.sub(r"[^\n]", " ", found[len(kept) :])

    return _NOISE.sub(spaces, text)


def _place(event: Event) -> int:
    return event[0]
