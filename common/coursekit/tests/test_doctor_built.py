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


def module(folder: Path, suffix: str, time: int) -> None:
    place = folder / "python" / "needle" / "backend_ndarray"
    write(place / f"ndarray_backend_cpu{suffix}", time)


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


def test_elsewhere_nothing_is_said(folder, monkeypatch):
    (folder / "src" / "ndarray_backend_cpu.cc").unlink()
    assert built.built() is None
    monkeypatch.chdir(folder.parent)
    assert built.built() is None
    module = sys.modules[examine.__module__]
    monkeypatch.setattr(module, "CHECKS", [("native code", built.built)])
    assert list(examine()) == []
    assert ("native code", built.built) in CHECKS
