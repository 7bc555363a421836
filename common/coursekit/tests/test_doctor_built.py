"""The doctor says whether a folder's native code is built, and of what is there."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import pytest
from coursekit.doctor import built
from coursekit.doctor.examine import CHECKS, examine
from coursekit.student import StudentFolder

SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")


@pytest.fixture
def folder(tmp_path, monkeypatch, real_course) -> Path:
    """A folder of hw3 with the manifest of the staged one, in which we stand."""
    staged = StudentFolder.at(real_course.root / "hw3")
    assert staged is not None
    for name in (".course", "src", "python/needle/backend_ndarray"):
        (tmp_path / name).mkdir(parents=True)
    manifest = ".course/manifest.json"
    (tmp_path / manifest).write_bytes((staged.path / manifest).read_bytes())
    write(tmp_path / "src" / "ndarray_backend_cpu.cc", 100)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, time: int) -> None:
    path.write_text("")
    os.utime(path, (time, time))


def module(folder: Path, suffix: str, time: int, name: str = "cpu") -> None:
    place = folder / "python" / "needle" / "backend_ndarray"
    write(place / f"ndarray_backend_{name}{suffix}", time)


@pytest.mark.parametrize(
    ("suffix", "time", "said"),
    [
        (None, 0, "not built yet"),
        (".cpython-27-x.so", 200, "ndarray_backend_cpu.cpython-27-x.so is for another"),
        (SUFFIX, 50, f"ndarray_backend_cpu{SUFFIX} is older than src/ndarray_backend"),
    ],
)
def test_what_has_to_be_made_is_said(folder, suffix, time, said):
    if suffix is not None:
        module(folder, suffix, time)
    found = built.built()
    assert found is not None
    assert (found.state, found.fix, found.blocks) == ("missing", "make", False)
    assert found.found.startswith(said)


def test_a_module_newer_than_its_sources_is_right(folder, monkeypatch):
    module(folder, SUFFIX, 150)
    monkeypatch.chdir(folder / "src")
    found = built.built()
    assert found is not None
    assert (found.state, found.found) == ("ok", f"ndarray_backend_cpu{SUFFIX}")


@pytest.mark.parametrize(
    ("check", "name"), [(built.emulated, "cuda_emulated"), (built.for_cards, "cuda")]
)
@pytest.mark.skipif(sys.platform != "linux", reason="the emulator is for Linux")
def test_modules_of_cuda_are_looked_at_by_themselves(folder, monkeypatch, check, name):
    monkeypatch.setattr(built, "nvcc", lambda: "nvcc")
    module(folder, SUFFIX, 150)
    assert check() is None  # no homework with CUDA
    write(folder / "src" / "ndarray_backend_cuda.cu", 200)
    write(folder / "src" / "ndarray_backend_cpu.h", 2**31)  # make would do nothing
    assert (check().state, check().found, check().fix) == (
        "missing",
        "not built yet",
        "make",
    )
    (folder / "src" / "ndarray_backend_cpu.h").unlink()
    assert built.built().state == "ok"  # what is for the processor has no .cu
    write(folder / "src" / "ndarray_backend_cpu.h", 2**31)
    module(folder, SUFFIX, 190, name)
    assert check().found.endswith("is older than src/ndarray_backend_cuda.cu")
    module(folder, SUFFIX, 210, name)
    assert (check().state, check().found) == ("ok", f"ndarray_backend_{name}{SUFFIX}")
    (other,) = {"cuda", "cuda_emulated"} - {name}
    module(folder, SUFFIX, 10, other)
    assert check().state == "ok"


def test_without_a_compiler_for_cards_nothing_is_missed(folder, monkeypatch):
    write(folder / "src" / "ndarray_backend_cuda.cu", 100)
    monkeypatch.setattr(built, "nvcc", lambda: None)
    assert built.for_cards() is None
    module(folder, SUFFIX, 50, "cuda")
    assert built.for_cards().state == "missing"  # it is there, and old


def test_where_the_emulator_does_not_run_it_is_said(folder, monkeypatch):
    write(folder / "src" / "ndarray_backend_cuda.cu", 100)
    monkeypatch.setattr(built.sys, "platform", "darwin")
    found = built.emulated()
    assert (found.state, found.found) == ("note", "runs on Linux only")


def test_elsewhere_nothing_is_said(folder, monkeypatch):
    (folder / "src" / "ndarray_backend_cpu.cc").unlink()
    assert built.built() is None
    monkeypatch.chdir(folder.parent)
    assert built.built() is None
    module = sys.modules[examine.__module__]
    monkeypatch.setattr(module, "CHECKS", [("native code", built.built)])
    assert list(examine()) == []
    assert ("native code", built.built) in CHECKS
