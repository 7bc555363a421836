"""What the emulator lacks of CUDA is told in its line, with what to use instead."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable

import pytest
from cuda_emulator import BuildError
from cuda_emulator.headers import standing_for

Compile = Callable[..., ctypes.CDLL]

HEADERS = """\
#include <cuda_runtime.h>
#include "device_launch_parameters.h"
#include <math_constants.h>
#include <cooperative_groups.h>
#include <thrust/device_vector.h>
#if 0
#include <cub/cub.cuh>
#endif
  #  include <cuda_fp16.h>
__managed__ int total;
__global__ void Kernel(float *out) { out[threadIdx.x] = CUDART_INF_F; }
"""
FUNCTIONS = """\
#include <cuda_runtime.h>
__global__ void Kernel(float *out) { *out = 1; }
void f() {
  float *memory;
  cudaMallocManaged(&memory, 4);
  cudaFuncSetAttribute(Kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, 65536);
  void *arguments[] = {&memory};
  cudaLaunchKernel((void *)Kernel, dim3(1), dim3(1), arguments, 0, 0);
}
"""


def errors(compile_cuda: Compile, text: str) -> dict[int, str]:
    """Return the first error of each line that has one."""
    with pytest.raises(BuildError) as raised:
        compile_cuda(text)
    found: dict[int, str] = {}
    for line, said in re.findall(
        r"kernels\.cu:(\d+):\d+: error: (.*)", str(raised.value)
    ):
        found.setdefault(int(line), said)
    return found


def test_headers_are_told_unless_they_are_left_out(compile_cuda: Compile) -> None:
    found = errors(compile_cuda, HEADERS)
    assert sorted(found) == [4, 5, 9, 10]
    assert "no cooperative groups: use __syncthreads()" in found[4]
    assert "no Thrust: use cudaMalloc" in found[5]
    assert "no half precision: use float" in found[9]
    assert "no managed memory: write __device__" in found[10]


def test_functions_are_told(compile_cuda: Compile) -> None:
    found = errors(compile_cuda, FUNCTIONS)
    assert sorted(found) == [5, 6, 8]
    assert "no managed memory: use cudaMalloc, and copy" in found[5]
    assert "no more than 48 KB of shared memory a block" in found[6]
    assert "no cudaLaunchKernel: write kernel<<<grid, block>>>" in found[8]


@pytest.mark.parametrize("name", ["vector", "cuda_helper.h", "mine/thrust/a.h"])
def test_other_headers_are_left_alone(name: str) -> None:
    assert standing_for(name) == ""
