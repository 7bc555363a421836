"""Native code is built by our recipe, in a box, and its failures are explained."""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from coursekit.homework import Homework
from grader.box import Box
from grader.build import Built, build
from grader.sandbox import best
from mini_homework import (
    FAST,
    REFERENCE,
    by_name,
    grade_quickly,
    mini_material,
    mini_model,
    mini_submission,
    statuses,
)
from mini_levels import each_level, sandbox

from grader import build as build_module
from grader import explain

HOMEWORK = mini_model()


def compiled(text: str, pristine: Mapping[str, bytes] = REFERENCE) -> Built:
    return build(
        HOMEWORK, HOMEWORK.builds[0], pristine, {"src/fast.cpp": text.encode()}, best()
    )


@each_level()
def test_a_sound_file_builds_at_every_level(level: str) -> None:
    files = {"src/fast.cpp": FAST.encode(), "src/fast.h": REFERENCE["src/fast.h"]}
    built = build(HOMEWORK, HOMEWORK.builds[0], REFERENCE, files, sandbox(level))
    assert built.failed == ""
    assert built.outputs["src/fast.so"][:4] in {b"\x7fELF", b"\xcf\xfa\xed\xfe"}


def test_the_second_build_is_read_from_the_cache(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = compiled("int f() { return 1; }")

    def refuse(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(Box, "run", refuse)
    assert compiled("int f() { return 1; }") == first
    with pytest.raises(AssertionError, match="built again"):
        compiled("int f() { return 2; }")
    changed = {**REFERENCE, "Makefile": REFERENCE["Makefile"] + b"\n# other flags\n"}
    with pytest.raises(AssertionError, match="built again"):
        compiled("int f() { return 1; }", changed)


def test_a_failure_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was missing on the machine may have been installed in the meantime."""
    missing = {**REFERENCE, "Makefile": b"all:\n\t@echo no headers; exit 1\n"}
    assert "does not compile" in compiled(FAST, missing).failed

    def again(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(Box, "run", again)
    with pytest.raises(AssertionError, match="built again"):
        compiled(FAST, missing)


def test_compiler_messages_name_the_students_file(tmp_path: Path) -> None:
    bad = "int f(int n) {\n  return m;\n}\n"
    built = compiled(bad)
    assert built.outputs == {}
    assert built.failed == "your code does not compile"
    assert re.search(r"^src/fast\.cpp:2:10: error: .*m", built.messages, re.MULTILINE)
    assert "/tmp" not in built.messages
    assert "\x1b" not in built.messages
    result = grade_quickly(
        mini_material(tmp_path), mini_submission(fast=bad), questions=("add", "triple")
    )
    case = by_name(result)["triples"]
    assert case.status == "build_failed"
    assert re.search(r"does not compile: src/fast\.cpp:2:10: error", case.message)
    assert statuses(result)["adds_arrays"] == "passed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("int g(); int f() { return g(); }\n", "undefined (reference|symbol)"),
        ('asm("no such thing");\n', "no such instruction"),
        ("int f() { return 1 }\n", r"src/fast\.cpp:1:.* error: expected"),
    ],
    ids=["linker", "assembler", "compiler"],
)
def test_who_found_the_mistake_is_quoted(text: str, said: str) -> None:
    """Not what the recipe says about it, nor the last word of the compiler."""
    strict = b"" if sys.platform == "darwin" else b"-Wl,--no-undefined"
    command = REFERENCE["Makefile"].strip() + b" " + strict
    makefile = command + b" || { echo Begin with the first error.; exit 1; }\n"
    built = compiled(text, {**REFERENCE, "Makefile": makefile})
    student = explain.Student({}, frozenset(), "hw0", ())
    assert re.search(said, explain.not_built(built, [], student).message)


@pytest.mark.skipif(sys.platform == "darwin", reason="another linker's words")
def test_all_that_is_missing_is_told() -> None:
    functions = ["g", "h", "i", "j"]
    text = "".join(f"int {name}();\n" for name in functions)
    calls = " + ".join(f"{name}()" for name in functions)
    strict = REFERENCE["Makefile"].strip() + b" -Wl,--no-undefined\n"
    built = compiled(f"{text}int f() {{ return {calls}; }}\n", {"Makefile": strict})
    assert built.failed
    for name in functions:
        assert f"undefined reference to `{name}()'" in built.messages


def test_a_flood_of_messages_is_bounded() -> None:
    built = compiled("int f() { return\n" + "\n".join(f"x{n};" for n in range(3000)))
    assert built.failed
    assert len(built.messages) <= build_module.MAX_MESSAGES


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    result = grade_quickly(
        mini_material(tmp_path), mini_submission(fast=None), questions=("add", "triple")
    )
    case = by_name(result)["triples"]
    assert case.status == "missing"
    assert "src/fast.cpp is not part of the submission" in case.message


@pytest.mark.parametrize(
    "text",
    [
        '#include "/etc/shadow"\n',
        '#include "/suite/hw0/cases.py"\n',
        'asm(".incbin \\"/etc/shadow\\"");\n',
        '#include "../../../../etc/passwd"\n',
    ],
)
def test_the_compiler_cannot_read_what_is_not_in_the_box(text: str) -> None:
    if best().name == "none":
        pytest.skip("no walls here")
    built = compiled(text)
    assert built.failed
    assert "root:" not in built.messages


def shortly() -> Homework:
    """Return the homework with one second for a build."""
    recipe = HOMEWORK.builds[0].model_copy(update={"seconds": 1.0})
    return HOMEWORK.model_copy(update={"builds": [recipe]})


def test_a_build_that_was_stopped_does_not_say_where_we_waited() -> None:
    waiting = {**REFERENCE, "Makefile": b"all:\n\t@echo begun; sleep 60\n"}
    short = shortly()
    built = build(short, short.builds[0], waiting, {"src/fast.cpp": b""}, best())
    assert built == Built({}, "begun", "it took longer than 1 s and was stopped", True)


def test_a_compiler_bomb_is_stopped_and_not_remembered() -> None:
    bomb = (
        "template <int N, int M> struct T { static const long long v = "
        "T<N - 1, M>::v + T<N - 1, M + 1>::v; };\n"
        "template <int M> struct T<0, M> { static const long long v = M; };\n"
        "long long f() { return T<700, 0>::v; }\n"
    )
    short = shortly()
    files = {"src/fast.cpp": bomb.encode()}
    built = build(short, short.builds[0], REFERENCE, files, best())
    assert built.failed
    folder = build_module.cache_folder("builds")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "recipe, words",
    [
        ("all:\n\tln -s fast.cpp src/fast.so\n", "no product"),
        ("all:\n\tmkfifo src/fast.so\n", "no product"),
        ("all:\n\tmkdir src/fast.so\n", "no product"),
        ("all:\n\ttrue\n", "no product"),
        ("all:\n\tkill -9 $$PPID\n", "abruptly|does not compile"),
    ],
)
@pytest.mark.timeout(60)
def test_products_that_are_no_files(recipe: str, words: str) -> None:
    built = compiled("int x;", {**REFERENCE, "Makefile": recipe.encode()})
    assert built.outputs == {}
    assert re.search(words, built.failed), built.failed


def test_a_submission_cannot_bring_its_own_makefile(tmp_path: Path) -> None:
    material = mini_material(tmp_path)
    sound = mini_submission()
    files = {**sound.files, "Makefile": b"all:\n\tfalse\n"}
    hostile = dataclasses.replace(sound, files=files)
    result = grade_quickly(material, hostile, questions=("triple",))
    assert statuses(result) == {"triples": "passed"}
