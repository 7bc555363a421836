"""CUDA's headers that the emulator does not have, and what stands in their place."""

from __future__ import annotations

import re

FOREIGN_HEADER = re.compile(
    r'(?P<begin>^[ \t]*\#[ \t]*)include[ \t]*[<"](?P<name>[\w/.]+)[>"]', re.MULTILINE
)
# What they declare, cuda_runtime.h does.
_SAME = {
    "builtin_types.h",
    "cuda.h",
    "cuda_device_runtime_api.h",
    "cuda_runtime.h",
    "device_atomic_functions.h",
    "device_functions.h",
    "device_launch_parameters.h",
    "device_types.h",
    "driver_types.h",
    "host_defines.h",
    "math_functions.h",
    "sm_20_atomic_functions.h",
    "sm_30_intrinsics.h",
    "vector_functions.h",
}
_ABSENT = {
    "cooperative_groups": "cooperative groups: use __syncthreads(), __syncwarp() and"
    " __shfl_down_sync()",
    "cub/": "CUB: write the kernel yourself, with shared memory and __shfl_down_sync()",
    "cublas": "cuBLAS: write the kernel yourself",
    "cuda/": "libcu++: use atomicAdd() and its like, and __threadfence()",
    "cuda_bf16": "bfloat16: use float",
    "cuda_fp16": "half precision: use float",
    "cuda_fp8": "eight-bit floats: use float",
    "cudnn": "cuDNN: write the kernel yourself",
    "curand": "cuRAND: draw numbers on the host, and copy them",
    "cutlass": "CUTLASS: write the kernel yourself",
    "mma": "tensor cores: multiply and add floats",
    "nccl": "NCCL: there is one device",
    "thrust/": "Thrust: use cudaMalloc and cudaMemcpy, and write the kernel yourself",
}


def standing_for(name: str) -> str:
    """Return the directive for a header, without its ``#``; empty for any other."""
    if name in _SAME:
        return "include <cuda_runtime.h>"
    for begin, text in _ABSENT.items():
        if name.startswith(begin):
            return f"error the emulator has no {text}"
    return ""
