"""A course of three homeworks in which code moves on, and students of it."""

from __future__ import annotations

import textwrap
from pathlib import Path

from coursekit.carry.run import carry_into
from coursekit.staging import NONE, render, write_folder
from coursekit.staging.manifest import with_pristine
from coursekit.student import StudentFolder

OPS = '''\
"""Operations of the library."""

import numpy as np


class Add:
    """The sum."""

    def compute(self, a, b):
        ### BEGIN YOUR SOLUTION hw1.forward; hw3+: hw3.backend
        return a + b
        ### END YOUR SOLUTION

    def gradient(self, out):
        """Return what flows back."""
        ### BEGIN YOUR SOLUTION hw1.backward
        return out, out
        ### END YOUR SOLUTION


### BEGIN YOUR SOLUTION hw1.forward
def scale(x):
    return 2 * x
### END YOUR SOLUTION


### STAGE hw2+
def fit(x):
    ### BEGIN YOUR SOLUTION hw2.fit
    return scale(x)
    ### END YOUR SOLUTION
### END STAGE
'''
KERNEL = """\
#include <cstddef>

namespace kernels {

void Fill(float* out, std::size_t n) {
  /// BEGIN YOUR SOLUTION hw1.kernel
  for (std::size_t i = 0; i < n; ++i) out[i] = 1;
  /// END YOUR SOLUTION
}

/// BEGIN YOUR SOLUTION hw1.kernel
void Copy(const float* a, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i];
}
/// END YOUR SOLUTION

}  // namespace kernels
"""
PARSE_1 = '''\
def parse(name):
    """Read the numbers of a file."""
    ### BEGIN YOUR SOLUTION hw1.parse id=parse
    return [float(line) for line in open(name)]
    ### END YOUR SOLUTION


def only_here():
    ### BEGIN YOUR SOLUTION hw1.parse
    return 1
    ### END YOUR SOLUTION
'''
PARSE_2 = '''\
"""The application."""


class Reader:
    def parse(self, name):
        """Read the numbers of a file, again."""
        ### BEGIN YOUR SOLUTION hw1.parse id=parse
        return [float(line) for line in open(name)]
        ### END YOUR SOLUTION
'''
LIBRARY = '[carried]\nlibrary = ["python/lib/ops.py", "src/kernel.cc"{more}]\n'
STUB = "is yours to write"


def make_chain(mini_course, root: Path):
    """Fill a MiniCourse with hw1, hw2, hw3, made from one library."""
    course = mini_course(root)
    course.write("common/needle/python/lib/ops.py", OPS)
    course.write("common/needle/src/kernel.cc", KERNEL)
    course.write("common/needle/apps/simple.py", PARSE_2)
    course.homework(
        "hw1", "forward", "backward", "kernel", "parse", more=LIBRARY.format(more="")
    )
    course.write("common/hw1/src/simple.py", PARSE_1)
    course.homework("hw2", "fit", more=LIBRARY.format(more=', "apps/*.py"'))
    course.homework("hw3", "backend", more=LIBRARY.format(more=', "apps/*.py"'))
    return course


class Student:
    """Somebody's folder of one homework."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def start(cls, course, name: str, path: Path) -> Student:
        """Make the folder as ``course start`` does."""
        write_folder(with_pristine(render(course, name, NONE)), path)
        return cls(path)

    @property
    def folder(self) -> StudentFolder:
        """The folder, read afresh."""
        found = StudentFolder.at(self.path)
        assert found is not None
        return found

    def text(self, path: str) -> str:
        """Return a file's text with its line ends as they are."""
        return (self.path / path).read_bytes().decode()

    def put(self, path: str, text: str) -> None:
        """Write a file's text with its line ends as they are."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace what stands in a file exactly once."""
        text = self.text(path)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        self.put(path, text.replace(old, new))

    def write(self, path: str, name: str, body: str) -> None:
        """Write the solution of a region, in the place of its stub's statement.

        The lines of ``body`` come at the indentation of the stub.
        """
        lines = self.text(path).split("\n")
        (place,) = (n for n, line in enumerate(lines) if f": {name} {STUB}" in line)
        indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
        lines[place : place + 1] = textwrap.indent(
            textwrap.dedent(body).strip("\n"), indent
        ).split("\n")
        self.put(path, "\n".join(lines))

    def files(self) -> dict[str, bytes]:
        """Return every file but the backups."""
        return {
            file.relative_to(self.path).as_posix(): file.read_bytes()
            for file in sorted(self.path.rglob("*"))
            if file.is_file() and ".course/backup" not in file.as_posix()
        }


def carry(*students: Student, **more):
    """Carry from all but the last; return what became of each region, and all."""
    *sources, target = students
    done = carry_into([each.folder for each in sources], target.folder, **more)
    return {each.region: each.settled.what for each in done.plan.outcomes}, done


def messages(done) -> str:
    """Return what was remarked, a line each."""
    return "\n".join(map(str, done.plan.remarks))
