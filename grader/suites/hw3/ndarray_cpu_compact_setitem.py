"""Question 2: compact and setitem in C++."""

from gradebox import Trial, case

from . import _views as views
from ._arrays import nd
from ._copies import (
    answer_arrays_compact,
    answer_arrays_setitem,
    answer_compact,
    answer_ewise_setitem,
    answer_scalar_setitem,
)
from ._kernels import Kernels

QUESTION = "hw3.ndarray_cpu_compact_setitem"
VIEWS = ["hw3.ndarray_python_ops"]

cpu = Kernels("cpu")


@case(QUESTION, points=0.5)
def compact_as_it_lies(t: Trial) -> None:
    """What is compact already comes out as it is, with one axis or five."""
    answer_compact(t, cpu, views.compact(t))


@case(QUESTION, points=1)
def compact_permuted(t: Trial) -> None:
    """Axes in another order: the last one of the view goes fastest."""
    answer_compact(t, cpu, views.permuted(t))


@case(QUESTION, points=1)
def compact_sliced(t: Trial) -> None:
    """A part begins at its offset, and has gaps along any axis."""
    answer_compact(t, cpu, views.sliced(t))


@case(QUESTION, points=1)
def compact_backwards(t: Trial) -> None:
    """Negative strides go backwards from the offset."""
    answer_compact(t, cpu, views.backwards(t))


@case(QUESTION, points=1)
def compact_repeated(t: Trial) -> None:
    """A stride of 0 shows the same elements again."""
    answer_compact(t, cpu, views.repeated(t))


@case(QUESTION, points=0.5)
def compact_narrow(t: Trial) -> None:
    """Axes of length 1, whatever their strides; one element; no axes."""
    answer_compact(t, cpu, views.narrow(t))


@case(QUESTION, points=0.5)
def compact_empty(t: Trial) -> None:
    """Where an axis has length 0 nothing is read or written."""
    answer_compact(t, cpu, views.empty(t))


@case(QUESTION, points=0.5)
def compact_many_axes(t: Trial) -> None:
    """There may be any number of axes."""
    answer_compact(t, cpu, views.many_axes(t))


@case(QUESTION, points=1)
def compact_mixed(t: Trial) -> None:
    """Permuted, sliced and backwards at once."""
    answer_compact(t, cpu, views.mixed(t))


@case(QUESTION, points=0.5)
def compact_windows(t: Trial) -> None:
    """Views that overlap themselves, and diagonals."""
    answer_compact(t, cpu, views.windows(t))


@case(QUESTION, points=0.5)
def compact_large(t: Trial) -> None:
    """Tens of thousands of elements, in order and out of order."""
    answer_compact(t, cpu, views.large(t))


@case(QUESTION, points=0.5)
def ewise_setitem_as_it_lies(t: Trial) -> None:
    """All elements of an array are set, in order, few or tens of thousands."""
    answer_ewise_setitem(t, cpu, views.compact(t))
    answer_ewise_setitem(t, cpu, views.large(t))


@case(QUESTION, points=0.5)
def ewise_setitem_permuted(t: Trial) -> None:
    """Elements go where the axes of the view say."""
    answer_ewise_setitem(t, cpu, views.permuted(t))


@case(QUESTION, points=1)
def ewise_setitem_sliced(t: Trial) -> None:
    """A part is set, and the rest of the memory stays as it is."""
    answer_ewise_setitem(t, cpu, views.sliced(t))


@case(QUESTION, points=0.5)
def ewise_setitem_backwards(t: Trial) -> None:
    """Negative strides go backwards from the offset."""
    answer_ewise_setitem(t, cpu, views.backwards(t))


@case(QUESTION, points=0.5)
def ewise_setitem_narrow(t: Trial) -> None:
    """Axes of length 1, one element, no axes, no elements."""
    answer_ewise_setitem(t, cpu, views.narrow(t))
    answer_ewise_setitem(t, cpu, views.empty(t))


@case(QUESTION, points=0.5)
def ewise_setitem_mixed(t: Trial) -> None:
    """Permuted, sliced and backwards at once, with many axes too."""
    answer_ewise_setitem(t, cpu, views.mixed(t))
    answer_ewise_setitem(t, cpu, views.many_axes(t))


@case(QUESTION, points=1)
def scalar_setitem_sliced(t: Trial) -> None:
    """A part is set to a number, and the rest of the memory stays as it is."""
    answer_scalar_setitem(t, cpu, views.sliced(t))


@case(QUESTION, points=0.5)
def scalar_setitem_backwards(t: Trial) -> None:
    """Negative strides go backwards from the offset."""
    answer_scalar_setitem(t, cpu, views.backwards(t))


@case(QUESTION, points=0.5)
def scalar_setitem_narrow(t: Trial) -> None:
    """Axes of length 1, one element, no axes, no elements."""
    answer_scalar_setitem(t, cpu, views.narrow(t))
    answer_scalar_setitem(t, cpu, views.empty(t))


@case(QUESTION, points=0.5)
def scalar_setitem_mixed(t: Trial) -> None:
    """Permuted, sliced and backwards at once, with many axes or elements too."""
    answer_scalar_setitem(t, cpu, views.mixed(t))
    answer_scalar_setitem(t, cpu, views.many_axes(t))
    answer_scalar_setitem(t, cpu, views.large(t))


@case(QUESTION, points=0.5, needs=VIEWS)
def arrays_compact(t: Trial) -> None:
    """An NDArray's `compact()` is a new array, row-major."""
    answer_arrays_compact(t, nd.cpu())


@case(QUESTION, points=0.5, needs=VIEWS)
def arrays_setitem(t: Trial) -> None:
    """Parts of an NDArray are set to numbers, to arrays, and to other parts of it."""
    answer_arrays_setitem(t, nd.cpu())
