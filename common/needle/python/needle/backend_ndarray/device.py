"""Devices: where arrays lie, and which module of kernels computes on them."""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from . import cuda_modules

if TYPE_CHECKING:
    from .ndarray import NDArray

# What to do where a module of kernels is not there, unless more is known.
_HINTS = {"cpu": "its kernels are not built yet: run `make` in the homework's folder"}


class BackendDevice:
    """A device by its name, with the functions of its module of kernels.

    ``device.ewise_add(a, b, out)`` is ``module.ewise_add(a, b, out)``.

    Args:
        name: "cpu", "cuda" or "cpu_numpy".
        mod: the module of kernels; None where there is none, then the device is known
            but not `enabled`.
        why: what is said to who uses it then; where there is one, why it is not the
            one that was hoped for: an emulator instead of a graphics card.
    """

    def __init__(self, name: str, mod: ModuleType | None, why: str = "") -> None:
        self.name = name
        self.mod = mod
        self.why_not = why or ("" if mod else _HINTS.get(name, "it has no kernels"))

    def __repr__(self) -> str:
        return f"{self.name}()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BackendDevice) and self.name == other.name

    def __hash__(self) -> int:
        return hash((BackendDevice, self.name))

    def __reduce__(self) -> tuple[Any, ...]:
        return _device, (self.name,)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in _OF_MODULES:
            raise AttributeError(name)
        if self.mod is None:
            raise RuntimeError(f"{self} cannot be used: {self.why_not}")
        return getattr(self.mod, name)

    def enabled(self) -> bool:
        """Return whether arrays can be made here."""
        return self.mod is not None

    @property
    def emulated(self) -> bool:
        """Whether kernels run on an emulator, which looks at each of their accesses."""
        return bool(getattr(self.mod, "__emulated__", False))

    def randn(self, *shape: int, dtype: str = "float32") -> NDArray:
        """Return draws from N(0, 1), from NumPy's global generator."""
        return self.array(np.random.randn(*shape), dtype)

    def rand(self, *shape: int, dtype: str = "float32") -> NDArray:
        """Return draws from U(0, 1), from NumPy's global generator."""
        return self.array(np.random.rand(*shape), dtype)

    def one_hot(self, n: int, i: Any, dtype: str = "float32") -> NDArray:
        """Return ``i.shape + (n,)`` zeros, with a 1 where each index points."""
        indices = np.asarray(i)
        if indices.size and not 0 <= indices.min() <= indices.max() < n:
            raise IndexError(
                f"one_hot: indices from {indices.min()} to {indices.max()}"
                f" do not all lie in 0 .. {n - 1}"
            )
        return self.array(indices[..., None].astype(np.int64) == np.arange(n), dtype)

    def empty(self, shape: Any, dtype: str = "float32") -> NDArray:
        """Return an array whose values are still to be written."""
        return _ndarray().empty(shape, dtype=stored(dtype), device=self)

    def full(self, shape: Any, fill_value: float, dtype: str = "float32") -> NDArray:
        """Return an array that has the same value everywhere."""
        return _ndarray().full(shape, fill_value, dtype=stored(dtype), device=self)

    def zeros(self, *shape: int, dtype: str = "float32") -> NDArray:
        """Return an array of zeros."""
        return self.full(shape, 0, dtype)

    def ones(self, *shape: int, dtype: str = "float32") -> NDArray:
        """Return an array of ones."""
        return self.full(shape, 1, dtype)

    def array(self, numbers: Any, dtype: Any = "float32") -> NDArray:
        """Return a copy of some numbers, or of an array, as an array on this device."""
        return _ndarray().array(numbers, dtype=stored(dtype), device=self)


def stored(dtype: Any) -> Any:
    """Return float32 for integers and truth values, another dtype as it is.

    Arrays hold nothing else: labels and masks that are asked for are such numbers, too.
    """
    if dtype is None or dtype == "float32":  # mostly
        return dtype
    return "float32" if np.dtype(dtype).kind in "biu" else dtype


_OF_MODULES = ("__device_name__", "__tile_size__")


@cache
def _ndarray() -> ModuleType:
    """Return the module of arrays, which imports this one."""
    return importlib.import_module(".ndarray", __package__)


def _kernels(name: str) -> ModuleType | None:
    """Return the module of kernels of a device, or None where it is not built."""
    try:
        return importlib.import_module(f".ndarray_backend_{name}", __package__)
    except ModuleNotFoundError:
        return None


@cache
def _device(name: str) -> BackendDevice:
    if name == "cuda":
        return BackendDevice(name, *cuda_modules.choose())
    return BackendDevice(name, _kernels(name.removeprefix("cpu_")))


def cpu() -> BackendDevice:
    """Return the processor, with kernels in C++."""
    return _device("cpu")


def cuda() -> BackendDevice:
    """Return the graphics card, or an emulator of one: NEEDLE_CUDA chooses."""
    return _device("cuda")


def cpu_numpy() -> BackendDevice:
    """Return the processor, with NumPy for kernels: slower, and always there."""
    return _device("cpu_numpy")


def default_device() -> BackendDevice:
    """Return the device of arrays that are made without naming one."""
    return cpu_numpy()


def all_devices() -> list[BackendDevice]:
    """Return every device, also those that are not enabled."""
    return [cpu(), cuda(), cpu_numpy()]
