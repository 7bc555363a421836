"""`make` and CUDA: whatever its compiler is like, the rest is built, and it is said."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from quick_build import NEEDLE, copy, make, modules

TOO_OLD = """#!/bin/sh
case "$*" in
  *--version*) echo "Cuda compilation tools, release 10.1, V10.1.243"; exit ;;
esac
echo "In file included from cuda_runtime.h" >&2
echo "host_config.h:138:2: error: unsupported GNU version! later than 8" >&2
exit 1
"""
FOR_NO_SUCH_CARD = """#!/bin/sh
echo "nvcc fatal   : Unsupported gpu architecture '$CUDAARCHS'" >&2
exit 1
"""
A_CARD = """#!/bin/sh
echo "GPU 0: of long ago"
"""

pytestmark = pytest.mark.skipif(
    not (shutil.which("c++") and shutil.which("make")), reason="needs c++ and make"
)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder in which nothing is built; the emulator is not beside it."""
    made = copy(tmp_path / "home work" / "hw3")
    shutil.copytree(NEEDLE / "cmake", made / "cmake")
    return made


@pytest.fixture
def program(tmp_path):
    """Write a program that comes first on the PATH; return the PATH."""
    place = tmp_path / "programs"
    place.mkdir()

    def write(name: str, script: str) -> str:
        (place / name).write_text(script)
        (place / name).chmod(0o755)
        return f"{place}{os.pathsep}{os.environ['PATH']}"

    return write


def test_a_compiler_too_old_for_this_machine_keeps_nothing_else_from_it(
    folder, program
):
    path = program("nvcc", TOO_OLD)
    done = make(folder, "CUDA=auto", PATH=path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "programs/nvcc does not work here" in done.stdout
    assert "It says: host_config.h:138:2: error: unsupported GNU" in done.stdout
    assert [name.split(".")[0] for name in modules(folder)] == ["ndarray_backend_cpu"]
    again = make(folder, "CUDA=auto", PATH=path)
    assert "does not work" not in again.stdout  # it was said
    other = {"CUDACXX": str(folder / "nowhere"), "PATH": path}  # is another setup
    assert "nowhere does not work" in make(folder, "setup", "CUDA=auto", **other).stdout


def test_a_card_that_the_compiler_does_not_know(folder, program):
    program("nvidia-smi", A_CARD)
    done = make(folder, "setup", "CUDA=auto", PATH=program("nvcc", FOR_NO_SUCH_CARD))
    assert done.returncode == 0, done.stderr
    assert "It says: nvcc fatal   : Unsupported gpu architecture" in done.stdout


def test_a_compiler_that_is_not_there(folder, tmp_path):
    done = make(folder, "setup", "CUDA=auto", CUDACXX=str(tmp_path / "nowhere"))
    assert done.returncode == 0, done.stderr
    assert "nowhere does not work here" in done.stdout
    assert "It says: status no such file" in done.stdout


def test_who_wants_a_card_alone_is_refused_in_one_sentence(folder, program):
    done = make(folder, "CUDA=real", PATH=program("nvcc", TOO_OLD))
    assert done.returncode != 0
    assert "programs/nvcc does not work here" in done.stderr
    assert "Call Stack" not in done.stderr
    assert modules(folder) == []


@pytest.mark.skipif(
    any(Path(place).exists() for place in ("/usr/local/cuda/bin/nvcc", "/opt/cuda")),
    reason="CUDA is found here, whatever the PATH is",
)
def test_without_a_compiler_it_is_said(folder, tmp_path):
    tools = tmp_path / "tools"  # all that is on the PATH but nvcc
    tools.mkdir()
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for each in Path(place).glob("*"):
            (tools / each.name).unlink(missing_ok=True)
            (tools / each.name).symlink_to(each)
    (tools / "nvcc").unlink(missing_ok=True)
    done = make(folder, "setup", "CUDA=auto", PATH=str(tools))
    assert "There is no CUDA compiler (nvcc) here" in done.stdout


def test_a_choice_that_does_not_exist(folder):
    done = make(folder, "CUDA=emulated")
    assert done.returncode != 0
    assert "CUDA is 'emulated'; it can be auto, real, emulator or no" in done.stderr


@pytest.mark.skipif(sys.platform == "linux", reason="the emulator is for Linux")
def test_elsewhere_the_emulator_says_where_it_runs(folder):
    assert "that needs Linux" in make(folder, "setup", "CUDA=emulator").stdout
