"""A module in words: what is in it, line by line, with the numbers of parameters."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from ..describe import as_call, count

if TYPE_CHECKING:
    from .module import Module

_MODES = {True: ", in training", False: ", in evaluation"}


def listing(module: Module) -> str:
    """Return a line for a module and one for each inside, indented below its owner.

    The mode is said where it is not training, and of what is inside where it differs.
    """
    lines = [_line(module, usual=True)]
    owners: list[str] = []  # names of the modules around the current line
    for name, each in list(module.named_modules())[1:]:
        while owners and not name.startswith(f"{owners[-1]}."):
            owners.pop()
        own = name[len(owners[-1]) + 1 :] if owners else name
        owners.append(name)
        lines.append(f"{'  ' * len(owners)}{own}: {_line(each, _mode(module))}")
    return "\n".join(lines)


def _line(module: Module, usual: bool) -> str:
    number = sum(prod(p.shape) for p in module.parameters())
    counted = f", {count(number, 'parameter')}" if number else ""
    mode = _MODES[_mode(module)] if _mode(module) != usual else ""
    return as_call(module) + counted + mode


def _mode(module: Module) -> bool:
    return bool(getattr(module, "training", True))
