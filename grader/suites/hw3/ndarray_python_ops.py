"""Question 1: reshape, permute, broadcast_to and slices, as views."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

from gradebox import Trial, case
from numpy import s_

from ._arrays import answer_view, array, nd
from ._ops import lengths
from ._views import distinct, longer

QUESTION = "hw3.ndarray_python_ops"

# The original says AssertionError where a ValueError says the same.
NO_SUCH_SHAPE = (ValueError, AssertionError)


def fresh(t: Trial, *shape: int) -> Any:
    """Return an array of different numbers, on the device that needs no kernel."""
    return array(t, distinct(t, *shape), nd.cpu_numpy())


def answer_parts(t: Trial, shape: Sequence[int], *indices: Any) -> None:
    """Hand over parts of arrays of one shape."""
    for index in indices:
        a = fresh(t, *shape)
        answer_view(t, f"{shown(index)} of {tuple(shape)}", a[index], a)


def shown(index: Any) -> str:
    """Return an index as one writes it."""
    parts = index if isinstance(index, tuple) else (index,)
    return f"[{', '.join(map(_part, parts))}]"


def _part(part: int | slice) -> str:
    if isinstance(part, int):
        return str(part)
    ends = ("" if end is None else str(end) for end in (part.start, part.stop))
    return ":".join(ends) + (f":{part.step}" if part.step else "")


@case(QUESTION, points=1.5)
def reshape_other_axes(t: Trial) -> None:
    """The same elements in the same order, with fewer axes or with more."""
    k, m, n = lengths(t, 3)
    for old, new in [
        ((m, n), (m * n,)),
        ((m * n,), (m, n)),
        ((m, n), (n, m)),
        ((k * m, n), (k, m, n)),
        ((k, m, n), (m, k * n)),
        ((k, m, n), (n, k, m)),
        ((4, 3, 10), (2, 5, 2, 6)),
    ]:
        a = fresh(t, *old)
        answer_view(t, f"{old} to {new}", a.reshape(new), a)


@case(QUESTION, points=1)
def reshape_corners(t: Trial) -> None:
    """Axes of length 1, no axes, no elements, and a length that is left open."""
    m, n = lengths(t, 2)
    for old, new in [
        ((m, n), (1, m, 1, n)),
        ((1, m, 1, n), (m, n)),
        ((m,), (m, 1)),
        ((), (1, 1)),
        ((1, 1), ()),
        ((0, n), (m, 0, 2)),
        ((m, n), (-1,)),
        ((2 * m, n), (2, -1)),
        ((m, n), (m, n)),
    ]:
        a = fresh(t, *old)
        answer_view(t, f"{old} to {new}", a.reshape(new), a)


@case(QUESTION, points=1)
def reshape_refused(t: Trial) -> None:
    """What does not hold as many elements, and what no strides can show."""
    m, n = lengths(t, 2)
    a = fresh(t, m, n)
    for new in [(m, n + 1), (m + 1, n), (m * n + 1,), (m,), (m, n, 2)]:
        t.raises(f"{(m, n)} to {new}", ValueError, a.reshape, new)
    transposed = a.as_strided((n, m), (1, n))
    t.raises("a transposed array", ValueError, transposed.reshape, (m * n,))
    repeated = a.as_strided((2, m, n), (0, n, 1))
    t.raises("a repeated array", ValueError, repeated.reshape, (2 * m, n))
    rows = a.as_strided((m - 1, n), (n, 1))
    t.raises("a part of an array", ValueError, rows.reshape, ((m - 1) * n,))
    answer_view(t, "a shape that fits", a.reshape((n * m, 1)), a)


@case(QUESTION, points=2)
def permute_three_axes(t: Trial) -> None:
    """Each order of three axes, and of two."""
    for count in (2, 3):
        shape = lengths(t, count)
        for order in permutations(range(count)):
            a = fresh(t, *shape)
            answer_view(t, f"axes {order}", a.permute(order), a)


@case(QUESTION, points=1)
def permute_other_axes(t: Trial) -> None:
    """More axes and fewer, axes counted from the end, axes of length 1 or 0."""
    n = lengths(t, 1)[0]
    for shape, order in [
        (lengths(t, 5), (3, 0, 4, 1, 2)),
        (lengths(t, 4), (-1, 0, -2, 1)),
        ((2, 1, n, 1), (1, 2, 3, 0)),
        ((n,), (0,)),
        ((), ()),
        ((n, 0, 3), (2, 0, 1)),
    ]:
        a = fresh(t, *shape)
        answer_view(t, f"{shape} by {order}", a.permute(order), a)


@case(QUESTION, points=0.5)
def permute_refused(t: Trial) -> None:
    """An order has to name every axis."""
    a = fresh(t, *lengths(t, 3))
    for order in [(0, 1), (2,), ()]:
        t.raises(f"axes {order} of 3", NO_SUCH_SHAPE, a.permute, order)
    answer_view(t, "an order that fits", a.permute((2, 0, 1)), a)


@case(QUESTION, points=1.5)
def broadcast_stretched(t: Trial) -> None:
    """Axes of length 1 become longer: with a stride of 0."""
    k, m, n = lengths(t, 3)
    for old in [(1, m, n), (k, 1, n), (k, m, 1), (1, m, 1), (1, 1, n), (1, 1, 1)]:
        a = fresh(t, *old)
        answer_view(t, f"{old}", a.broadcast_to((k, m, n)), a)


@case(QUESTION, points=1.5)
def broadcast_new_axes(t: Trial) -> None:
    """New axes come in front."""
    k, m, n = lengths(t, 3)
    for old in [(n,), (m, n), (1,), (m, 1), (1, n), ()]:
        a = fresh(t, *old)
        answer_view(t, f"{old}", a.broadcast_to((k, m, n)), a)
    a = fresh(t, 4, 1)
    answer_view(t, "several", a.broadcast_to((2, k, 3, 4, n)), a)


@case(QUESTION, points=1)
def broadcast_corners(t: Trial) -> None:
    """The same shape, no elements, and an array that is a view itself."""
    k, m, n = lengths(t, 3)
    for old, new in [
        ((m, n), (m, n)),
        ((), ()),
        ((0, n), (m, 0, n)),
        ((m, 1), (m, 0)),
    ]:
        a = fresh(t, *old)
        answer_view(t, f"{old} to {new}", a.broadcast_to(new), a)
    a = fresh(t, m, n)
    column = nd.NDArray.make(
        (n, 1), (1, n), device=a.device, handle=a._handle, offset=n * (m - 1)
    )
    answer_view(t, "the last row as a column", column.broadcast_to((k, n, m)), a)


@case(QUESTION, points=1)
def broadcast_refused(t: Trial) -> None:
    """An axis of another length than 1 cannot change it; none can go."""
    m, n = lengths(t, 2)
    a = fresh(t, m, n)
    for new in [(m, n + 1), (m + 1, n), (2 * m, n), (m, n, 1), (n,), (m, 1), (2, n, m)]:
        t.raises(f"{(m, n)} to {new}", NO_SUCH_SHAPE, a.broadcast_to, new)
    for old, new in [((1, n), (n,)), ((1, 1, 1), (1, 1)), ((1,), ())]:
        t.raises(f"{old} to {new}", NO_SUCH_SHAPE, fresh(t, *old).broadcast_to, new)
    answer_view(t, "a shape that fits", a.broadcast_to((3, m, n)), a)


@case(QUESTION, points=2)
def getitem_slices(t: Trial) -> None:
    """Parts of arrays, from somewhere to somewhere."""
    answer_parts(t, longer(t, 1), s_[2:-1], s_[:3], s_[-2:])
    answer_parts(t, longer(t, 2), s_[1:4, :], s_[:, 2:-1], s_[3:, :-2], s_[:, :])
    answer_parts(t, longer(t, 3), s_[1:-1, 2:, :4], s_[:, 3:5, :], s_[:100, -3:, 1:3])


@case(QUESTION, points=1.5)
def getitem_steps(t: Trial) -> None:
    """Steps, whether or not they come out even."""
    answer_parts(t, (13,), s_[::2], s_[1:-1:3], s_[2:12:5])
    answer_parts(t, (12,), s_[::3], s_[1:11:5])
    answer_parts(
        t, longer(t, 3), s_[::2, :, 1::3], s_[1::2, :5:4, 2:-1:2], s_[:, :6:2, :6:3]
    )


@case(QUESTION, points=1.5)
def getitem_integers(t: Trial) -> None:
    """An integer leaves an axis of length 1, and may count from the end."""
    answer_parts(t, longer(t, 1), 3, 0, -1, -4)
    answer_parts(t, longer(t, 2), s_[2, :], s_[:, -1], s_[4, 1], s_[-2, 1:5:2])
    answer_parts(t, longer(t, 3), s_[1, 2, 3], s_[:, -3, :], s_[0, 2:-1, -1])


@case(QUESTION, points=0.5)
def getitem_backwards(t: Trial) -> None:
    """Negative steps: what is given makes them of your slices."""
    answer_parts(t, (9,), s_[::-1], s_[-2:1:-3], s_[5:1:-1])
    answer_parts(t, (7, 10), s_[::-1, :], s_[4::-2, ::-1], s_[1:-1:2, -1:0:-2])


@case(QUESTION, points=0.5)
def getitem_corners(t: Trial) -> None:
    """Parts without elements, of arrays without elements, and of a single number."""
    m, n = longer(t, 2)
    for shape, index in [
        ((m, n), s_[2:2, :]),
        ((m, n), s_[:, 5:3]),
        ((m, n), s_[2:2:3, n:]),
        ((0, n), s_[:, 1:4]),
        ((0, n), s_[1:, 2]),
    ]:
        a, name = fresh(t, *shape), f"{shown(index)} of {shape}"
        answer_view(t, name, a[index], a)
    a = fresh(t)
    answer_view(t, "[()] of no axes", a[()], a)
    a = fresh(t, 1)
    answer_view(t, "[0] of one element", a[0], a)


@case(QUESTION, points=1.5)
def views_of_views(t: Trial) -> None:
    """What a view is made of may be a view: offsets and strides add up."""
    k, m, n = 9, 8, 10  # so that no part has length 1 by chance
    steps = {
        "a part of a part": lambda a: a[1:-1, 2:, ::2][1:, :-2, 1:3],
        "steps in steps": lambda a: a[::2, 1::2, 1:][1::2, ::2, ::3],
        "a permuted part": lambda a: a[1:, 2:-1, 3:].permute((2, 0, 1)),
        "a part of a permuted array": lambda a: a.permute((1, 2, 0))[2:, 1::2, -3:],
        "permuted twice": lambda a: a.permute((1, 2, 0)).permute((0, 2, 1)),
        "a part repeated": lambda a: a[2, 1:4, -1].broadcast_to((5, 3, 4)),
        "a part of a repetition": lambda a: a[:, 1, :].broadcast_to((k, 7, n))[
            1:, 2:5, ::3
        ],
        "a part of what goes backwards": lambda a: a[::-1, :, ::-2][1:, 2:, 1:],
        "another shape, and a part of it": lambda a: a.reshape((m, k * n))[1::2, 5:-1],
        "a column of another shape, repeated": lambda a: a.reshape((k * m, n))[
            1:, 2
        ].broadcast_to((3, k * m - 1, 2)),
    }
    for name, make in steps.items():
        a = fresh(t, k, m, n)
        answer_view(t, name, make(a), a)


@case(QUESTION, points=0.5, built=True)
def views_on_cpu(t: Trial) -> None:
    """The same views on memory that the kernels in C++ use."""
    k, m, n = lengths(t, 3)
    for name, shape, make in [
        ("reshape", (k * m, n), lambda a: a.reshape((k, m, n))),
        ("permute", (k, m, n), lambda a: a.permute((2, 0, 1))),
        ("broadcast_to", (m, 1), lambda a: a.broadcast_to((k, m, n))),
        ("a part", (9, 8), lambda a: a[2:-1, 1::3]),
    ]:
        a = array(t, distinct(t, *shape), nd.cpu())
        answer_view(t, name, make(a), a)
