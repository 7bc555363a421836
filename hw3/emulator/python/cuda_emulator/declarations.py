"""Read declarations of variables: where they begin and end, and what they declare."""

from __future__ import annotations

from cuda_emulator.scan import CLOSING, OPENING, TranslationError, View

CLASSES = ("struct", "class", "union")
ALIGN = ("__align__", "alignas", "__attribute__")


def begin_of(view: View, position: int) -> int:
    """Return where a declaration begins of which a word is at a position."""
    while position > 0:
        before = view.at(position - 1)
        if before in (")", ">"):
            opening = view.opening(position - 1)
            if before == ")" and view.at(opening - 1) not in ALIGN:
                return position
            position = opening
        elif view.is_word(position - 1) or before == "::":
            position -= 1
        else:
            return position
    return 0


def end_of(view: View, position: int, form: str) -> int:
    """Return the position of the semicolon; after a macro's body there need be none.

    Raises:
        TranslationError: with the ``form`` that is expected, if there is none.
    """
    end = view.until(position, ";")
    if end is not None:
        return end
    if view.in_macro:
        return len(view)
    line, word = view[position].line, view.at(position)
    raise TranslationError(line, f"no `;` after `{word}`: {form}")


def names_of(view: View, begin: int, end: int) -> tuple[list[int], list[int]]:
    """Return the positions of the names declared, and where first values begin."""
    names: list[int] = []
    values: list[int] = []
    depth, angles, in_value = 0, 0, False
    for position in range(begin, end):
        text = view.at(position)
        after = view.at(position + 1) if position + 1 < end else ";"
        if depth == 0:
            angles += text.count("<") - text.count(">")
            body = text in CLASSES or view.at(position - 1) in CLASSES
            if angles == 0 and not in_value:
                if view.is_word(position) and after in ("[", ",", ";", "=", "{"):
                    names += [position] * (not body)
                in_value = after == "=" or (after == "{" and not body)
                values += [position + 1] * in_value
            in_value = in_value and not (text == "," and angles == 0)
        depth += (text in OPENING) - (text in CLOSING)
    return names, values


def parts_of(view: View, name: int) -> list[str]:
    """Return the words that a macro pastes together to a name: usually one."""
    parts = [view.at(name)]
    while view.at(name - 1) == "##":
        name -= 2
        parts.insert(0, view.at(name))
    return parts


def pasted(view: View, name: int) -> str:
    """Return a name, as the body of a macro has it."""
    return "##".join(parts_of(view, name))


def quoted(view: View, name: int) -> str:
    """Return a literal with a name; of a macro's parameter, with its value."""
    given = view.parameters
    return " ".join(f"#{p}" if p in given else f'"{p}"' for p in parts_of(view, name))
