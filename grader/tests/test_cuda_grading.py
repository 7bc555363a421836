"""Kernels in CUDA on the emulator: each mistake costs what it touches, and is told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from grader.result import CaseResult
from mini_levels import each_level, sandbox
from small_hw3 import CPU, CUDA, ON_CPU, ON_CUDA, graded, honest, with_cuda

# The first of them builds the emulator, which takes its time where others work.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(autouse=True)
def kept_builds(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests of this file share what the builds begin with."""
    monkeypatch.setenv("GRADER_HOME", str(shared_home))


def passed(found: Mapping[str, CaseResult]) -> set[str]:
    return {name for name, case in found.items() if case.status == "passed"}


def told(found: Mapping[str, CaseResult], name: str) -> str:
    """Return all that a student is told of a case."""
    case = found[name]
    return "\n".join([case.message, *case.details, case.output])


def assert_only(
    found: Mapping[str, CaseResult], failing: Sequence[str], status: str
) -> None:
    """Require that some cases have a status, and that all others pass."""
    assert passed(found) == found.keys() - set(failing)
    assert {found[name].status for name in failing} == {status}


def test_the_reference_passes() -> None:
    assert passed(graded(honest())) == {*ON_CPU, *ON_CUDA}


@pytest.mark.slow
@each_level()
def test_the_reference_passes_at_every_level(level: str) -> None:
    found = graded(honest(), sandbox=sandbox(level))
    assert passed(found) == {*ON_CPU, *ON_CUDA}


def test_what_does_not_compile_for_cuda_costs_cuda_alone() -> None:
    found = graded(with_cuda("__global__ void Wrong(float *out) { out[i] = 1; }"))
    assert_only(found, ON_CUDA, "build_failed")
    text = told(found, "cuda_sums")
    number = with_cuda("@")[CUDA].split(b"@")[0].count(b"\n") + 1
    assert f"does not compile: {CUDA}:{number}:41: error: ‘i’ was not" in text
    assert_names_no_place_of_ours(text)


def assert_names_no_place_of_ours(text: str) -> None:
    """Neither of the box nor of what the emulator makes of a file."""
    assert not re.search(r"/tmp|/work|/usr|CMakeFiles|\.cu\.cc", text), text


def test_what_does_not_compile_for_the_processor_costs_it_alone() -> None:
    files = honest()
    found = graded({**files, CPU: files[CPU] + b"int f( {\n"})
    assert_only(found, ON_CPU, "build_failed")
    text = told(found, "cpu_products")
    assert re.search(rf"does not compile: {CPU}:\d+:9: error: ", text)
    assert_names_no_place_of_ours(text)


@pytest.mark.parametrize(
    "missing, failing", [(CUDA, ON_CUDA), (CPU, ON_CPU)], ids=["cuda", "cpu"]
)
def test_what_is_not_handed_in_costs_its_device_alone(
    missing: str, failing: Sequence[str]
) -> None:
    files = honest()
    del files[missing]
    found = graded(files)
    assert_only(found, failing, "missing")
    assert f"{missing} is not part of the submission" in told(found, failing[0])


DEEP = """
__device__ __attribute__((noinline)) float Deep(int n) {
  volatile float numbers[100];
  numbers[n % 100] = n;
  return Deep(n + 1) + numbers[n % 100];
}
__global__ void DeepKernel(float *out) { out[threadIdx.x] = Deep(0); }
"""
FAULTS = {
    "Compact": "std::exit(0);",
    "EwiseMul": "std::abort();",
    "ReduceSum": "DeepKernel<<<1, 32>>>(out->ptr); Check(cudaGetLastError(), {});",
    "Matmul": "*static_cast<volatile int *>(nullptr) = 1;",
}


def test_what_ends_the_process_costs_its_case_alone() -> None:
    faults = {name: body.format('"Deep"') for name, body in FAULTS.items()}
    found = graded(with_cuda(f"}}}}\n#include <cstdlib>\n{IN}{DEEP}", **faults))
    assert passed(found) == {"cpu_products", "cuda_quotients"}
    assert "exit status 0" in found["cuda_compact"].message
    assert "an abort" in found["cuda_products"].message
    assert "stack overflow" in found["cuda_sums"].message
    assert "segmentation fault" in found["cuda_product_of_matrices"].message


IN = "namespace needle { namespace cuda {\n"
TOO_LONG = """
__global__ void EndlessKernel(volatile float *out) {
  while (out[threadIdx.x] == out[threadIdx.x]) out[threadIdx.x] = 1;
}
"""
GIGABYTE = "(std::size_t{1} << 30)"
HOGS = {
    "Compact": "void *memory = nullptr; for (int i = 0; i < 8; ++i) {"
    f"Check(cudaMalloc(&memory, {GIGABYTE}), {{}});"
    f"Check(cudaMemset(memory, 1, {GIGABYTE}), {{}}); }}",
    "EwiseMul": f"auto *memory = new volatile char[4 * {GIGABYTE}];"
    f"for (std::size_t i = 0; i < 4 * {GIGABYTE}; i += 4096) memory[i] = 1;",
    "ReduceSum": "EndlessKernel<<<1, 32>>>(out->ptr); Check(cudaGetLastError(), {});",
}


@each_level()
@pytest.mark.slow
def test_what_takes_too_much_costs_its_case_alone(level: str) -> None:
    hogs = {name: body.replace("{}", '"it"') for name, body in HOGS.items()}
    found = graded(with_cuda(TOO_LONG, **hogs), sandbox=sandbox(level))
    spared = {"cpu_products", "cuda_quotients", "cuda_product_of_matrices"}
    assert passed(found) == spared
    for name in ("cuda_compact", "cuda_products"):
        assert "more than 1024 MB of memory" in found[name].message
    assert found["cuda_sums"].status == "timeout"
