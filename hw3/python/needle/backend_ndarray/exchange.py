"""Arrays from other libraries and for them, without a copy: DLPack.

Both sides go through NumPy, which knows the protocol: a view on our memory as a NumPy
array is exported by NumPy, and what it imports is wrapped.

Source: https://dmlc.github.io/dlpack/latest/python_spec.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .device import BackendDevice

if TYPE_CHECKING:
    from .ndarray import NDArray

CPU = (1, 0)  # kDLCPU, the first of its kind


def shared(a: NDArray) -> np.ndarray:
    """Return a NumPy array that shares the memory of an array, and keeps it alive.

    Raises:
        BufferError: if the memory is not the processor's.
    """
    if a.device.name not in ("cpu", "cpu_numpy"):
        raise BufferError(f"the memory of {a.device} cannot be shared: use a.numpy()")
    memory: np.ndarray = np.asarray(a._handle)
    itemsize = memory.itemsize
    view: np.ndarray
    if a.size == 0:  # wherever it is
        view = memory[:0].reshape(a.shape)
    else:
        view = np.ndarray(
            a.shape,
            memory.dtype,
            buffer=memory,
            offset=a._offset * itemsize,
            strides=[stride * itemsize for stride in a.strides],
        )
    return view


def dlpack_device(a: NDArray) -> tuple[int, int]:
    """Return kind and number of the device, as DLPack counts them."""
    shared(a)  # refuses what is not the processor's
    return CPU


def to_dlpack(a: NDArray, settings: dict[str, Any]) -> Any:
    """Return a capsule with the memory of an array, for the library that asked.

    Where an axis goes backwards, it is a copy: at negative strides PyTorch ends the
    whole process.
    """
    numbers = shared(a)
    if any(n > 1 and step < 0 for n, step in zip(a.shape, a.strides, strict=True)):
        if settings.get("copy") is False:
            raise BufferError(
                "an axis goes backwards, and other libraries cannot share that: ask"
                " for a copy, or use a.compact()"
            )
        settings = {**settings, "copy": True}
    return numbers.__dlpack__(**settings)


def adopt(x: Any, device: BackendDevice) -> NDArray:
    """Return an array around the memory of an object of another library.

    Memory is shared where the device is the processor, the numbers are float32 and may
    be written to, and steps are whole elements; else it is copied.
    """
    from .ndarray import NDArray  # which imports this module

    numbers = np.from_dlpack(x)
    if not _can_be_shared(numbers, device):
        return NDArray(numbers, device=device)
    strides = tuple(step // numbers.itemsize for step in numbers.strides)
    ways = [(n - 1) * step for n, step in zip(numbers.shape, strides, strict=True)]
    # From the element that comes first in memory: flat, up to the last.
    turns = (slice(None, None, -1 if step < 0 else None) for step in strides)
    forwards = (..., *turns)
    memory = np.lib.stride_tricks.as_strided(
        numbers[forwards], (1 + sum(map(abs, ways)),), (numbers.itemsize,)
    )
    return NDArray.make(
        numbers.shape,
        strides,
        device=device,
        handle=device.borrow(memory),
        offset=-sum(way for way in ways if way < 0),
    )


def _can_be_shared(numbers: np.ndarray, device: BackendDevice) -> bool:
    return (
        device.name in ("cpu", "cpu_numpy")
        and numbers.dtype == np.float32
        and numbers.size > 0
        and numbers.flags.writeable
        and numbers.flags.aligned
        and all(step % numbers.itemsize == 0 for step in numbers.strides)
    )
