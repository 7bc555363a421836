"""hw3's apps/mlp_resnet.py: on which device it trains, and where it had better not."""

from __future__ import annotations

import runpy
import shutil
from pathlib import Path

import pytest
from train_kit import COURSE, folder, run

PLACE = Path("python/needle/backend_ndarray")
NEEDLE = COURSE.root / "common" / "needle"
NATIVE = NEEDLE / "tests" / "support" / "native.py"
APP = ("apps/mlp_resnet.py", "--epochs", 1, "--hidden", 8, "--blocks", 1)


@pytest.fixture(scope="module")
def hw3(tmp_path_factory) -> Path:
    """Return the solved homework with the library's kernels."""
    missing = runpy.run_path(str(NATIVE))["ensure_built"]()
    if missing is not None:
        pytest.skip(missing)
    if not list((NEEDLE / PLACE).glob("ndarray_backend_cuda_emulated*.so")):
        pytest.skip("the emulator is not built")
    questions = [question.name for question in COURSE.homework("hw3").questions]
    made = folder(tmp_path_factory.mktemp("course") / "hw3", "hw3", questions)
    for module in (NEEDLE / PLACE).glob("*.so"):
        shutil.copy(module, made / PLACE)
    return made


@pytest.fixture(autouse=True)
def _as_at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course-data"))
    monkeypatch.delenv("NEEDLE_BACKEND", raising=False)


def test_it_never_trains_on_the_emulator_unasked(hw3, tmp_path, monkeypatch):
    monkeypatch.setenv("NEEDLE_CUDA", "auto")
    done = run(hw3, *APP, "--device", "cuda", "--out", tmp_path / "out")
    if done.returncode == 0:
        pytest.skip("there is a graphics card")
    assert "cuda() is the emulator here, because " in done.stderr, done.stderr
    assert "choose another --device" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "out").glob("*")) == []


def test_a_choice_of_cuda_that_does_not_exist_is_named(hw3, tmp_path, monkeypatch):
    monkeypatch.setenv("NEEDLE_CUDA", "sideways")
    done = run(hw3, *APP, "--device", "cuda", "--out", tmp_path / "out")
    assert done.returncode != 0
    assert "NEEDLE_CUDA is 'sideways'; it can be auto, real or emul" in done.stderr
    assert "Traceback" not in done.stderr
