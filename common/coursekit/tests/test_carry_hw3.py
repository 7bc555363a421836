"""Carry the real hw1 and hw2 into the real hw3, and its kernels into what follows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
from carry_kit import STUB, Student
from coursekit.carry.run import carry_into
from coursekit.course import Course
from coursekit.staging import ALL, render

pytestmark = pytest.mark.slow
NAMES = ("hw1", "hw2", "hw3", "hw4")
KERNELS = "src/ndarray_backend_cpu.cc"
CUDA = "src/ndarray_backend_cuda.cu"
# A step of a network, by hw3's copy of the library, on NumPy's arrays.
STEP = """\
import sys
sys.path.insert(0, "python")
import numpy as np
import needle as ndl
model = ndl.nn.Sequential(ndl.nn.Linear(3, 4), ndl.nn.ReLU(), ndl.nn.BatchNorm1d(4))
optimizer = ndl.optim.Adam(model.parameters(), lr=0.1)
before = [each.numpy().copy() for each in model.parameters()]
x, y = ndl.Tensor(np.eye(5, 3, dtype="float32")), ndl.Tensor(np.arange(5) % 4)
ndl.nn.SoftmaxLoss()(model(x), y).backward()
optimizer.step()
moved = [abs(a - b.numpy()).max() for a, b in zip(before, model.parameters())]
assert max(moved) > 0.05, moved
"""


@pytest.fixture
def course(real_course, tmp_path):
    """Return a copy of the real course, with a hw4 that has all of hw3's library."""
    root = tmp_path / "clone"
    junk = shutil.ignore_patterns("__pycache__", "*.so", "build")
    for name in ("emulator", "explore", "hw1", "hw2", "hw3", "needle", "testing"):
        shutil.copytree(
            real_course.root / "common" / name, root / "common" / name, ignore=junk
        )
    text = (root / "common/hw3/homework.toml").read_text()
    question = '[[question]]\nid = "hw4.more"\ntitle = "More"\npoints = 1\n'
    rest = text[text.index("[carried]") :]
    later = f'name = "hw4"\ntitle = "More"\n{question}section = "Question 1"\n{rest}'
    (root / "common/hw4").mkdir()
    (root / "common/hw4/homework.toml").write_text(later)
    text = (real_course.root / "course.toml").read_text()
    text = re.sub(r"homeworks = \[.*?\]", f"homeworks = {list(NAMES)!r}", text)
    (root / "course.toml").write_text(text)
    return Course(root)


def started(course, name: str) -> Student:
    return Student.start(course, name, course.work(name))


def solved(course, name: str) -> Student:
    """Return a student's folder in which what the homework asks is solved."""
    student = started(course, name)
    for path, data in render(course, name, ALL).items():
        if f"SOLUTION {name}" in data.decode(errors="replace"):
            student.put(path, data.decode())
    return student


def test_two_homeworks_make_hw3s_library_run(course):
    hw1, hw2, hw3 = (
        solved(course, "hw1"),
        solved(course, "hw2"),
        started(course, "hw3"),
    )
    done = carry_into([hw1.folder, hw2.folder], hw3.folder, helpers=True)
    assert {each.settled.what for each in done.plan.outcomes} == {"carried"}
    assert STUB in hw3.text(KERNELS)
    environment = {**os.environ, "NEEDLE_BACKEND": "np"}
    command = [sys.executable, "-c", STEP]
    subprocess.run(command, cwd=hw3.path, env=environment, check=True)


@pytest.mark.parametrize(
    ("kernels", "stubs"), [(KERNELS, 3 + 14 + 2 + 3), (CUDA, 3 + 14 + 2 + 1)]
)
def test_kernels_and_their_helpers_move_on(course, kernels, stubs):
    hw3, hw4 = solved(course, "hw3"), started(course, "hw4")
    assert hw4.text(kernels).count(STUB) == stubs
    done = carry_into([hw3.folder], hw4.folder, helpers=True)
    assert {each.settled.what for each in done.plan.outcomes} == {"carried"}
    assert hw4.text(kernels).count(STUB) == 0
    assert code(hw4.text(kernels)) == code(hw3.text(kernels))
    array = "python/needle/backend_ndarray/ndarray.py"
    assert hw4.text(array) == hw3.text(array)


def code(text: str) -> list[str]:
    """Return the lines that say something: who adds an #include is told of it."""
    return [
        line
        for line in text.splitlines()
        if line and "SOLUTION" not in line and not line.startswith("#include")
    ]


# As students of CUDA write it: what a launch needs stands before the function.
AROUND = """\
#define TILE 4

struct CudaDims {
  dim3 block, grid;
};

template <int N>
__device__ float Twice(float x) {
  return N * x;
}

__global__ void MulKernel(const scalar_t *a, const scalar_t *b, scalar_t *out,
                          size_t size) {
  __shared__ scalar_t tile[TILE][TILE];
  size_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) out[i] = a[i] * b[i];
}
"""
LAUNCH = "MulKernel<<<Blocks(out->size), 256>>>(a.ptr, b.ptr, out->ptr, out->size);"


def test_a_kernel_before_the_function_that_launches_it_moves_on(course):
    hw3, hw4 = started(course, "hw3"), started(course, "hw4")
    hw3.write(CUDA, "EwiseMul", LAUNCH)
    head = "// out = a * b\nvoid EwiseMul"
    hw3.edit(CUDA, head, f"{AROUND}\n{head}")
    done = carry_into([hw3.folder], hw4.folder, helpers=True)
    text = hw4.text(CUDA)
    assert LAUNCH in text
    for piece in AROUND.split("\n\n"):
        assert text.count(piece.strip()) == 1, "\n".join(map(str, done.plan.remarks))
    assert text.index("MulKernel(") < text.index(LAUNCH)
