"""The real homework that the attacks are against, and the honest work around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from attack_records import Attack, Variant
from coursekit.course import Course
from coursekit.globs import matches
from gradebox import Case
from grader.material import Material

NATIVE = "src/simple_ml_ext.cpp"
MODULE = "src/simple_ml.py"
TAKES_OVER = b"\n\nfrom attack import *  # noqa: E402, F403\n"


@lru_cache(maxsize=1)
def course() -> Course:
    """Return the course that this checkout is."""
    return Course.find(Path(__file__))


@lru_cache(maxsize=8)
def material(
    seconds: float = 5.0, build_seconds: float = 120.0, memory_mb: int = 2048
) -> Material:
    """Return what hw0 is graded with, under limits that suit a test."""
    found = Material.from_course(course(), "hw0")
    homework = found.homework
    [build] = homework.builds
    limited = homework.model_copy(
        update={
            "grading": homework.grading.model_copy(
                update={"seconds": seconds, "memory_mb": memory_mb}
            ),
            "builds": [build.model_copy(update={"seconds": build_seconds})],
        }
    )
    return replace(found, homework=limited)


def honest() -> dict[str, bytes]:
    """Return the files of somebody who solved everything."""
    found = material()
    wanted = found.homework.submission.files
    return {k: v for k, v in found.reference.items() if matches(k, wanted)}


def hostile(
    attack: Attack, variant: Variant, facts: Mapping[str, object]
) -> dict[str, bytes]:
    """Return honest files with the attack laid over them."""
    files = honest()
    told = "".join(f"{name} = {value!r}\n" for name, value in facts.items())
    files["src/facts.py"] = told.encode()
    files["src/facts.h"] = _header(facts).encode()
    for name, source in variant.files.items():
        files[name] = (attack.folder / source).read_bytes()
    payload = attack.payload(variant)
    assert payload is not None
    code = payload.read_bytes()
    if payload.suffix == ".cpp":
        files[NATIVE] += b"\n" + code
    else:
        files["src/attack.py"] = code
        files[MODULE] += TAKES_OVER
    return files


def _header(facts: Mapping[str, object]) -> str:
    """Return the facts that are text, for C++."""
    return "".join(
        f'#define {name} "{value}"\n'
        for name, value in facts.items()
        if isinstance(value, str) and value.isprintable()
    )


def other_suite(files: Mapping[str, bytes], cases: tuple[Case, ...]) -> Material:
    """Return the homework as it would be graded by another suite."""
    return replace(material(), suite_files=dict(files), cases=cases)
