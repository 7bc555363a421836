"""What tensors ask of arrays, be they our own or NumPy's."""

from __future__ import annotations

from typing import Any

import numpy

from .backend_selection import BACKEND, Device, NDArray, default_device

_DEFAULT = default_device()


def new_array(numbers: Any, device: Device, dtype: Any = None) -> NDArray:
    """Return real numbers as an array on a device: always a copy.

    NumPy's arrays get the dtype asked for, by default NumPy's choice. Our own are of
    float32, integers and truth values among them.

    Raises:
        TypeError: for what is no real number, or for numbers that are to be of another
            floating-point type than there is.
    """
    if BACKEND == "nd":
        check_dtype(dtype)
        if isinstance(numbers, NDArray):
            return NDArray(numbers, device=device)
    array = numpy.array(numbers, dtype=dtype)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"a Tensor holds real numbers, not {array.dtype}: {array}")
    if BACKEND == "nd":
        return NDArray(array, device=device)
    if not device.enabled():
        device.empty(array.shape)  # says what to do
    return array


def check_dtype(dtype: Any) -> None:
    """Raise unless numbers that are asked for in a type are good enough in float32.

    Raises:
        TypeError: for floating-point types other than float32.
    """
    if dtype is None or dtype == "float32":  # mostly
        return
    kind = numpy.dtype(dtype)
    if kind.kind not in "biu" and kind != numpy.float32:
        raise TypeError(
            f"arrays of our own are of float32, not of {kind}; with NEEDLE_BACKEND=np"
            " in the environment tensors hold NumPy's arrays, of any type"
        )


def device_of(data: Any) -> Device:
    """Return where an array is; of anything else, where arrays are made of it."""
    if BACKEND == "nd" and isinstance(data, NDArray):
        return data.device
    return _DEFAULT
