"""Try the kernels that copy between compact arrays and views."""

from __future__ import annotations

from typing import Any

from gradebox import Trial, exact

from ._arrays import answer_array, array
from ._inputs import between
from ._kernels import Kernels
from ._memory import GARBAGE
from ._ops import lengths
from ._views import Named, View, distinct, longer, look, whole


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
        where, kernel = t.input(_where(view)), "ewise_setitem"
        kernels.run(t, name, kernel, source, memory, *where)
        kernels.hand_over(t, f"{name}: all memory", kernel, memory, exact())
        kernels.hand_over(t, f"{name}: the source afterwards", kernel, source, exact())


def answer_scalar_setitem(t: Trial, kernels: Kernels, views: Named) -> None:
    """Hand over all memory after elements of it were set to a number."""
    for name, view in views:
        value = t.input(-(between(t, 1, 99) + 0.5) / 8)  # no whole number
        memory = kernels.memory(t.input(distinct(t, view.size)))
        where, kernel = t.input(_where(view)), "scalar_setitem"
        kernels.run(t, name, kernel, view.count, value, memory, *where)
        kernels.hand_over(t, f"{name}: all memory", kernel, memory, exact())


def answer_copies_work(t: Trial, kernels: Kernels) -> None:
    """Hand over copies from and to a view, and how much of them threads have made."""
    base = whole(37, 41)
    view = look(base, base[1:-1, ::3].T)
    count, where = view.count, t.input(_where(view))
    kernels.answer_work(
        t, "compact", "compact", [distinct(t, view.size)], count, *where,
        read=count, written=count, check=exact(),
    )  # fmt: skip
    memory = t.input(distinct(t, view.size))
    kernels.answer_work(
        t, "ewise_setitem", "ewise_setitem", [-distinct(t, count)], memory, *where,
        read=count, written=count, check=exact(),
    )  # fmt: skip
    kernels.answer_work(
        t, "scalar_setitem", "scalar_setitem", [count, -0.625], memory, *where,
        read=0, written=count, check=exact(),
    )  # fmt: skip


def answer_arrays_compact(t: Trial, device: Any) -> None:
    """Hand over NDArrays made of views by `compact()`."""
    a = array(t, distinct(t, *longer(t, 3)), device)
    for name, view in [
        ("permuted", a.permute((2, 0, 1))),
        ("sliced", a[1:-1, 0:5:2, 3:]),
        ("both", a.permute((1, 2, 0))[::-1, 2:, 1:5:3]),
    ]:
        answer_array(t, name, view.compact(), check=exact())


def answer_arrays_setitem(t: Trial, device: Any) -> None:
    """Hand over an NDArray of which parts were set to numbers and to arrays."""
    m, n = lengths(t, 2)
    a = array(t, distinct(t, m + 4, n + 4), device)
    a[2:-2, 1:-3] = array(t, -distinct(t, m, n), device)
    t.answer("set from an array", a.numpy(), check=exact())
    a[0:5:2, -1] = 0.25
    t.answer("set to a number", a.numpy(), check=exact())
    a[1:, :] = a[:-1, :]
    t.answer("set from the rows before", a.numpy(), check=exact())
    a[0:n, 0:m] = array(t, -distinct(t, m, n), device).permute((1, 0))
    t.answer("set from a transposed array", a.numpy(), check=exact())
