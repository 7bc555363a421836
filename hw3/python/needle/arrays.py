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
        TypeError: for what is no real number, or no device.
        AssertionError: if our own are to be of another floating-point type.
        RuntimeError: if the device cannot be used, with what to do.
    """
    if not isinstance(device, Device):
        raise TypeError(f"a device is what needle.cpu() gives, not {device!r:.60}")
    if BACKEND == "nd" and isinstance(numbers, NDArray):
        return device.array(numbers, dtype)
    array = numpy.array(numbers, dtype=dtype)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"a Tensor holds real numbers, not {array.dtype}: {array}")
    if BACKEND == "nd":
        return device.array(array, dtype)
    if not device.enabled():
        device.full(array.shape, 0)  # says what to do
    return array


def device_of(data: Any) -> Device:
    """Return where an array is; of anything else, where arrays are made of it."""
    if BACKEND == "nd" and isinstance(data, NDArray):
        return data.device
    return _DEFAULT
