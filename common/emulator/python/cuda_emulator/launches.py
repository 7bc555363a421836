"""Translate launches, ``kernel<<<grid, block>>>(arguments)``, into calls."""

from __future__ import annotations

from cuda_emulator.scan import TranslationError, View

_CLOSING = (">", ">>>", ")", "]")
# Words that may stand before an expression, and so belong to no kernel's name.
_KEYWORDS = ("case", "do", "else", "for", "if", "return", "switch", "throw", "while")
_BRACES = (
    "an argument in braces: name its type, as in `Dims{2, 3}`;"
    " the emulator copies each argument as it is"
)
_FORM = "a launch is written `kernel<<<grid, block>>>(arguments)`"


def launch(view: View, position: int, alone: bool) -> None:
    """Translate the launch whose ``<<<`` is at a position.

    ``alone``: it stands in no brackets, and so is no argument of a macro.

    Raises:
        TranslationError: if it is not complete, or no kernel stands before it.
    """
    line = view[position].line
    end = view.until(position + 1, ">>>")
    if end is None:
        where = " (in a macro, all of it)" if view.in_macro else ""
        raise TranslationError(line, f"`<<<` without `>>>`: {_FORM}{where}")
    if view.at(end + 1) != "(" and not (view.in_macro and end + 1 == len(view)):
        raise TranslationError(line, f"no `(` after `>>>`: {_FORM}")
    if end == position + 1:
        raise TranslationError(line, f"`<<<` and `>>>` with nothing between: {_FORM}")
    _arguments(view, end + 1)
    first = _kernel_begins(view, position)
    kernel = view.text(first, position - 1).strip()
    # Copies: each thread reads what is here, and a variable of the host's, it may not.
    call = "[=](auto... cuda_arguments) {"
    view.blank(first, position - 1)
    view[first].text = (
        f"::cuda_emulator::Launch({_name(view, kernel)}, {call}"
        f"{_aligned(view, first, alone)}{kernel}(cuda_arguments...); }}, "
    )
    view[
        position
    ].text = f"::cuda_emulator::Configuration({_aligned(view, position, alone, '<<<')}"
    view[end].text = ")) "  # as long as >>>


def _arguments(view: View, call: int) -> None:
    """Mend what loses its type when an argument is copied: ``NULL``, and braces."""
    end = view.until(call + 1, ")") if view.at(call) == "(" else None
    for each in range(call + 1, end or 0):
        if view.at(each) == "NULL":
            view[each].text = "nullptr"
        opens = view.at(each) == "{" and view.at(each - 1) in ("(", ",")
        if opens and view.until(call + 1, view.at(each)) == each:
            raise TranslationError(view[each].line, _BRACES)


def _aligned(view: View, position: int, alone: bool, after: str = "") -> str:
    """Return what puts the text after it into the column where it was.

    The compiler then quotes the .cu file with its marks below what they are about.
    Among the arguments of a macro there may be no directives.
    """
    token = view[position]
    padding = " " * len(after)
    return f"\n#line {token.line}\n{token.indent}{padding}" if alone else " "


def _name(view: View, kernel: str) -> str:
    """Return a literal with the kernel's name; of a macro's parameter, its value."""
    parts = [part.strip() for part in kernel.split("##")]
    if any(part in view.parameters for part in parts):
        return " ".join(f"#{p}" if p in view.parameters else f'"{p}"' for p in parts)
    name = kernel.removeprefix("::").strip()
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _kernel_begins(view: View, launch: int) -> int:
    """Return where the expression begins that ends before a launch.

    It is a name, ``space::Struct<T>::template kernel<N>``, or any other that may stand
    before a call: ``(*pointer)``, ``table[i]``, ``object.member``.
    """
    first, at = launch, launch - 1
    while True:
        while view.at(at) in _CLOSING:
            opening = view.opening(at)
            if opening < 0:
                break
            first, at = opening, opening - 1
        if not view.is_word(at) or view.at(at) in _KEYWORDS:
            break
        while view.at(at - 1) == "##":  # of a macro, which pastes a name together
            at -= 2
        first = at
        at -= 2 if view.at(at - 1) == "template" else 1
        if view.at(at) == "::":
            first = at
            inside = view.is_word(at - 1) or view.at(at - 1) in (">", ">>>")
        else:
            inside = view.at(at) in (".", "->")
        if not inside:
            break
        at -= 1
    if first == launch or view.at(first) in ("<", ">"):
        raise TranslationError(view[launch].line, f"no kernel before `<<<`: {_FORM}")
    return first
