"""Translate shared variables, which all threads of a block see.

``__shared__ float tile[8][8];`` becomes the member of a class without objects, which
tells its type; the name, a reference to memory of the machine's, which knows the array
by the address of a static variable. ``extern __shared__`` becomes a pointer.
"""

from __future__ import annotations

import string

from cuda_emulator.declarations import (
    ALIGN,
    CLASSES,
    begin_of,
    end_of,
    names_of,
    pasted,
    quoted,
)
from cuda_emulator.scan import TranslationError, View

_FORM = "a shared array is declared as `__shared__ float a[8][8];`"
_NO_VALUE = (
    "a shared variable has no first value, on a device neither:"
    " assign one in the kernel, then call __syncthreads()"
)
_DIGITS = string.digits + string.ascii_lowercase


def shared(view: View, position: int, outside: bool) -> int:
    """Translate the declaration with ``__shared__`` at a position; return its end.

    ``outside``: it belongs to no function.

    Raises:
        TranslationError: if it is none that the emulator, or CUDA, knows.
    """
    line = view[position].line
    begin, end = begin_of(view, position), end_of(view, position, _FORM)
    names, values = names_of(view, begin, end)
    if values:
        raise TranslationError(view[values[0]].line, _NO_VALUE)
    names = [each for each in names if view.at(each) != "__shared__"]
    dynamic = any(view.at(each) == "extern" for each in range(begin, end))
    if not names:
        raise TranslationError(line, f"no name after `__shared__`: {_FORM}")
    if dynamic:
        _dynamic(view, begin, end, names, outside)
    elif outside:
        text = "a shared array outside of all functions: declare it in the kernel"
        raise TranslationError(line, text)
    else:
        _static(view, begin, position, end, names)
    return end


def _static(view: View, begin: int, position: int, end: int, names: list[int]) -> None:
    """Make it a member, where it stands; add the references after its semicolon."""
    holder = _holder(view, names[0])
    for each in range(begin, position + 1):
        if view.at(each) in ("static", "__shared__"):
            view[each].text = " " * len(view.at(each))
    opening = f"struct {holder}{{"  # as long as __shared__, so that columns stay
    moved = begin == position
    view[begin].text = opening + ("" if moved else view.at(begin))
    bound = "};"
    for number, each in enumerate(names):
        name, key = pasted(view, each), f"{holder}_key{number}"
        kind = f"decltype({holder}::{name})"
        bound += (
            f" static char {key}; {kind} &{name} ="
            f" ::cuda_emulator::Shared<{kind}>(&{key}, {quoted(view, each)});"
        )
    for each in range(position, end):
        if view.at(each) in CLASSES and view.at(each + 2) == "{":
            named = view.at(each + 1)
            bound += f" using {named} [[maybe_unused]] = {holder}::{named};"
    if end < len(view):
        view[end].text = f"; {bound}"
    else:  # of a macro, after which comes the semicolon
        view[end - 1].text += f"; {bound.removesuffix(';')}"


def _holder(view: View, name: int) -> str:
    """Return a name for a class: short, or in a macro, one that each use changes."""
    if view.in_macro:
        return f"cuda_shared_{'##' if view.parameters else ''}{pasted(view, name)}"
    number, digits = view.count(), ""
    while number or not digits:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"_{digits}"


def _dynamic(view: View, begin: int, end: int, names: list[int], outside: bool) -> None:
    """Make it a pointer; one outside of functions asks whenever it is used."""
    kind = " ".join(_element(view, begin, names[0]).split())
    declared = []
    for each, after in zip(names, [*names[1:], end], strict=True):
        name, last = view.at(each), after - 1
        if view.at(each + 1) != "[":
            text = "memory whose size a launch tells is an array without a length"
            form = f"`extern __shared__ float {name}[];`"
            raise TranslationError(view[each].line, f"{text}: {form}")
        while last > each and view.at(last) != "]":  # `, *`, before the next name
            last -= 1
        length = view.until(each + 2, "]") or each + 2
        rest = view.text(length + 1, last)
        pointer = f"{kind} (*){rest}" if rest else f"{kind} *"
        if outside:
            view.outside.add(name)
            declared.append(f"static ::cuda_emulator::DynamicArray<{pointer}> {name}")
        else:
            variable = f"(*const {name}){rest}" if rest else f"*const {name}"
            source = "::cuda_emulator::DynamicShared()"
            declared.append(f"{kind} {variable} = ({pointer}){source}")
    view.blank(begin, end - 1)
    view[begin].text = "; ".join(declared)


def _element(view: View, begin: int, name: int) -> str:
    """Return the type of an array's elements, without what is said of its place."""
    parts, position = [], begin
    while position < name:
        text = view.at(position)
        if text in ALIGN and view.at(position + 1) == "(":
            position = view.until(position + 2, ")") or name
        elif text not in ("extern", "static", "__shared__"):
            parts.append(text)
        position += 1
    return " ".join(parts)
