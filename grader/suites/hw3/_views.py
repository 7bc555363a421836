"""Draw views on flat memory: what compact and setitem are called with.

NumPy makes them, so that none leaves its memory. Lengths of axes differ, so that mixing
up axes always shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import NamedTuple

import numpy as np
from gradebox import Trial

from ._inputs import between
from ._memory import Floats
from ._ops import lengths


class View(NamedTuple):
    """Elements of flat memory, all counted in elements."""

    size: int  # of the memory
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int

    @property
    def count(self) -> int:
        """How many elements it shows."""
        return int(np.prod(self.shape, dtype=int))


Named = Iterator[tuple[str, View]]


def distinct(t: Trial, *shape: int) -> Floats:
    """Draw numbers of which no two are alike."""
    size = int(np.prod(shape, dtype=int))
    return (t.rng.permutation(size) + 0.5).astype(np.float32).reshape(shape)


def longer(t: Trial, count: int) -> tuple[int, ...]:
    """Draw lengths from 6 to 10, no two alike: to cut pieces out of."""
    return tuple(n + 4 for n in lengths(t, count))


def whole(*shape: int) -> Floats:
    """Return an array to take views of; what it holds does not matter."""
    return np.zeros(shape, np.float32)


def look(base: Floats, view: Floats) -> View:
    """Return how a view looks at the memory of the array it was taken of."""
    item = base.itemsize
    apart = view.__array_interface__["data"][0] - base.__array_interface__["data"][0]
    strides = tuple(step // item for step in view.strides)
    return View(base.size, view.shape, strides, apart // item)


def compact(t: Trial) -> Named:
    """Yield arrays that are compact already."""
    for count in range(1, 6):
        a = whole(*lengths(t, count))
        yield f"{count} axes as they lie", look(a, a)


def permuted(t: Trial) -> Named:
    """Yield arrays with their axes in another order."""
    a = whole(*lengths(t, 2))
    yield "a transposed matrix", look(a, a.T)
    a = whole(*lengths(t, 3))
    for order in permutations(range(3)):
        yield f"axes {order}", look(a, a.transpose(order))
    a = whole(*lengths(t, 5))
    for order in [(4, 0, 3, 1, 2), (1, 2, 3, 4, 0), (0, 3, 2, 1, 4)]:
        yield f"axes {order}", look(a, a.transpose(order))


def sliced(t: Trial) -> Named:
    """Yield parts of arrays, with gaps and without."""
    (n,) = longer(t, 1)
    a = whole(n)
    yield "a part of a vector", look(a, a[2:-1])
    yield "every third element", look(a, a[1::3])
    yield "the last element", look(a, a[-1:])
    a = whole(*longer(t, 2))
    yield "some rows", look(a, a[2:-1])
    yield "some columns", look(a, a[:, 1:-2])
    yield "every second row", look(a, a[1::2])
    yield "every third column", look(a, a[:, ::3])
    yield "the last column", look(a, a[:, -1:])
    a = whole(*longer(t, 3))
    yield "a box", look(a, a[1:-1, 2:, :-3])
    yield "a box with steps", look(a, a[::2, 1:-1:3, 3::2])
    yield "the middle axis", look(a, a[:, 2:4])


def backwards(t: Trial) -> Named:
    """Yield arrays with negative strides."""
    a = whole(*lengths(t, 1))
    yield "a vector backwards", look(a, a[::-1])
    a = whole(*lengths(t, 2))
    yield "rows backwards", look(a, a[::-1])
    yield "columns backwards", look(a, a[:, ::-1])
    yield "both backwards", look(a, a[::-1, ::-1])
    a = whole(*longer(t, 3))
    yield "backwards with steps", look(a, a[-2::-2, 1:5, 5:0:-3])
    yield "backwards and transposed", look(a, a[:, ::-1].transpose(2, 0, 1))


def repeated(t: Trial) -> Named:
    """Yield arrays with strides of 0."""
    k, m, n = lengths(t, 3)
    for shape in [(n,), (m, 1), (1, n), (1,), (), (k, 1, n), (1, m, 1)]:
        a = whole(*shape)
        yield f"{shape} repeated", look(a, np.broadcast_to(a, (k, m, n)))
    a = whole(m + 3, 4)
    part = a[2:-1, 3:]
    yield "a column repeated", look(a, np.broadcast_to(part, (k, m, n)))


def narrow(t: Trial) -> Named:
    """Yield arrays of one element, of no axes, and with axes of length 1."""
    n = between(t, 3, 6)
    yield "one element", View(n, (1,), (1,), n - 1)
    yield "no axes", View(n, (), (), 1)
    yield "axes of length 1", View(3 * n, (1, n, 1), (3 * n, 3, 1), 2)
    # Their strides lead nowhere, and nobody goes there.
    yield "any strides", View(2 * n, (1, n, 1, 1), (10**6, 2, -(10**9), 0), 1)
    yield "one of many axes", View(5, (1, 1, 1, 1), (-7, 7, 0, 10**12), 4)


def empty(t: Trial) -> Named:
    """Yield arrays without elements, and one that has some."""
    m, n = lengths(t, 2)
    for shape in [(0,), (m, 0), (0, n), (m, 0, n), (0, m, 0)]:
        a = whole(*shape)
        yield f"{shape}", look(a, a)
    a = whole(m + 1, n)
    yield "no rows of some", look(a, a[1:1])
    yield "a few elements", look(a, a[1:, :1])


def many_axes(t: Trial) -> Named:
    """Yield arrays of more axes than anybody would write loops for."""
    order = [*range(9, 4, -1), *range(5)]
    a = whole(*(2,) * 10)
    yield "ten axes", look(a, a)
    yield "ten axes, mixed", look(a, a.transpose(order))
    a = whole(*(1, 2, 1, 1) * 10)
    yield "forty axes", look(a, a[..., ::-1, :, :].transpose(range(39, -1, -1)))
    a = whole(3, 1, 2, 2, 1, 4, 2)
    yield "seven axes", look(a, a.transpose(3, 5, 0, 1, 6, 4, 2))


def mixed(t: Trial) -> Named:
    """Yield what several steps have made."""
    a = whole(*longer(t, 3))
    yield "sliced and permuted", look(a, a[2:, :-1, ::2].transpose(1, 2, 0))
    yield "permuted and sliced", look(a, a.transpose(2, 0, 1)[1:-1, ::2, 3:])
    turned = a[::-1, 1::2].transpose(2, 1, 0)
    yield "all of it", look(a, turned[::-2, 1:, 2:-1])
    yield "with new axes", look(a, a.T[:, None, 1:-1, 2::3, None])


def windows(t: Trial) -> Named:
    """Yield views that show elements more than once, or along a diagonal."""
    m, n = lengths(t, 2)
    yield "windows", View(m + n, (m, n), (1, 1), 1)
    yield "windows with gaps", View(3 * m + 2 * n, (m, n), (3, 2), 2)
    yield "a diagonal", View(n * n, (n,), (n + 1,), 0)
    yield "the other diagonal", View(n * n, (n,), (n - 1,), n - 1)


def large(t: Trial) -> Named:
    """Yield more elements than any block, cache line or byte counts."""
    m, n = between(t, 260, 290), between(t, 300, 330)
    a = whole(m, n)
    yield "a large matrix", look(a, a)
    yield "a large transposed matrix", look(a, a.T)
    yield "a large part", look(a, a[1:-1, 2:-1])
    a = whole(40, 7, 301)
    yield "a large array, permuted", look(a, a.transpose(1, 2, 0))
