"""Make variables of the device known: ``__device__ int x;`` and ``__constant__``.

They stay variables; what is added tells the machine which memory kernels may use.
"""

from __future__ import annotations

from cuda_emulator.declarations import (
    ALIGN,
    begin_of,
    end_of,
    names_of,
    pasted,
    quoted,
)
from cuda_emulator.scan import CLOSING, OPENING, View

WORDS = ("__device__", "__constant__", "__managed__")
_FORM = "a variable of the device is declared as `__device__ int x;`"


def variable(view: View, position: int) -> None:
    """Add to a declaration outside of functions what makes its variables known."""
    begin = begin_of(view, position)
    words = [view.at(each) for each in range(begin, position)]
    if "extern" in words or "template" in words or not _is_variable(view, position):
        return
    end = end_of(view, position, _FORM)
    names, _ = names_of(view, begin, end)
    constant = "true" if view.at(position) == "__constant__" else "false"
    added = ""
    for each in names:
        name = pasted(view, each)
        stands_for = f"cuda_variable_{'##' if view.in_macro else ''}{name}"
        added += (
            f" static const ::cuda_emulator::DeviceVariable {stands_for}"
            f"({name}, {quoted(view, each)}, {constant});"
        )
    if end < len(view):
        view[end].text += added


def _is_variable(view: View, position: int) -> bool:
    """Return whether it is a variable that is declared, and no function."""
    depth, angles = 0, 0
    for each in range(position, len(view)):
        text = view.at(each)
        if depth == 0:
            angles += text.count("<") - text.count(">")
            attribute = text == "[" and view.at(each + 1) == "["
            if angles == 0 and text == "(" and view.at(each - 1) not in ALIGN:
                return False
            if angles == 0 and text in (";", "=", "[", "{") and not attribute:
                return view.at(each - 1) not in WORDS
        depth += (text in OPENING) - (text in CLOSING)
    return False
