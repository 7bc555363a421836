"""Try the kernels that copy between compact arrays and views."""

from __future__ import annotations

from typing import Any

from gradebox import Trial, exact

from ._inputs import between
from ._kernels import GARBAGE, Kernels
from ._views import Named, View, distinct


def _where(view: View) -> tuple[Any, ...]:
    return list(view.shape), list(view.strides), view.offset


def answer_compact(t: Trial, kernels: Kernels, views: Named) -> None:
    """Hand over views as compact arrays."""
    for name, view in views:
        memory = distinct(t, view.size)
        where = t.input(_where(view))
        kernels.answer(t, name, "compact", [memory], view.count, *where, check=exact())


def answer_ewise_setitem(t: Trial, kernels: Kernels, views: Named) -> None:
    """Hand over all memory after elements of it were set from an array."""
    for name, view in views:
        source = kernels.memory(t.input(-distinct(t, view.count)), -GARBAGE)
        memory = kernels.memory(t.input(distinct(t, view.size)))
        kernels.run("ewise_setitem", source, memory, *t.input(_where(view)))
        kernels.hand_over(t, f"{name}: all memory", memory, exact())
        kernels.hand_over(t, f"{name}: the source afterwards", source, exact())


def answer_scalar_setitem(t: Trial, kernels: Kernels, views: Named) -> None:
    """Hand over all memory after elements of it were set to a number."""
    for name, view in views:
        value = t.input(-(between(t, 1, 99) + 0.5) / 8)  # no whole number
        memory = kernels.memory(t.input(distinct(t, view.size)))
        where = t.input(_where(view))
        kernels.run("scalar_setitem", view.count, value, memory, *where)
        kernels.hand_over(t, f"{name}: all memory", memory, exact())
