"""Translate a .cu file into C++ for the emulator, line by line.

C++ does not know three things: launches, ``kernel<<<grid, block>>>(...)``; shared
arrays, ``__shared__ float tile[8][8]``, which all threads of a block see; and those
whose length the launch tells, ``extern __shared__ float rest[]``. Everything stays on
the line where it was, so that the compiler, the debugger and the emulator's findings
name lines of the .cu file. Comments and literals are left alone; macros are translated
where they are defined.
"""

from __future__ import annotations

import re
from pathlib import Path

from cuda_emulator.headers import FOREIGN_HEADER, standing_for
from cuda_emulator.launches import launch
from cuda_emulator.scan import Token, TranslationError, View, tokens
from cuda_emulator.shared import shared
from cuda_emulator.variables import WORDS, variable

__all__ = ["TranslationError", "translate", "translate_file"]

_MACRO = re.compile(
    r"(?P<head>\#(?:\s|\\\n)*define(?:\s|\\\n)+\w+(?:\((?P<parameters>[^)]*)\))?)"
    r"(?P<body>.*)",
    re.DOTALL,
)
_INCLUDE = re.compile(r'#\s*include\s*"(?P<name>[^"\n]+)"')
_FOREIGN = re.compile(
    r"<<<|__(shared|noinline|device|constant|managed)__|\b(asm|__asm|__asm__)\b"
    r"|\#\s*include\s*<(thrust|cub|cuda|cooperative_groups|mma|cu|math|device|driver)"
)
# What an array outside of all functions becomes: where it lies depends on the block.
_DYNAMIC_ARRAY = (
    "namespace cuda_emulator { void *DynamicShared();"
    " template <typename P> struct DynamicArray {"
    " operator P() const { return static_cast<P>(DynamicShared()); }"
    " template <typename U> explicit operator U *() const {"
    " return static_cast<U *>(DynamicShared()); } }; }\n"
)
_MANAGED = (
    '_Pragma("GCC error \\"the emulator has no managed memory: write __device__, and'
    ' copy with cudaMemcpyToSymbol and cudaMemcpyFromSymbol\\"") '
)
_PTX = '_Pragma("GCC error \\"the emulator cannot run PTX, the language of asm\\"")'


def translate(text: str, name: str) -> str:
    """Return C++ for a .cu file; ``name`` is what messages call it.

    Raises:
        TranslationError: where a launch or a shared array is not understood.
    """
    found = tokens(text)
    _translate(found)
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    translated = "".join(token.text for token in found)
    prelude = _DYNAMIC_ARRAY if "::cuda_emulator::DynamicArray<" in translated else ""
    return f'{prelude}#line 1 "{quoted}"\n{translated}'


def translate_file(source: Path, target: Path) -> list[Path]:
    """Translate a file and what it includes; return all files that were read.

    Translated headers are put beside the target. The others are found where they are.

    Raises:
        TranslationError: whose text begins with the file.
    """
    read: dict[Path, Path] = {}
    _translate_into(source.resolve(), target, target, read)
    return list(read)


def _translate_into(
    source: Path, target: Path, beside: Path, read: dict[Path, Path]
) -> None:
    read[source] = target
    try:
        text = source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TranslationError(1, f"not UTF-8: {error}", source) from None

    def included(match: re.Match[str]) -> str:
        header = (source.parent / match["name"]).resolve()
        if not header.is_file():
            return match[0]
        if header not in read and _is_foreign(header):
            number = len(read)
            into = beside.with_name(f"{beside.name}.{number}.{header.name}")
            _translate_into(header, into, beside, read)
        return f'#include "{read.get(header, header).as_posix()}"'

    def foreign(match: re.Match[str]) -> str:
        instead = standing_for(match["name"])
        return f"{match['begin']}{instead}" if instead else match[0]

    try:
        translated = translate(text, source.as_posix())
    except TranslationError as error:
        raise TranslationError(error.line, error.text, source) from None
    translated = FOREIGN_HEADER.sub(foreign, _INCLUDE.sub(included, translated))
    target.write_bytes(translated.encode("utf-8"))


def _is_foreign(header: Path) -> bool:
    """Return whether a header, or one that it includes, may have to be translated."""
    text = header.read_text("utf-8", errors="replace")
    return bool(_FOREIGN.search(text) or _INCLUDE.search(text))


# -- the text ------------------------------------------------------------------------


def _translate(found: list[Token], parameters: list[str] | None = None) -> None:
    """Translate tokens in place; ``parameters`` are those of a macro, if it is one."""
    for token in found:
        if token.kind == "directive" and _FOREIGN.search(token.text):
            _macro(token)
    view = View(found, parameters)
    around = _around(view)
    for position in range(len(view)):
        text = view.at(position)
        outside, alone = around[position]
        if text == "<<<" and view.at(position - 1) != "operator":
            launch(view, position, alone and not view.in_macro)
        elif text == "__shared__":
            shared(view, position, outside and not view.in_macro)
        elif text == "__managed__" and not view.in_macro:
            view[position].text = _MANAGED
        elif text in WORDS and outside and not view.in_macro:
            variable(view, position)
        elif text == "__noinline__":
            view[position].text = "__attribute__((noinline))"
        elif text in ("asm", "__asm", "__asm__"):
            _assembler(view, position)
        elif text == "reinterpret_cast":
            _cast(view, position)


def _macro(directive: Token) -> None:
    """Translate the body of a definition; other directives have nothing for us."""
    match = _MACRO.match(directive.text)
    if match is None:
        return
    names = re.findall(r"\w+", match["parameters"] or "")
    line = directive.line + match["head"].count("\n")
    body = tokens(match["body"], line, body=True)
    _translate(body, names)
    directive.text = match["head"] + "".join(token.text for token in body)


def _assembler(view: View, position: int) -> None:
    """Let the compiler complain of PTX, unless the preprocessor takes it out."""
    first = position + 1
    while view.is_word(first):  # volatile
        first += 1
    last = view.until(first + 1, ")") if view.at(first) == "(" else None
    if last is not None:
        view.blank(position, last)
        view[position].text = _PTX


def _cast(view: View, position: int) -> None:
    """Let an array outside of functions, when cast to a pointer, be one."""
    call = view.until(position + 1, "(")
    end = None if call is None else view.until(call + 1, ")")
    if call is not None and end is not None and view.at(end - 1) in view.outside:
        view[call].text = "(+"


def _around(view: View) -> list[tuple[bool, bool]]:
    """Return of each token whether it is outside of functions, and of brackets."""
    found, braces, brackets = [], [True], 0
    for position in range(len(view)):
        text = view.at(position)
        if text == "{":
            braces.append(braces[-1] and _opens_namespace(view, position))
        brackets += (text in ("(", "[")) - (text in (")", "]"))
        found.append((braces[-1], brackets <= 0))
        if text == "}" and len(braces) > 1:
            braces.pop()
    return found


def _opens_namespace(view: View, brace: int) -> bool:
    """Return whether a brace is a namespace's, or that of ``extern "C"``."""
    before = brace - 1
    if view.at(before).startswith('"'):
        return view.at(before - 1) == "extern"
    while view.is_word(before) or view.at(before) == "::":
        if view.at(before) == "namespace":
            return True
        before -= 1
    return False
