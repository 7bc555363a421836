"""The real suite of hw3: other right work earns all of it, dishonest work nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from coursekit.globs import matches
from suite_kit import RealSuite

# Most of them build kernels, which takes its time where others work on the machine.
pytestmark = pytest.mark.timeout(900)

HW3 = RealSuite("hw3")

ARRAYS = "python/needle/backend_ndarray"
KERNELS = "src/ndarray_backend_cpu.cc"
PLAIN = Path(__file__).parent / "plain_hw3" / KERNELS

IN_PYTHON = "hw3.ndarray_python_ops"
OPS = "hw3.ndarray_cpu_ops"
REDUCTIONS = "hw3.ndarray_cpu_reductions"
IN_C = [REDUCTIONS, "hw3.ndarray_cpu_matmul"]  # the others are called in the same way


@pytest.fixture(autouse=True)
def kept_reference(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests of this file share the reference's answers."""
    monkeypatch.setenv("GRADER_HOME", str(shared_home))


def given(path: str) -> str:
    """Return a file as students get it."""
    return HW3.material.pristine[path].decode()


def through_arrays(found: Mapping[str, str]) -> set[str]:
    """Return the cases that go through NDArrays, and so through Python."""
    return {name for name in found if name.startswith(("arrays_", "views_"))}


def of_kernels(found: Mapping[str, str]) -> set[str]:
    """Return what became of the cases that call kernels themselves."""
    return {found[name] for name in found.keys() - through_arrays(found)}


def test_kernels_without_any_art_earn_everything() -> None:
    """No speed is asked for, no order of sums, and no way to walk."""
    found = HW3.graded({**HW3.honest(), KERNELS: PLAIN.read_bytes()})
    assert {name: status for name, status in found.items() if status != "passed"} == {}


COPIES = {
    "reshape": "return NDArray(self.numpy().reshape(new_shape), self.device)",
    "permute": "return NDArray(self.numpy().transpose(new_axes), self.device)",
    "broadcast_to": (
        "return NDArray(np.broadcast_to(self.numpy(), new_shape), self.device)"
    ),
    "__getitem__": "return NDArray(self.numpy()[idxs], self.device)",
}


def test_copies_that_numpy_makes_earn_nothing() -> None:
    """A view shares its memory, and its strides say how."""
    path = f"{ARRAYS}/ndarray.py"
    text = given(path)
    for function, line in COPIES.items():
        stub = re.compile(rf"raise NotImplementedError\(.*NDArray\.{function} is .*\)")
        text, count = stub.subn(line, text)
        assert count == 1, function
    files = {**HW3.honest(), path: text.encode()}
    assert "passed" not in HW3.graded(files, IN_PYTHON).values()


def test_numpy_in_the_place_of_kernels_earns_nothing() -> None:
    """Kernels are called past the package that says where they are."""
    path = f"{ARRAYS}/device.py"
    edit = ('f".ndarray_backend_{name}"', '".ndarray_backend_numpy"')
    device = HW3.changed(path, edit)[path]
    files = {**HW3.honest(), path: device, KERNELS: given(KERNELS).encode()}
    assert of_kernels(HW3.graded(files, *IN_C)) == {"not_written"}


def test_modules_named_like_the_kernels_earn_nothing() -> None:
    """Only what was built is taken, and nothing of the student's runs before."""
    numpy = given(f"{ARRAYS}/ndarray_backend_numpy.py").encode()
    shadow = b"raise RuntimeError('this file was loaded')\n"
    names = ["numpy.py", "_kernels.py", "gradebox.py"]
    files = {
        **HW3.honest(),
        KERNELS: given(KERNELS).encode(),
        f"{ARRAYS}/ndarray_backend_cpu.py": numpy,
        f"{ARRAYS}/ndarray_backend_cpu/__init__.py": numpy,
        **{f"python/needle/{name}": shadow for name in names},
    }
    assert of_kernels(HW3.graded(files, *IN_C)) == {"not_written"}


def test_a_package_that_is_broken_costs_no_kernel_its_points() -> None:
    files = {**HW3.honest(), f"{ARRAYS}/ndarray.py": b"def f(:\n"}
    found = HW3.graded(files, *IN_C)
    failed = {name for name, status in found.items() if status != "passed"}
    assert failed == through_arrays(found)


def test_bindings_are_not_handed_in() -> None:
    """What checks the arguments of kernels is ours, and so is how all is built."""
    wanted = HW3.material.homework.submission.files
    ours = {path for path in HW3.material.pristine if path.startswith("src/")}
    ours |= {"Makefile", "CMakeLists.txt"}
    handed_in = {path for path in ours if matches(path, wanted)}
    assert handed_in == {KERNELS, "src/ndarray_backend_cuda.cu"}


PYTHON_IN_KERNELS = [
    '#include <Python.h>\n#include "ndarray_backend_cpu.h"\n',
    'extern "C" int PyRun_SimpleString(const char *);\n'
    'int imported = PyRun_SimpleString("import numpy");\n'
    '#include "ndarray_backend_cpu.h"\n',
]


@pytest.mark.parametrize("head", PYTHON_IN_KERNELS, ids=["headers", "library"])
def test_kernels_that_ask_python_are_not_built(head: str) -> None:
    """They have neither its headers nor its library."""
    text = given(KERNELS).replace('#include "ndarray_backend_cpu.h"\n', head)
    found = HW3.graded({**HW3.honest(), KERNELS: text.encode()}, OPS)
    assert set(found.values()) == {"build_failed"}


@pytest.mark.slow
def test_a_kernel_that_crashes_costs_the_cases_that_call_it() -> None:
    away = ("*largest = first", "largest[i << 40] = first")
    text = PLAIN.read_text()
    assert away[0] in text
    files = {**HW3.honest(), KERNELS: text.replace(*away).encode()}
    found = HW3.graded(files, REDUCTIONS)
    crashed = {name for name, status in found.items() if status == "crashed"}
    calls_max = {"arrays_reduced", "views_reduced"}
    calls_max |= {name for name in found if name.startswith("max_")}
    assert crashed == calls_max
    assert {found[name] for name in found.keys() - crashed} == {"passed"}
