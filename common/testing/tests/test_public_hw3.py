"""What hw3's public tests say and do where the kernels are not built."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.staging import ALL, render, write_folder

COURSE = Course.find(Path(__file__).parent)
VIEWS = "(permute or reshape or broadcast or getitem) and cpu and not compact"


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory):
    """Return the solved homework before `make`."""
    folder = tmp_path_factory.mktemp("unbuilt") / "hw3"
    write_folder(render(COURSE, "hw3", ALL), folder)
    return folder


def tried(folder, *words):
    """Return how pytest ended, and what it said."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("words", [["-k", "matmul and cpu"], ["-q"]])
def test_one_sentence_says_that_the_kernels_are_not_built(unbuilt, words):
    code, said = tried(unbuilt, *words)
    assert code == pytest.ExitCode.USAGE_ERROR, said
    assert "Traceback" not in said
    (line,) = [line for line in said.splitlines() if "kernels" in line]
    why = f"ERROR: the kernels are not built for this Python: run `make` in {unbuilt}"
    assert line == why
    assert not re.search("failed|passed", said)


def test_tests_are_listed_without_a_kernel(unbuilt):
    code, said = tried(unbuilt, "-q", "--collect-only", "-k", "matmul and cpu")
    assert code == 0, said
    assert "test_matmul_tiled" in said


@pytest.fixture
def without_cuda(unbuilt, tmp_path):
    """Return the solved homework after `make CUDA=no`."""
    place = Path("python/needle/backend_ndarray")
    modules = (COURSE.root / "common/needle" / place).glob("ndarray_backend_cpu.*.so")
    module = next(modules, None) or pytest.skip("the library's kernels are not built")
    shutil.copytree(unbuilt, tmp_path / "hw3")
    shutil.copy(module, tmp_path / "hw3" / place)
    return tmp_path / "hw3"


def test_who_asks_for_cuda_alone_is_told_why_there_is_none(without_cuda):
    code, said = tried(without_cuda, "-k", "compact and cuda")
    assert code == pytest.ExitCode.USAGE_ERROR, said
    assert "ERROR: cuda() cannot be used: " in said
    assert "its kernels are not built for the emulator" in said
    code, said = tried(without_cuda, "-q", "-k", "test_compact_there")
    assert code == 0, said  # others run: what is CUDA's is skipped
    assert "skipped" in said


def test_views_are_tried_without_a_kernel(unbuilt):
    code, said = tried(unbuilt, "-q", "-rs", "-k", VIEWS)
    assert code == 0, said
    assert "its kernels are not built yet: run `make`" in said
    assert int(re.search(r"(\d+) passed", said)[1]) > 50
