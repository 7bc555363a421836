"""The questions on CUDA come to a folder of hw3 that was begun before them."""

from __future__ import annotations

import re
import shutil

import pytest
from carry_kit import STUB, Student
from coursekit.course import Course
from coursekit.staging import NONE, render
from coursekit.update.incoming import Release
from coursekit.update.run import update_folder
from coursekit.update.undo import undo_last

pytestmark = pytest.mark.slow
KERNELS = "src/ndarray_backend_cpu.cc"
ARRAY = "python/needle/backend_ndarray/ndarray.py"


@pytest.fixture
def course(real_course, tmp_path) -> Course:
    """Return a copy of the course as it was before hw3's questions on CUDA."""
    junk = shutil.ignore_patterns("__pycache__", "*.so", "build")
    for name in ("emulator", "explore", "hw1", "hw2", "hw3", "needle", "testing"):
        source = real_course.root / "common" / name
        shutil.copytree(source, tmp_path / "clone/common" / name, ignore=junk)
    shutil.copy(real_course.root / "course.toml", tmp_path / "clone")
    file = tmp_path / "clone/common/hw3/homework.toml"
    file.write_text(without_cuda(file.read_text()))
    return Course(tmp_path / "clone")


def without_cuda(text: str) -> str:
    """Leave out of hw3's description what is about CUDA."""
    parts = re.split(r"(?=^\[+\w+\]+$)", text, flags=re.MULTILINE)
    kept = [part for part in parts if '"cuda"' not in part]
    assert len(kept) == len(parts) - 4 - 1  # the questions and the build
    text = re.sub(r"^emulator = \[.*?^\]\n", "", "".join(kept), flags=re.M | re.S)
    return re.sub(r"^ .*(cuda|emulator).*\n", "", text, flags=re.MULTILINE)


def edited(student: Student) -> dict[str, str]:
    """Do half of the homework; return the files in which that was done."""
    student.write(KERNELS, "EwiseMul", "each(*out, [&](size_t i) { mine(a, b, i); });")
    student.edit(KERNELS, "namespace cpu {", "namespace cpu {\n\nint mine();")
    student.write(ARRAY, "NDArray.permute", "return self.mine(new_axes)  # half done")
    student.put("notes.txt", "where I stopped\n")
    student.put("src/ndarray_backend_cpu.so", "built by make")
    return {path: student.text(path) for path in (KERNELS, ARRAY, "notes.txt")}


def test_an_earlier_hw3_gets_the_cuda_questions_and_loses_nothing(course, real_course):
    hw3 = Student.start(course, "hw3", course.work("hw3"))
    assert not any(path.startswith("emulator/") for path in hw3.files())
    assert "src/ndarray_backend_cuda.cu" not in hw3.files()
    mine = edited(hw3)
    before = hw3.files()
    release = Release.of(render(real_course, "hw3", NONE), "a newer one")
    done = update_folder(hw3.folder, release)
    assert not done.plan.conflicts
    assert {path: hw3.text(path) for path in mine} == mine
    cuda = hw3.text("src/ndarray_backend_cuda.cu")
    assert cuda.count(STUB) == 3 + 14 + 2 + 1
    after = hw3.files()
    new = release.files.keys() - before.keys()
    assert {"emulator/README.md", "cmake/emulator.cmake"} <= new
    assert all(after[path] == release.files[path] for path in new)
    assert before.keys() <= after.keys()
    undo_last(hw3.folder, "update")
    assert hw3.files() == before
