"""hw0's C++ reference and its binding: against NumPy, at the edges, out of bounds."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HW0 = Path(__file__).resolve().parents[2] / "hw0"


def copy(folder: Path) -> Path:
    """Copy the sources, which as they stand are the solved homework."""
    folder.mkdir(parents=True)
    shutil.copy(HW0 / "Makefile", folder)
    shutil.copytree(
        HW0 / "src",
        folder / "src",
        ignore=shutil.ignore_patterns("*.so", "__pycache__"),
    )
    return folder


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["make", f"PYTHON={sys.executable}", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )


def load(path: Path, name: str):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The homework's folder, built under a path with spaces."""
    folder = copy(tmp_path_factory.mktemp("home work") / "hw 0")
    done = make(folder)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    return folder


@pytest.fixture(scope="module")
def epoch_cpp(built):
    module = load(built / "src" / "simple_ml_ext.so", "simple_ml_ext")
    return module.softmax_regression_epoch_cpp


@pytest.fixture(scope="module")
def epoch_numpy():
    module = load(HW0 / "src" / "simple_ml.py", "numpy_simple_ml")
    return module.softmax_regression_epoch


def problem(m, n, k):
    rng = np.random.default_rng([m, n, k])
    X = rng.standard_normal((m, n)).astype(np.float32)
    y = rng.integers(k, size=m).astype(np.uint8)
    return X, y, (rng.standard_normal((n, k)) / np.sqrt(n)).astype(np.float32)


@pytest.mark.parametrize("k", [1, 2, 5, 8, 10, 16, 17, 33, 256])
@pytest.mark.parametrize("n", [1, 3, 15, 16, 31, 47, 64, 100])
def test_any_number_of_classes_and_features(epoch_cpp, epoch_numpy, n, k):
    X, y, theta = problem(37, n, k)
    expected = theta.copy()
    epoch_numpy(X, y, expected, lr=0.5, batch=16)
    epoch_cpp(X, y, theta, lr=0.5, batch=16)
    # three steps of float32 sums over up to 100 terms: 1e-6, with some room
    np.testing.assert_allclose(theta, expected, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("batch", [1, 127, 128, 129, 255, 256, 300, 2**40])
@pytest.mark.parametrize("m", [1, 7, 128, 257])
def test_any_number_of_rows_around_a_chunk(epoch_cpp, epoch_numpy, m, batch):
    X, y, theta = problem(m, 20, 10)
    expected = theta.copy()
    epoch_numpy(X, y, expected, lr=0.1, batch=batch)
    epoch_cpp(X, y, theta, lr=0.1, batch=batch)
    np.testing.assert_allclose(theta, expected, rtol=1e-4, atol=1e-5)


def test_no_rows_and_no_features_change_nothing(epoch_cpp):
    X, y, theta = problem(4, 3, 2)
    before = theta.copy()
    epoch_cpp(X[:0], y[:0], theta, 0.5, 10)
    np.testing.assert_array_equal(theta, before)
    epoch_cpp(X[:, :0].copy(), y, np.zeros((0, 2), np.float32), 0.5, 10)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_a_number_is_not_hidden(epoch_cpp, bad):
    X, y, theta = problem(20, 6, 3)
    X[11, 2] = bad
    epoch_cpp(X, y, theta, 0.5, 20)
    assert np.isnan(theta).any()


X, Y, THETA = problem(8, 4, 3)
READ_ONLY = THETA.copy()
READ_ONLY.flags.writeable = False
BAD = {
    "theta must have dtype float32": (X, Y, THETA.astype(np.float64), 0.1, 4),
    "theta must have dtype float32, got >f4": (X, Y, THETA.astype(">f4"), 0.1, 4),
    "theta must be C-contiguous": (X, Y, np.asfortranarray(THETA), 0.1, 4),
    "theta must be writeable": (X, Y, READ_ONLY, 0.1, 4),
    "theta must have 2 axes": (X, Y, THETA.ravel(), 0.1, 4),
    "theta must be a NumPy array": (X, Y, THETA.tolist(), 0.1, 4),
    "X must have dtype float32": (X.astype(np.float64), Y, THETA, 0.1, 4),
    "X must be C-contiguous": (np.repeat(X, 2, axis=1)[:, ::2], Y, THETA, 0.1, 4),
    "y must have dtype uint8": (X, Y.astype(np.int64), THETA, 0.1, 4),
    "y must be C-contiguous": (X, np.repeat(Y, 2)[::2], THETA, 0.1, 4),
    "but y has 7 labels": (X, Y[:7], THETA, 0.1, 4),
    "but theta has 3 rows": (X, Y, THETA[:3], 0.1, 4),
    "not below 2": (X, np.full_like(Y, 2), THETA[:, :2].copy(), 0.1, 4),
    "batch must be at least 1, got 0": (X, Y, THETA, 0.1, 0),
    "batch must be at least 1, got -5": (X, Y, THETA, 0.1, -5),
}


@pytest.mark.parametrize("message", BAD)
def test_wrong_arguments_are_refused_and_change_nothing(epoch_cpp, message):
    before = [np.array(argument) for argument in BAD[message]]
    with pytest.raises((TypeError, ValueError), match=message):
        epoch_cpp(*BAD[message])
    for argument, kept in zip(BAD[message], before, strict=True):
        np.testing.assert_array_equal(argument, kept)


AT_THE_END_OF_MEMORY = """
import ctypes, mmap, sys
import numpy as np
sys.path.insert(0, "src")
from simple_ml_ext import softmax_regression_epoch_cpp

def fenced(array):
    # the array ends where a page begins that may not be touched
    size = -(-array.nbytes // mmap.PAGESIZE) * mmap.PAGESIZE
    memory = mmap.mmap(-1, size + mmap.PAGESIZE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    assert protect(ctypes.c_void_p(start + size), mmap.PAGESIZE, 0) == 0
    at = size - array.nbytes
    copy = np.frombuffer(memory, array.dtype, array.size, at).reshape(array.shape)
    copy[...] = array
    return copy

rng = np.random.default_rng(0)
sizes = [(5, 7, 3, 2), (40, 33, 10, 16), (130, 64, 17, 129), (9, 1, 1, 4)]
for m, n, k, batch in sizes:
    X = fenced(rng.standard_normal((m, n)).astype(np.float32))
    y = fenced(rng.integers(k, size=m).astype(np.uint8))
    theta = fenced(rng.standard_normal((n, k)).astype(np.float32))
    softmax_regression_epoch_cpp(X, y, theta, 0.1, batch)
print("unharmed", flush=True)
import os
os._exit(0)  # the fences stay up to the end
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks mprotect for a fence")
def test_nothing_behind_the_arrays_is_touched(built):
    command = [sys.executable, "-c", AT_THE_END_OF_MEMORY]
    done = subprocess.run(
        command, cwd=built, capture_output=True, text=True, check=False
    )
    assert done.stdout == "unharmed\n", (done.returncode, done.stderr)


# ------------------------------------------------------------------- build and import


def test_a_second_make_does_nothing_and_clean_removes_all(built, tmp_path):
    folder = tmp_path / "hw0"
    shutil.copytree(built, folder)
    assert "Nothing to be done" in make(folder).stdout
    assert make(folder, "clean").returncode == 0
    assert sorted(path.name for path in (folder / "src").iterdir()) == [
        "simple_ml.py",
        "simple_ml_ext.cpp",
    ]


def test_a_compile_error_keeps_the_module_that_was_there(tmp_path):
    folder = copy(tmp_path / "hw0")
    module = folder / "src" / "simple_ml_ext.so"
    module.write_bytes(b"old")
    (folder / "src" / "simple_ml_ext.cpp").write_text("int f( {}\n")
    done = make(folder, "--always-make")
    assert done.returncode != 0
    assert "simple_ml_ext.cpp:1:" in done.stderr
    assert module.read_bytes() == b"old"
    assert len(list((folder / "src").iterdir())) == 3


@pytest.mark.parametrize(
    "argument, message",
    [
        ("CXX=no-such-compiler", "no C++ compiler 'no-such-compiler'"),
        ("PYTHON=false", "pybind11 is missing: false -m pip install pybind11"),
    ],
)
def test_make_says_what_is_missing(tmp_path, argument, message):
    done = make(copy(tmp_path / "hw0"), argument)
    assert done.returncode != 0
    assert message in done.stderr


def run(folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.append('./src')\n{code}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_star_import_of_older_tests_gives_all_six(built):
    names = "add, parse_mnist, softmax_loss, softmax_regression_epoch, nn_epoch"
    compiled = "softmax_regression_epoch_cpp.__doc__"
    done = run(built, f"from simple_ml import *\nprint({names}, {compiled})")
    assert done.returncode == 0, done.stderr
    assert "X: object" in done.stdout  # pybind11's signature: the compiled one
    assert done.stderr == ""


def test_without_the_module_only_question_6_complains(tmp_path):
    folder = copy(tmp_path / "hw0")
    done = run(folder, "from simple_ml import *\nprint(add(2, 3))")
    assert (done.stdout, done.stderr) == ("5\n", "")
    done = run(
        folder, "import simple_ml as s\ns.softmax_regression_epoch_cpp(*'Xyt12')"
    )
    assert "ImportError: simple_ml_ext is not built yet: run `make`" in done.stderr


def test_a_module_that_does_not_load_is_reported(tmp_path):
    folder = copy(tmp_path / "hw0")
    (folder / "src" / "simple_ml_ext.so").write_bytes(b"for another machine")
    done = run(folder, "from simple_ml import *\nprint(add(2, 3))")
    assert done.stdout == "5\n"
    assert "simple_ml_ext does not load, try `make clean all`" in done.stderr
