"""Devices of the NumPy backend: there is one, the processor's memory."""

from __future__ import annotations

### STAGE hw3+
from typing import Any

### END STAGE
import numpy as np


class Device:
    """Where the data of a tensor lie, and what makes new arrays there."""

    ### STAGE hw3+
    emulated = False
    ### END STAGE


### STAGE hw3+
class AbsentDevice(Device):
    """A device that only arrays of our own can be on."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"needle.{self.name}()"

    def __str__(self) -> str:
        return f"{self.name}()"

    def __hash__(self) -> int:
        return hash((AbsentDevice, self.name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AbsentDevice) and self.name == other.name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise RuntimeError(
            f"{self} cannot be used: NumPy's arrays are on cpu() only; for our own"
            " leave NEEDLE_BACKEND=np out of the environment"
        )

    def enabled(self) -> bool:
        """Return whether arrays can be made here: never."""
        return False


### END STAGE
class CPUDevice(Device):
    """The processor's memory, with NumPy arrays in it. All instances are equal."""

    def __repr__(self) -> str:
        return "needle.cpu()"

    def __str__(self) -> str:
        return "cpu()"

    def __hash__(self) -> int:
        return hash(CPUDevice)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CPUDevice)

    def enabled(self) -> bool:
        """Return whether arrays can be made here: always."""
        return True

    def zeros(self, *shape: int, dtype: str = "float32") -> np.ndarray:
        """Return an array of zeros."""
        return np.zeros(shape, dtype=dtype)

    def ones(self, *shape: int, dtype: str = "float32") -> np.ndarray:
        """Return an array of ones."""
        return np.ones(shape, dtype=dtype)

    def rand(self, *shape: int) -> np.ndarray:
        """Return float64 draws from U(0, 1), from NumPy's global generator."""
        return np.asarray(np.random.rand(*shape))

    def randn(self, *shape: int) -> np.ndarray:
        """Return float64 draws from N(0, 1), from NumPy's global generator."""
        return np.asarray(np.random.randn(*shape))

    def one_hot(self, n: int, i: np.ndarray, dtype: str = "float32") -> np.ndarray:
        """Return ``i.shape + (n,)`` zeros, with a 1 where each index points."""
        indices = np.asarray(i)
        if indices.size and not 0 <= indices.min() <= indices.max() < n:
            raise IndexError(
                f"one_hot: indices from {indices.min()} to {indices.max()}"
                f" do not all lie in 0 .. {n - 1}"
            )
        return np.asarray(indices[..., None] == np.arange(n), dtype=dtype)

    def empty(self, shape: tuple[int, ...], dtype: str = "float32") -> np.ndarray:
        """Return an array whose values are still to be written."""
        return np.empty(shape, dtype=dtype)

    def full(
        self, shape: tuple[int, ...], fill_value: float, dtype: str = "float32"
    ) -> np.ndarray:
        """Return an array that has the same value everywhere."""
        return np.full(shape, fill_value, dtype=dtype)


def cpu() -> CPUDevice:
    """Return the processor as a device."""
    return CPUDevice()


### STAGE hw3+
def cuda() -> AbsentDevice:
    """Return the graphics card, which NumPy does not know."""
    return AbsentDevice("cuda")


def cpu_numpy() -> AbsentDevice:
    """Return the device of our own arrays that computes with NumPy."""
    return AbsentDevice("cpu_numpy")


### END STAGE
def default_device() -> CPUDevice:
    """Return the device of tensors that are made without naming one."""
    return cpu()


def all_devices() -> list[CPUDevice]:
    """Return every device of this backend."""
    return [cpu()]
