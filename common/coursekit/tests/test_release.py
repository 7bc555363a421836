"""Tests of ``course release``: what a bundle holds, and what it must not hold."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from coursekit.commands import release as command
from coursekit.errors import CourseError
from coursekit.leaks import find_leaks
from coursekit.release import build_wheels, bundle, zip_bytes
from coursekit.release.readme import readme as readme_of
from coursekit.staging import NONE, render
from coursekit.staging.manifest import Manifest, digest

SECRET = "secret = 'a long line that only the solution has'"
HELPER = "helper = 'another läng \"line\" that only the solution has'"
SUITE = 't.answer("value", f(1), check=exact())  # never given away'
SOURCE = f"""\
given = "this long line is given code for everyone"
### SOLUTION ONLY
{HELPER}
### END SOLUTION ONLY


def f(x):
    ### BEGIN YOUR SOLUTION hw1.forward
    {SECRET}
    given = "this long line is given code for everyone"
    return x
    ### END YOUR SOLUTION
"""


def archive(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in files.items():
            opened.writestr(zipfile.ZipInfo(name), text)  # without the time of day
    return out.getvalue()


@pytest.fixture
def course(mini):
    mini.write("common/hw1/src/a.py", SOURCE)
    mini.write("common/hw1/handout.md", "# One\n\n## Question 1\n\n## Question 2\n")
    mini.write("common/hw1/run.sh", "#!/bin/sh\n", executable=True)
    mini.complete()
    mini.write("grader/suites/hw1/forward.py", f"def f(t):\n    {SUITE}\n")
    return mini


@pytest.fixture
def quick_wheels(monkeypatch):
    """Put a small archive in place of our wheels, which take seconds to build."""
    monkeypatch.setattr(
        command, "build_wheels", lambda course: {"x.whl": archive(a="1")}
    )


def make(course, wheels=None) -> dict[str, bytes]:
    return bundle(course.course, course.course.homework("hw1"), wheels or {})


def test_a_bundle_is_a_students_copy_with_wheels_and_readme(course):
    files = make(course, {"x-1-py3-none-any.whl": archive(a="1")})
    student = render(course.course, "hw1", NONE)
    more = files.keys() - student.keys()
    own = {"README.md", "wheels/x-1-py3-none-any.whl"}
    text = files.keys() - {".course/manifest.json", "wheels/x-1-py3-none-any.whl"}
    originals = {path for path in text if not path.startswith(".course/")}
    assert more == own | {f".course/pristine/{path}" for path in originals}
    changed = {path for path in student if files[path] != student[path]}
    assert changed == {".course/manifest.json", "requirements.txt"}
    assert "\n./wheels/x-1-py3-none-any.whl\n" in files["requirements.txt"].decode()
    readme = files["README.md"].decode()
    assert "pip install -r requirements.txt" in readme
    assert "grader submit hw1" in readme


def test_the_readme_selects_the_first_question_by_words_that_its_tests_have(course):
    file = course.root / "common/hw1/homework.toml"
    question = course.course.homework("hw1").questions[0]
    text = file.read_text()
    for tests, words in (
        [[f"test_{question.name}_twice"], question.name],
        [["test_a", "test_a_again", "test_b"], "test_a or test_b"],
    ):
        lines = [line for line in text.split("\n") if not line.startswith("tests")]
        at = lines.index(f'id = "{question.id}"') + 1
        file.write_text("\n".join([*lines[:at], f"tests = {tests!r}", *lines[at:]]))
        said = readme_of(course.course, course.course.homework("hw1")).decode()
        assert f'python -m pytest -k "{words}"\n' in said


def test_the_manifest_describes_the_bundle_itself(course):
    files = make(course, {"x.whl": archive(a="1")})
    manifest = Manifest.from_bytes(files[".course/manifest.json"])
    for path, expected in manifest.files.items():
        assert digest(files[path]) == expected
    assert {"README.md", "wheels/x.whl", "requirements.txt"} <= manifest.files.keys()


def test_zip_archives_are_the_same_every_time_and_keep_modes(course):
    files = make(course)
    content = zip_bytes(files, "hw1")
    backwards = dict(reversed(files.items()))
    assert zip_bytes(backwards, "hw1") == content
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        found = {entry.filename: entry for entry in opened.infolist()}
        assert list(found) == sorted(f"hw1/{path}" for path in files)
        assert found["hw1/run.sh"].external_attr >> 16 & 0o777 == 0o755
        assert found["hw1/src/a.py"].external_attr >> 16 & 0o777 == 0o644
        assert opened.read("hw1/src/a.py") == files["src/a.py"]


def leaks(course, files: dict[str, bytes]) -> list[str]:
    found = find_leaks(course.course, course.course.homework("hw1"), files)
    return sorted({leak.text for leak in found})


def test_a_bundle_leaks_nothing(course):
    assert leaks(course, make(course)) == []


@pytest.mark.parametrize("secret", [SECRET, HELPER, SUITE])
@pytest.mark.parametrize(
    "hide",
    [
        lambda text: {"a.txt": f"x\n  {text}\n".encode()},
        lambda text: {"n.ipynb": json.dumps({"source": [text]}).encode()},
        lambda text: {"n.ipynb": json.dumps([text], ensure_ascii=False).encode()},
        lambda text: {"n.gz": gzip.compress(text.encode())},
        lambda text: {"w.whl": archive(**{"p/q.py": text})},
        lambda text: {"w.zip": archive(**{"x.whl": archive(a=text)})},
        lambda text: {"p.png": b"\x89PNG\r\n" + zlib.compress(text.encode())},
        lambda text: {"n.ipynb": b'"%b"' % base64.b64encode(text.encode())},
    ],
    ids=[
        *("text", "json", "unicode json", "gzip", "wheel", "archive"),
        *("picture", "base64"),
    ],
)
def test_every_secret_is_found_wherever_it_is(course, secret, hide):
    assert leaks(course, hide(secret)) == [secret]


def test_the_whole_source_is_recognised(course):
    assert {SECRET, HELPER} <= set(leaks(course, {"a.py": SOURCE.encode()}))


def test_a_suite_file_is_recognised_by_its_place(course):
    content = archive(**{"grader/suites/hw1/forward.py": "x"})
    assert leaks(course, {"w.whl": content}) == ["w.whl!grader/suites/hw1/forward.py"]


def test_release_writes_folder_and_zip(course, run_course, quick_wheels):
    result = run_course("release", "hw1", "-o", "dist", "--json", cwd=course.root)
    told = json.loads(result.output)
    dist = course.root / "dist"
    assert told["folder"] == str(dist / "hw1")
    assert sorted(p.name for p in dist.iterdir()) == ["hw1", "hw1.zip"]
    content = (dist / "hw1.zip").read_bytes()
    assert told["sha256"] == digest(content)
    with zipfile.ZipFile(dist / "hw1.zip") as opened:
        for name in opened.namelist():
            assert (dist / name).read_bytes() == opened.read(name)
    again = run_course("release", "hw1", "-o", "dist", cwd=course.root)
    assert again.exit_code == 0
    assert (dist / "hw1.zip").read_bytes() == content


def test_release_leaves_an_archive_that_is_not_its_own(
    course, run_course, quick_wheels
):
    mine = course.root / "dist" / "hw1.zip"
    mine.parent.mkdir()
    mine.write_bytes(b"a student's own archive")
    result = run_course("release", "hw1", "-o", "dist", cwd=course.root)
    assert result.exit_code == 1
    assert "hw1.zip is there already" in str(result.exception)
    assert mine.read_bytes() == b"a student's own archive"
    assert list(mine.parent.iterdir()) == [mine]


def test_release_refuses_to_give_a_solution_away(course, run_course, quick_wheels):
    course.write(
        "common/hw1/handout.md",
        f"# One\n\n    {SECRET}\n\n## Question 1\n\n## Question 2\n",
    )
    result = run_course("release", "hw1", "-o", "dist", cwd=course.root)
    assert isinstance(result.exception, CourseError)
    assert "handout.md:3: contains a solution's code (common/hw1/src/a.py:9)" in str(
        result.exception
    )
    assert not (course.root / "dist").exists()


def test_release_says_why_wheels_cannot_be_built(course, run_course):
    course.write("common/coursekit/pyproject.toml", "[build-system")
    course.write("grader/pyproject.toml", "")
    result = run_course("release", "hw1", "-o", "dist", cwd=course.root)
    assert "wheels of our packages could not be built" in str(result.exception)


# -- the real thing ------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_bundle(real_course) -> dict[str, bytes]:
    """Return the bundle of hw0 with its real wheels."""
    return bundle(real_course, real_course.homework("hw0"), build_wheels(real_course))


# What is in no bundle and no wheel, whatever is in it: by the name of a folder or file.
NEVER = {"suites", "bugs", "attacks", "tests", ".git", "__pycache__", ".venv", "work"}
OF_STUDENTS = {"tests"}  # in the bundle itself, not in a wheel


@pytest.mark.slow
def test_the_bundle_of_hw0_gives_nothing_away(real_course, real_bundle):
    files = {**real_bundle, "hw0.zip": zip_bytes(real_bundle, "hw0")}
    homework = real_course.homework("hw0")
    assert find_leaks(real_course, homework, files) == []


@pytest.mark.slow
def test_bundle_and_wheels_hold_what_they_should_and_no_more(real_bundle):
    wheels = [path for path in real_bundle if path.endswith(".whl")]
    assert len(wheels) == 2
    secret = NEVER - OF_STUDENTS
    odd = [path for path in real_bundle if secret & set(path.split("/"))]
    for wheel in wheels:
        with zipfile.ZipFile(io.BytesIO(real_bundle[wheel])) as opened:
            names = opened.namelist()
        tops = {name.split("/")[0].partition("-")[0] for name in names}
        packages = {"coursekit", "grader", "gradebox", "mugrade"}
        assert tops <= packages | {"needle_coursekit", "needle_grader"}
        odd += [name for name in names if not _is_ours(name)]
    assert odd == []


def _is_ours(name: str) -> bool:
    parts = set(name.split("/")[:-1])
    if parts & NEVER and not name.startswith("grader/proof/bugs/"):
        return False  # the catalogue of bugs is no part of the package that plants them
    kinds = {".py", ".txt", ".css", ".j2", ".mako"}
    known = (".dist-info/" in name, name.startswith("coursekit/shipped_data/"))
    return any(known) or Path(name).suffix in kinds


@pytest.mark.slow
def test_a_planted_line_is_seen_in_every_odd_place(real_course, real_bundle):
    """The check above can fail: for a solution in Python, in C++, and for a suite."""
    root = real_course.root
    secrets = {
        "python": _region(root / "common/hw0/src/simple_ml.py", "###"),
        "cpp": _region(root / "common/hw0/src/simple_ml_ext.cpp", "///"),
        "suite": (root / "grader/suites/hw0/nn_epoch.py").read_text()[-900:],
    }
    figure = real_bundle["figures/overflow.svg"].decode()
    wheel = next(path for path in real_bundle if path.endswith(".whl"))
    places: dict[str, dict[str, bytes]] = {}
    for kind, secret in secrets.items():
        assert len(secret) > 200
        data = secret.encode()
        quoted = "".join(f"# {line}\r\n" for line in secret.splitlines())
        described = f"<metadata>{html.escape(secret)}</metadata></svg>"
        places[kind] = {
            "figures/overflow.svg": figure.replace("</svg>", described).encode(),
            wheel: _with_entry(real_bundle[wheel], "x.data/data/notes.bin", data),
            "notes.gz": gzip.compress(data),
            "notes.txt": quoted.encode(),
            "wide.txt": secret.encode("utf-16"),
            "picture.png": b"\x89PNG\r\n\x1a\nzTXt" + zlib.compress(data),
            "hw0.ipynb": json.dumps(
                {"outputs": [{"image/png": base64.encodebytes(data).decode()}]}
            ).encode(),
        }
    homework = real_course.homework("hw0")
    for kind, files in places.items():
        found = find_leaks(real_course, homework, files)
        told = {leak.file.partition("!")[0] for leak in found}
        assert told == set(files), kind


def _region(path: Path, mark: str) -> str:
    """Return the longest solution of a file."""
    pattern = rf"{mark} BEGIN YOUR SOLUTION[^\n]*\n(.*?)\s*{mark} END YOUR SOLUTION"
    return max(re.findall(pattern, path.read_text(), re.DOTALL), key=len)


def _with_entry(wheel: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(wheel)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(name, content)
    return out.getvalue()


@pytest.mark.slow
def test_wheels_are_the_same_every_time(real_course, real_bundle):
    again = bundle(real_course, real_course.homework("hw0"), build_wheels(real_course))
    assert again == real_bundle


def test_the_emulator_goes_along_with_hw3_whole_and_without_its_tests(real_course):
    files = bundle(real_course, real_course.homework("hw3"), {})
    source = real_course.root / "common" / "emulator"
    paths = (path.relative_to(source) for path in source.rglob("*") if path.is_file())
    wanted = {
        f"emulator/{path.as_posix()}"
        for path in paths
        if path.parts[0] != "tests" and not path.parts[0].startswith(".")
        if path.parent.name != "__pycache__"
    }
    assert {path for path in files if path.startswith("emulator/")} == wanted
    assert {"cmake/cuda.cmake", "cmake/emulator.cmake"} <= files.keys()
    assert b"\npyelftools>=" in files["requirements.txt"]
    manifest = Manifest.from_bytes(files[".course/manifest.json"], "the bundle")
    assert all(manifest.files[path] == digest(files[path]) for path in wanted)
    # Of each text there are two: one is the base of later merges.
    assert sum(map(len, files.values())) < 10_000_000


@pytest.mark.slow
def test_an_unpacked_bundle_works_in_an_empty_environment(
    real_course, real_bundle, tmp_path
):
    with zipfile.ZipFile(io.BytesIO(zip_bytes(real_bundle, "hw0"))) as opened:
        opened.extractall(tmp_path)
    folder, python = tmp_path / "hw0", tmp_path / "hw0/.venv/bin/python"
    subprocess.run([sys.executable, "-m", "venv", folder / ".venv"], check=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}

    def run(*words: object) -> str:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return f"{done.stdout}{done.stderr}\nexit {done.returncode}"

    installed = run(python, "-m", "pip", "install", "-q", "-r", "requirements.txt")
    assert installed.endswith("exit 0"), installed
    built = run("make", f"PYTHON={python}")
    assert built.endswith("exit 0"), built
    tested = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line")
    tests = [t for q in real_course.homework("hw0").questions for t in q.tests]
    assert tests
    assert " passed" not in tested, tested
    assert "ImportError" not in tested, tested
    assert "ModuleNotFoundError" not in tested, tested
    assert tested.count("NotImplementedError: hw0.") >= len(tests), tested
    data = run(folder / ".venv/bin/course", "data", "get", "fashion-small")
    assert data.endswith("exit 0"), data
