"""The kernels of hw3 with a suite of six cases, graded in a few seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from coursekit.course import Course
from coursekit.globs import matches
from grader.engine import grade
from grader.material import Material
from grader.renderings import Renderer
from grader.result import CaseResult
from grader.sandbox import Sandbox
from grader.submission import Submission
from mini_homework import by_name

SUITE = Path(__file__).parents[1] / "small_hw3"
CPU, CUDA = "src/ndarray_backend_cpu.cc", "src/ndarray_backend_cuda.cu"
ON_CPU = ("cpu_products",)
ON_CUDA = (
    "cuda_compact",
    "cuda_products",
    "cuda_quotients",
    "cuda_sums",
    "cuda_product_of_matrices",
)


@lru_cache(maxsize=1)
def material() -> Material:
    """Return hw3's questions about kernels, with few cases and little time for each."""
    course = Course.find(Path(__file__))
    homework = course.homework("hw3")
    asked = [
        each
        for each in homework.questions
        if each.built == "cuda" or each.name == "ndarray_cpu_ops"
    ]
    little = homework.grading.model_copy(update={"seconds": 5.0, "memory_mb": 1024})
    few = homework.model_copy(update={"questions": asked, "grading": little})
    renderings = Renderer(course, homework).both()
    return Material.from_folder(few, "test", renderings, SUITE)


def honest() -> dict[str, bytes]:
    """Return the files of somebody who solved everything."""
    found = material()
    wanted = found.homework.submission.files
    return {k: v for k, v in found.reference.items() if matches(k, wanted)}


def with_cuda(before: str = "", after: str = "", **bodies: str) -> dict[str, bytes]:
    """Return honest work in which some functions for the device do something else.

    Args:
        before: code in front of the first of them, in their namespace.
        after: code behind everything.
        bodies: what stands between the markers of each.
    """
    files = honest()
    text = files[CUDA].decode()
    for function, body in bodies.items():
        region = re.compile(
            rf"(\nvoid {function}\([^{{]*{{\n *///[^\n]*\n).*?(\n *///)", re.DOTALL
        )
        text, count = region.subn(
            lambda found, body=body: found[1] + body + found[2], text
        )
        assert count == 1, function
    head = text.index("\n// ----")
    text = f"{text[:head]}\n{before}\n{text[head:]}\n{after}\n"
    return {**files, CUDA: text.encode()}


def graded(
    files: Mapping[str, bytes], *questions: str, sandbox: Sandbox | None = None
) -> dict[str, CaseResult]:
    """Return the results of all cases, or of some questions', of the same inputs."""
    submission = Submission.from_files(dict(files))
    asked = [f"hw3.{name}" for name in questions] or None
    found = grade(
        material(),
        submission,
        questions=asked,
        seed=7,
        sandbox=sandbox,
        graft="off",  # the questions before these are not here
    )
    return by_name(found)
