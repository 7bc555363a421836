"""Mistakes in kernels: what the compiler and the emulator say of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import native
import pytest

NEEDLE = Path(__file__).resolve().parents[1]
KERNELS = "src/ndarray_backend_cuda.cu"
USE = """
import sys
sys.path.insert(0, "python")
from needle import backend_ndarray as nd
{}
"""

pytestmark = [
    pytest.mark.slow,  # half a minute for each build, and more on a busy machine
    pytest.mark.skipif(
        sys.platform != "linux" or native.missing_tools() is not None,
        reason="needs Linux, a C++ compiler, make and CMake",
    ),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    """Return a copy of the library with the emulator in it, as a student has it."""
    folder = tmp_path_factory.mktemp("planted") / "hw"
    unbuilt = shutil.ignore_patterns("*.so", "__pycache__", "tests", "build")
    shutil.copytree(NEEDLE, folder, ignore=unbuilt)
    shutil.copytree(NEEDLE.parent / "emulator", folder / "emulator", ignore=unbuilt)
    return folder


def planted(library: Path, right: str, wrong: str, code: str) -> tuple[int, str]:
    """Return the line of a mistake, and what is said of it by make, or by a use."""
    source = library / KERNELS
    text = (NEEDLE / KERNELS).read_text()
    assert right in text
    source.write_text(text.replace(right, wrong, 1))
    line = text[: text.index(right)].count("\n") + 1
    done = native.make(library, "CUDA=emulator")
    if done.returncode != 0:
        return line, done.stderr
    done = subprocess.run(
        [sys.executable, "-c", USE.format(code)],
        cwd=library,
        env={**os.environ, "NEEDLE_CUDA": "emulator", "NEEDLE_BACKEND": "nd"},
        capture_output=True,
        text=True,
        check=False,
    )
    return line, done.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "code", "said"),
    [
        (
            "if (i < size) out[i] = a[i] + b[i];",
            "if (i <= size) out[i] = a[i] + b[i];",
            "a = nd.array([1.0, 2.0], device=nd.cuda()); a + a",
            "out of bounds in EwiseAddKernel",
        ),
        (
            "  __syncthreads();  // every thread comes here",
            "  // every thread comes here",
            "nd.array([[1.0, 2.0]] * 9, device=nd.cuda()).sum(axis=0)",
            "race in ReduceColumnsKernel",
        ),
        (
            "EwiseAddKernel<<<Blocks(out->size), kThreads>>>(",
            "EwiseAddKernel<<<Blocks(out->size), 2048>>>(",
            "a = nd.array([1.0, 2.0], device=nd.cuda()); a + a",
            "launch refused",
        ),
        (
            "return x * val;",
            "return x * value;",
            "",
            "error",
        ),
    ],
    ids=["one too far", "no barrier", "too many threads", "no such name"],
)
def test_a_mistake_is_named_with_its_line(library, right, wrong, code, said):
    line, heard = planted(library, right, wrong, code)
    assert said in heard
    near = [f"ndarray_backend_cuda.cu:{line + more}" for more in range(-2, 12)]
    assert any(place in heard for place in near), heard
