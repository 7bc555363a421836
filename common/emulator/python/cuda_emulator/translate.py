"""Translate a .cu file into C++ for the emulator, line by line.

C++ does not know three things: launches, ``kernel<<<grid, block>>>(...)``; shared
arrays, ``__shared__ float tile[8][8]``, which all threads of a block see; and those
whose length the launch tells, ``extern __shared__ float rest[]``. Everything stays on
the line where it was, so that the compiler, the debugger and the emulator's findings
name lines of the .cu file. Comments and literals are left alone.

    python translate.py kernels.cu kernels.cu.cc
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

_TOKEN = re.compile(
    r"""
    (?P<skip>//[^\n]*(?:\\\n[^\n]*)* | /\*.*?\*/ | \s+
      | R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)"
      | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
      | \#(?:\\\n|[^\n])*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.'])*)
  | (?P<launch><<<|>>>)
  | (?P<sign>::|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
OPENING, CLOSING = "([{", ")]}"


class TranslationError(Exception):
    """A line that cannot be understood, with its number."""


class Token:
    """A piece of the text: a word, a number, a sign, or what is to be skipped."""

    def __init__(self, kind: str, text: str, line: int) -> None:
        self.kind = kind
        self.text = text
        self.line = line


def tokens(text: str) -> list[Token]:
    """Return all pieces; together they are the text."""
    found, line = [], 1
    for match in _TOKEN.finditer(text):
        found.append(Token(match.lastgroup or "sign", match[0], line))
        line += match[0].count("\n")
    return found


def translate(text: str, name: str) -> str:
    """Return C++ for a .cu file; ``name`` is what messages call it.

    Raises:
        TranslationError: where a launch or a shared array is not understood.
    """
    found = tokens(text)
    marked = [i for i, token in enumerate(found) if token.kind != "skip"]
    view = _View(found, marked)
    position = 0
    while position < len(marked):
        token = view[position]
        if token.text == "<<<":
            _launch(view, position)
        elif token.text == "__shared__":
            position = _shared(view, position)
        elif token.text == "__noinline__":
            token.text = "__attribute__((noinline))"
        position += 1
    return f'#line 1 "{name}"\n' + "".join(token.text for token in found)


class _View:
    """The tokens that count, by their position; what is between them stays there."""

    def __init__(self, tokens: list[Token], marked: list[int]) -> None:
        self._tokens = tokens
        self._marked = marked

    def __getitem__(self, position: int) -> Token:
        return self._tokens[self._marked[position]]

    def __len__(self) -> int:
        return len(self._marked)

    def text(self, first: int, last: int) -> str:
        """Return everything from one token to another, both included."""
        chosen = self._tokens[self._marked[first] : self._marked[last] + 1]
        return "".join(token.text for token in chosen)

    def until(self, position: int, ends: str) -> int:
        """Return the position of the next of some tokens outside of any brackets."""
        depth, start = 0, self[position]
        while position < len(self):
            text = self[position].text
            if depth == 0 and text == ends:
                return position
            depth += (text in OPENING) - (text in CLOSING)
            if depth < 0:
                break
            position += 1
        raise TranslationError(f"line {start.line}: `{start.text}` without `{ends}`")


# -- launches ------------------------------------------------------------------------


def _launch(view: _View, position: int) -> None:
    end = view.until(position + 1, ">>>")
    first = _kernel_begins(view, position)
    kernel = view.text(first, position - 1)
    name = " ".join(kernel.split())
    call = f"[&](auto... cuda_arguments) {{ {kernel}(cuda_arguments...); }}"
    for each in range(first, position):
        view[each].text = ""
    view[first].text = f'::cuda_emulator::Launch("{name}", {call}, '
    view[position].text = "::cuda_emulator::Configuration("
    view[end].text = "))"


def _kernel_begins(view: _View, launch: int) -> int:
    """Return where the kernel's name begins that ends before a launch."""
    first = launch - 1
    if view[first].text in (">", ">>>"):
        depth = 0
        while first >= 0:
            depth += view[first].text.count(">") - view[first].text.count("<")
            if depth <= 0:
                break
            first -= 1
        first -= 1
    while first > 1 and view[first - 1].text == "::" and view[first - 2].kind == "word":
        first -= 2
    if first < 0 or view[first].kind != "word":
        raise TranslationError(f"line {view[launch].line}: no kernel before `<<<`")
    return first


# -- shared arrays -------------------------------------------------------------------


def _shared(view: _View, position: int) -> int:
    """Translate a declaration; return the position of its end."""
    end = view.until(position, ";")
    before = view[position - 1] if position else None
    if before is not None and before.text in ("extern", "static"):
        dynamic = before.text == "extern"
        before.text = ""
    else:
        dynamic = False
    names = list(_declared(view, position + 1, end))
    line = view[position].line
    if not names or any(view[i].text in "={" for i in range(position + 1, end)):
        raise TranslationError(
            f"line {line}: a shared array is declared as `__shared__ float a[8][8];`,"
            " without a value"
        )
    if dynamic:
        _dynamic(view, position, names[0], end)
    else:
        _static(view, position, names, end)
    return end


def _declared(view: _View, first: int, end: int) -> Iterator[int]:
    """Go through the names that a declaration declares."""
    depth = 0
    for position in range(first, end):
        text = view[position].text
        depth += (text in OPENING) + (text == "<")
        depth -= (text in CLOSING) + (text == ">")
        ends = view[position + 1].text in ("[", ",", ";")
        if depth == 0 and ends and position > first and view[position].kind == "word":
            yield position


def _dynamic(view: _View, position: int, name: int, end: int) -> None:
    kind = view.text(position + 1, name - 1)
    called = view[name].text
    for each in range(position, end):
        view[each].text = ""
    view[position].text = (
        f"{kind} *const {called} ="
        f" static_cast<{kind} *>(::cuda_emulator::DynamicShared())"
    )


def _static(view: _View, position: int, names: list[int], end: int) -> None:
    view[position].text = "typedef"
    bound = ""
    for each in names:
        called = view[each].text
        kind = f"cuda_shared_{called}"
        view[each].text = kind
        bound += (
            f" static char {kind}_key; {kind} &{called} ="
            f' ::cuda_emulator::Shared<{kind}>(&{kind}_key, "{called}");'
        )
    view[end].text = ";" + bound


def main(arguments: list[str]) -> str | None:
    """Translate a file; return what is wrong, if anything is."""
    source, target = map(Path, arguments)
    try:
        translated = translate(source.read_text("utf-8"), source.as_posix())
    except TranslationError as error:
        return f"{source}: {error}"
    target.write_text(translated, "utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
