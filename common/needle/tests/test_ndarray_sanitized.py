"""The tests of arrays, and hw3's public ones, under AddressSanitizer and UBSan.

A copy of the library is built with both; a test that reads or writes outside of memory,
uses it after its end, or does what C++ leaves undefined, ends the process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import native
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
HERE = Path(__file__).resolve().parent
COMMON = HERE.parents[1]
FILES = sorted(p.name for p in HERE.glob("test_ndarray_*.py") if p != Path(__file__))


def library(name: str) -> str:
    """Return the path of a library of the compiler's."""
    command = ["g++", f"-print-file-name={name}"]
    return subprocess.check_output(command, text=True).strip()


def build(needle: Path) -> None:
    done = native.make(needle, "SANITIZE=1")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the library and of the tests' support, built with sanitizers."""
    reason = native.missing_tools()
    if reason or shutil.which("g++") is None:
        pytest.skip(reason or "g++ is missing")
    if not library("libasan.so").startswith("/"):
        pytest.skip("no address sanitizer here")
    copy = tmp_path_factory.mktemp("sanitized") / "common"
    leave = shutil.ignore_patterns("build*", "*.so", "__pycache__")
    for part in ("needle", "testing"):
        shutil.copytree(COMMON / part, copy / part, ignore=leave)
    build(copy / "needle")
    assert native.is_fresh(copy / "needle")  # or it would be built anew, without
    return copy


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the sanitizers loaded before it."""
    settings = {
        "LD_PRELOAD": f"{library('libasan.so')}:{library('libstdc++.so')}",
        # Python leaks by design; what is too large is a MemoryError all the same.
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "PYTHONMALLOC": "malloc",
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def pytest_in(folder: Path, *arguments: str) -> None:
    plain = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".")
    done = run(folder, *plain, *arguments)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "passed" in done.stdout


@pytest.mark.sliced
@pytest.mark.parametrize("file", FILES)
def test_nothing_leaves_its_memory(common: Path, file: str) -> None:
    # From above, or pytest would take the folder `needle` for the package.
    test = f"common/needle/tests/{file}"
    pytest_in(common.parent, "-c", os.devnull, "--import-mode=importlib", test)


@pytest.mark.sliced
def test_nor_does_anything_in_the_public_tests(common: Path, tmp_path: Path) -> None:
    from coursekit.course import Course
    from coursekit.staging import ALL, render, write_folder

    write_folder(render(Course.find(HERE), "hw3", ALL), tmp_path / "hw3")
    arrays = Path("python", "needle", "backend_ndarray")
    for module in (common / "needle" / arrays).glob("*.so"):
        shutil.copy(module, tmp_path / "hw3" / arrays)
    pytest_in(tmp_path / "hw3", "tests/hw3")


@pytest.fixture
def kernels(common: Path) -> Iterator[Path]:
    """Return the file of kernels, for a mistake; it is put right afterwards."""
    file = common / "needle" / "src" / "ndarray_backend_cpu.cc"
    right = file.read_text()
    yield file
    file.write_text(right)
    build(common / "needle")


USE = """
import sys
sys.path.insert(0, "needle/python")
from needle import backend_ndarray as nd
# Not 64, a multiple of which memory is given out in.
print((nd.full((63,), 1, device=nd.cpu()) + 1).sum().item())
"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("a.ptr[i] + val", "a.ptr[i + 1] + val", "heap-buffer-overflow"),
        ("a.ptr[i] + val", "a.ptr[i] + (1 << (i + 32))", "shift exponent"),
    ],
)
def test_a_planted_mistake_is_reported(
    common: Path, kernels: Path, right: str, wrong: str, said: str
) -> None:
    source = kernels.read_text()
    assert source.count(right) == 1
    kernels.write_text(source.replace(right, wrong))
    build(common / "needle")
    done = run(common, "-c", USE)
    assert done.returncode != 0
    assert said in done.stderr
    assert "ndarray_backend_cpu.cc" in done.stderr
