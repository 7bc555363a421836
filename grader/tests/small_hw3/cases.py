"""A few cases of hw3: what kernels compute, on the processor and on the emulator."""

from __future__ import annotations

import importlib.util
import sys
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
from gradebox import Trial, case, close, exact

Floats = npt.NDArray[np.float32]
ROWS, COLUMNS = 20, 30


class Kernels:
    """One module of kernels, loaded when a case asks for it."""

    def __init__(self, name: str) -> None:
        self._name = f"ndarray_backend_{name}"

    @cached_property
    def _module(self) -> ModuleType:
        [path] = [
            path
            for folder in sys.path
            for path in Path(folder, "needle/backend_ndarray").glob(f"{self._name}.so")
        ]
        spec = importlib.util.spec_from_file_location(self._name, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def __call__(self, kernel: str, *inputs: Any, size: int, then: Any = ()) -> Floats:
        """Return what a kernel writes to memory of ``size`` floats."""
        given = [self._array(x) if isinstance(x, np.ndarray) else x for x in inputs]
        out = self._module.Array(size)
        getattr(self._module, kernel)(*given, out, *then)
        return np.array(self._module.to_numpy(out, [size], [1], 0))

    def _array(self, numbers: Floats) -> Any:
        array = self._module.Array(numbers.size)
        self._module.from_numpy(numbers, array)
        return array


cpu, cuda = Kernels("cpu"), Kernels("cuda_emulated")


def drawn(t: Trial, *shape: int) -> Floats:
    """Return numbers that are all positive, an input of the case."""
    found: Floats = t.input(t.rng.uniform(1, 2, shape).astype(np.float32))
    return found


@case("hw3.ndarray_cpu_ops", points=10)
def cpu_products(t: Trial) -> None:
    """Products on the processor."""
    a, b = drawn(t, 1000), drawn(t, 1000)
    t.answer("products", cpu("ewise_mul", a, b, size=a.size), check=close())


@case("hw3.ndarray_cuda_compact_setitem", points=10)
def cuda_compact(t: Trial) -> None:
    """A transposed array made compact."""
    a = drawn(t, ROWS, COLUMNS)
    then = ([COLUMNS, ROWS], [1, COLUMNS], 0)
    t.answer("compact", cuda("compact", a, size=a.size, then=then), check=exact())


@case("hw3.ndarray_cuda_ops", points=3)
def cuda_products(t: Trial) -> None:
    """Products on the device."""
    a, b = drawn(t, 1000), drawn(t, 1000)
    t.answer("products", cuda("ewise_mul", a, b, size=a.size), check=close())


@case("hw3.ndarray_cuda_ops", points=2)
def cuda_quotients(t: Trial) -> None:
    """Quotients on the device."""
    a, b = drawn(t, 1000), drawn(t, 1000)
    t.answer("quotients", cuda("ewise_div", a, b, size=a.size), check=close())


@case("hw3.ndarray_cuda_reductions", points=5)
def cuda_sums(t: Trial) -> None:
    """Sums on the device."""
    a = drawn(t, ROWS, COLUMNS)
    sums = cuda("reduce_sum", a, size=ROWS, then=(COLUMNS, 1))
    t.answer("sums", sums, check=close())


@case("hw3.ndarray_cuda_matmul", points=10)
def cuda_product_of_matrices(t: Trial) -> None:
    """A product of two matrices on the device."""
    a, b = drawn(t, ROWS, COLUMNS), drawn(t, COLUMNS, ROWS)
    product = cuda("matmul", a, b, size=ROWS * ROWS, then=(ROWS, COLUMNS, ROWS))
    t.answer("product", product, check=close())
