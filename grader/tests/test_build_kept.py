"""A build begins with what the starter's has left, and compiles only what is new."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from coursekit.homework import Build, Homework
from grader.build import Built, build
from grader.sandbox import best
from mini_homework import REFERENCE, mini_model
from mini_levels import each_level, sandbox

from grader import build as build_module

# The shared part notes where it was made; the product tells what it was made of.
MAKEFILE = """
all: src/fast.so
objects/where: src/fast.h
	@echo made the shared part; mkdir -p objects; pwd > objects/where
objects/fast.o: src/fast.cpp
	@echo compiled; mkdir -p objects; cp src/fast.cpp objects/fast.o
src/fast.so: objects/where objects/fast.o
	@test "$$(cat objects/where)" = "$$(pwd)"
	@cat objects/fast.o src/fast.h > src/fast.so
"""
PRISTINE = {
    "Makefile": MAKEFILE.encode(),
    "src/fast.cpp": b"starter\n",
    "src/fast.h": b"header\n",
    "notes.md": b"not read by the build\n",
}


def keeping(reads: list[str] | None = None) -> Homework:
    """Return a homework whose builds keep what is in objects/."""
    homework = mini_model()
    [recipe] = homework.builds
    changed = {
        "inputs": ["src/fast.cpp"],
        "reads": reads or ["Makefile", "src/*"],
        "keep": ["objects"],
    }
    return homework.model_copy(update={"builds": [recipe.model_copy(update=changed)]})


def built(
    text: str, pristine: Mapping[str, bytes] = PRISTINE, level: str = ""
) -> Built:
    box = sandbox(level) if level else best()
    homework = keeping()
    return build(
        homework, homework.builds[0], pristine, {"src/fast.cpp": text.encode()}, box
    )


@each_level()
def test_only_what_depends_on_the_inputs_is_made_again(level: str) -> None:
    for text in ("mine\n", "theirs\n"):
        found = built(text, level=level)
        assert found.failed == "", found.messages
        assert found.outputs == {"src/fast.so": text.encode() + b"header\n"}
        assert found.messages == "compiled"


def test_what_the_starter_has_left_is_made_once_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs = []
    run = build_module._run

    def watched(box: object, recipe: Build, job: Mapping[str, object]) -> Built:
        jobs.append((job["keep"], sorted(job["kept"])))  # type: ignore[call-overload]
        return run(box, recipe, job)  # type: ignore[arg-type]

    monkeypatch.setattr(build_module, "_run", watched)
    built("mine\n")
    built("theirs\n")
    left = ["objects/fast.o", "objects/where"]
    assert jobs == [(["objects"], []), ([], left), ([], left)]
    built("theirs\n", {**PRISTINE, "notes.md": b"changed\n"})  # nothing that is read
    assert len(jobs) == 3
    built("theirs\n", {**PRISTINE, "src/fast.h": b"changed\n"})
    assert len(jobs) == 5


def test_a_changed_source_is_never_mixed_with_what_was_kept_before() -> None:
    assert built("mine\n").outputs["src/fast.so"] == b"mine\nheader\n"
    changed = {**PRISTINE, "src/fast.h": b"changed\n"}
    assert built("mine\n", changed).outputs["src/fast.so"] == b"mine\nchanged\n"


def test_a_starter_that_does_not_build_keeps_nobody_from_building() -> None:
    picky = MAKEFILE.replace(
        "@echo compiled;", "@grep -q starter src/fast.cpp && exit 1; echo compiled;"
    )
    found = built("mine\n", {**PRISTINE, "Makefile": picky.encode()})
    assert found.failed == "", found.messages
    assert found.messages.splitlines() == ["made the shared part", "compiled"]


def test_what_the_build_does_not_read_is_not_in_its_box() -> None:
    looking = b"all:\n\tls > src/fast.so\n"
    homework = keeping(["Makefile", "src/*.h"])
    pristine = {**PRISTINE, "Makefile": looking}
    found = build(
        homework, homework.builds[0], pristine, {"src/fast.cpp": b"mine\n"}, best()
    )
    assert found.outputs["src/fast.so"].split() == [b"Makefile", b"src"]


def test_files_that_nobody_asked_for_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {"src/fast.so": b"product", "src/mini.py": b"raise SystemExit"}
    monkeypatch.setattr(build_module, "_run", lambda *_: Built(more))
    homework = mini_model()
    found = build(
        homework, homework.builds[0], REFERENCE, {"src/fast.cpp": b"mine\n"}, best()
    )
    assert found.outputs == {"src/fast.so": b"product"}
