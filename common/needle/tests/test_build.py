"""`make` of hw3: what it builds, what it builds again, and what it says when it cannot.

For the processor; what is CUDA's is in test_build_cuda.py.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
from quick_build import KERNELS, PLACE, copy, make, modules

pytestmark = pytest.mark.skipif(
    not (shutil.which("c++") and shutil.which("make")), reason="needs c++ and make"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder that is built, under a path with spaces; tests may only copy it."""
    folder = copy(tmp_path_factory.mktemp("home work") / "hw 3")
    done = make(folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "directory" not in done.stdout  # make's own words about where it goes
    return folder


@pytest.fixture
def again(built, tmp_path) -> Path:
    """The same folder elsewhere: its copy, whose times are those of the original."""
    shutil.copytree(built, tmp_path / "hw3")
    return tmp_path / "hw3"


def test_the_module_is_this_pythons_and_loads(built):
    assert modules(built) == [f"ndarray_backend_cpu{EXTENSION_SUFFIXES[0]}"]
    program = "import ndarray_backend_cpu as m; print(m.sum)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=built / PLACE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "2.0\n", done.stderr


def test_a_folder_that_was_moved_is_built_and_then_only_what_has_changed(again):
    assert "src/cpu_memory.cc" in make(again).stdout
    assert "Building" not in make(again).stdout
    (again / KERNELS).touch()
    said = make(again).stdout
    assert said.count("Building") == 1
    assert KERNELS in said


def test_the_fast_module_comes_back_after_the_one_for_sanitizers(again):
    make(again, "SANITIZE=1")
    (module,) = (again / PLACE).iterdir()
    assert b"__asan" in module.read_bytes()
    make(again)
    assert b"__asan" not in module.read_bytes()


def test_another_name_starts_afresh_and_clean_removes_all(again):
    done = make(again, "PLAIN_NAME=1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "ndarray_backend_cpu.so" in modules(again)
    assert make(again, "clean").returncode == 0
    assert modules(again) == []
    assert not (again / "build").exists()


def test_compile_errors_come_first_and_the_module_stays(again):
    before = modules(again)
    text = (again / KERNELS).read_text()
    (again / KERNELS).write_text(text.replace("Fill(", "int x = ; Fill(", 1))
    done = make(again)
    assert done.returncode != 0
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    assert KERNELS in errors[0]
    assert "Begin with the first error above." in done.stderr
    assert modules(again) == before


@pytest.mark.skipif(sys.platform == "darwin", reason="its linker is asked otherwise")
def test_a_helper_that_is_nowhere_is_named_and_the_module_stays(again):
    make(again)
    (module,) = (again / PLACE).iterdir()
    before = module.read_bytes()
    text = (again / KERNELS).read_text()
    head = "void Fill(AlignedArray *out, scalar_t val) {"
    assert head in text
    text = text.replace(head, f"int nowhere();\n{head} val += nowhere();")
    (again / KERNELS).write_text(text)
    done = make(again)
    assert done.returncode != 0
    assert "nowhere()" in done.stderr
    assert module.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["CXX=no-such-compiler"], "no C++ compiler 'no-such-compiler': install"),
        (["PYTHON=no-such-python"], "no Python 'no-such-python'"),
        (["CMAKE="], "CMake is missing: {python} -m pip install cmake"),
    ],
)
def test_what_is_missing_is_named(tmp_path, arguments, message):
    done = make(copy(tmp_path / "hw3"), *arguments)
    assert done.returncode != 0
    assert message.format(python=sys.executable) in done.stderr


def test_a_python_without_pybind11_is_told_how_to_get_it(tmp_path):
    (tmp_path / "pybind11.py").write_text("raise ImportError\n")
    done = make(copy(tmp_path / "hw3"), PYTHONPATH=str(tmp_path))
    assert done.returncode != 0
    assert f"pybind11 is missing: {sys.executable} -m pip install" in done.stderr
    assert "-- " not in done.stderr  # what CMake has found is of no interest
