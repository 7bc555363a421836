"""Question 6: compact and setitem in CUDA."""

from gradebox import Trial, case

from . import _views as views
from ._arrays import cuda
from ._copies import (
    answer_arrays_compact,
    answer_arrays_setitem,
    answer_compact,
    answer_copies_work,
    answer_ewise_setitem,
    answer_scalar_setitem,
)
from ._kernels import Kernels

QUESTION = "hw3.ndarray_cuda_compact_setitem"
VIEWS = ["hw3.ndarray_python_ops"]

kernels = Kernels("cuda")


@case(QUESTION, points=0.5)
def cuda_compact_as_it_lies(t: Trial) -> None:
    """What is compact already comes out as it is, with one axis or five."""
    answer_compact(t, kernels, views.compact(t))


@case(QUESTION, points=1)
def cuda_compact_permuted(t: Trial) -> None:
    """Axes in another order: the last one of the view goes fastest."""
    answer_compact(t, kernels, views.permuted(t))


@case(QUESTION, points=1)
def cuda_compact_sliced(t: Trial) -> None:
    """A part begins at its offset, and has gaps along any axis."""
    answer_compact(t, kernels, views.sliced(t))


@case(QUESTION, points=0.5)
def cuda_compact_backwards(t: Trial) -> None:
    """Negative strides go backwards from the offset."""
    answer_compact(t, kernels, views.backwards(t))


@case(QUESTION, points=0.5)
def cuda_compact_repeated(t: Trial) -> None:
    """A stride of 0 shows the same elements again; others overlap."""
    answer_compact(t, kernels, views.repeated(t))
    answer_compact(t, kernels, views.windows(t))


@case(QUESTION, points=0.5)
def cuda_compact_narrow(t: Trial) -> None:
    """Axes of length 1, whatever their strides; one element; no axes."""
    answer_compact(t, kernels, views.narrow(t))


@case(QUESTION, points=0.5)
def cuda_compact_empty(t: Trial) -> None:
    """Where an axis has length 0 there is nothing to launch."""
    answer_compact(t, kernels, views.empty(t))


@case(QUESTION, points=0.5)
def cuda_compact_many_axes(t: Trial) -> None:
    """There may be any number of axes."""
    answer_compact(t, kernels, views.many_axes(t))


@case(QUESTION, points=0.5)
def cuda_compact_mixed(t: Trial) -> None:
    """Permuted, sliced and backwards at once."""
    answer_compact(t, kernels, views.mixed(t))


@case(QUESTION, points=0.5)
def cuda_compact_large(t: Trial) -> None:
    """Tens of thousands of elements: more than one block has threads."""
    answer_compact(t, kernels, views.large(t))


@case(QUESTION, points=0.5)
def cuda_ewise_setitem_as_it_lies(t: Trial) -> None:
    """All elements of an array are set, in order, few or tens of thousands."""
    answer_ewise_setitem(t, kernels, views.compact(t))
    answer_ewise_setitem(t, kernels, views.large(t))


@case(QUESTION, points=0.5)
def cuda_ewise_setitem_permuted(t: Trial) -> None:
    """Elements go where the axes of the view say."""
    answer_ewise_setitem(t, kernels, views.permuted(t))


@case(QUESTION, points=0.5)
def cuda_ewise_setitem_sliced(t: Trial) -> None:
    """A part is set, and the rest of the memory stays as it is."""
    answer_ewise_setitem(t, kernels, views.sliced(t))


@case(QUESTION, points=0.25)
def cuda_ewise_setitem_narrow(t: Trial) -> None:
    """Axes of length 1, one element, no axes, no elements."""
    answer_ewise_setitem(t, kernels, views.narrow(t))
    answer_ewise_setitem(t, kernels, views.empty(t))


@case(QUESTION, points=0.25)
def cuda_ewise_setitem_mixed(t: Trial) -> None:
    """Permuted, sliced and backwards at once, with many axes too."""
    answer_ewise_setitem(t, kernels, views.backwards(t))
    answer_ewise_setitem(t, kernels, views.mixed(t))
    answer_ewise_setitem(t, kernels, views.many_axes(t))


@case(QUESTION, points=0.5)
def cuda_scalar_setitem_sliced(t: Trial) -> None:
    """A part is set to a number, and the rest of the memory stays as it is."""
    answer_scalar_setitem(t, kernels, views.sliced(t))


@case(QUESTION, points=0.25)
def cuda_scalar_setitem_narrow(t: Trial) -> None:
    """Axes of length 1, one element, no axes, no elements."""
    answer_scalar_setitem(t, kernels, views.narrow(t))
    answer_scalar_setitem(t, kernels, views.empty(t))


@case(QUESTION, points=0.25)
def cuda_scalar_setitem_mixed(t: Trial) -> None:
    """Permuted, sliced and backwards at once, with many axes or elements too."""
    answer_scalar_setitem(t, kernels, views.backwards(t))
    answer_scalar_setitem(t, kernels, views.mixed(t))
    answer_scalar_setitem(t, kernels, views.many_axes(t))
    answer_scalar_setitem(t, kernels, views.large(t))


@case(QUESTION, points=0.5)
def cuda_copies_by_threads(t: Trial) -> None:
    """It is threads of the device that read and write, and no memory is left behind."""
    answer_copies_work(t, kernels)


@case(QUESTION, points=0.5, needs=VIEWS)
def cuda_arrays_copied(t: Trial) -> None:
    """An NDArray's `compact()`, and parts of one set to numbers and arrays."""
    answer_arrays_compact(t, cuda())
    answer_arrays_setitem(t, cuda())
