"""A .cu file is compiled with the emulator, and says what is wrong if it cannot be."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cuda_emulator import BuildError, build

ADD = """\
#include <cuda_runtime.h>
__global__ void Add(const float* a, float* out, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) out[i] = a[i] + 1;
}
extern "C" int add(const float* a, float* out, int n, int threads) {
  float *from, *to;
  cudaMalloc(&from, n * sizeof(float));
  cudaMalloc(&to, n * sizeof(float));
  cudaMemcpy(from, a, n * sizeof(float), cudaMemcpyHostToDevice);
  Add<<<(n + threads - 1) / threads, threads>>>(from, to, n);
  cudaMemcpy(out, to, n * sizeof(float), cudaMemcpyDeviceToHost);
  cudaFree(from);
  return cudaGetLastError();
}
"""


@pytest.mark.parametrize("n", [1, 5, 64])
def test_kernel_computes(compile_cuda: Callable[..., ctypes.CDLL], n: int) -> None:
    library = compile_cuda(ADD)
    numbers = np.random.default_rng(n).standard_normal(n).astype("float32")
    out = np.zeros_like(numbers)
    pointer = ctypes.c_void_p
    assert (
        library.add(pointer(numbers.ctypes.data), pointer(out.ctypes.data), n, 7) == 0
    )
    np.testing.assert_array_equal(out, numbers + 1)
    library.cuda_emulator_findings.restype = ctypes.c_char_p
    assert json.loads(library.cuda_emulator_findings()) == []
    library.cuda_emulator_leaks.restype = ctypes.c_char_p
    (leak,) = json.loads(library.cuda_emulator_leaks())
    assert leak["size"] == 4 * n


def test_mistake_is_told_with_its_line_in_the_cu_file(
    compile_cuda: Callable[..., ctypes.CDLL], tmp_path: Path
) -> None:
    with pytest.raises(BuildError, match=r"kernels\.cu:4:.*nothing"):
        compile_cuda(ADD.replace("out[i] =", "nothing[i] ="))
    assert not (tmp_path / "kernels.so").exists()


def test_missing_compiler_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(BuildError, match="no-such-compiler"):
        build([tmp_path / "none.cu"], tmp_path / "none.so")
