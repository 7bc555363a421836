"""A bundle and a pack on a machine without the repository, against the clone."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from coursekit.course import Course
from coursekit.release import build_wheels, bundle
from coursekit.staging import write_folder
from grader.material import Material
from grader.pack.make import make_pack, pack_name
from pack_kit import verdict

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
REPO = Path(__file__).parents[2]
SEED = "0123456789abcdef"
CLONE = [sys.executable, "-c", "from grader.cli import main; main()"]
# Every Python of the environment notes which files of the repository it opens.
GUARD = """
import os, sys

def note(event, arguments):
    if event not in ("open", "os.listdir", "os.scandir"):
        return
    path = arguments[0]
    if isinstance(path, (str, bytes, os.PathLike)):
        path = os.path.realpath(os.fsdecode(path))
        if (path + "/").startswith({roots!r}):
            os.write({log}, path.encode() + b"\\n")

sys.addaudithook(note)
"""


@dataclass(frozen=True)
class Machine:
    """An empty environment in which a bundle was unpacked, and what it may not see."""

    folder: Path
    home: Path
    log: Path

    def run(self, *words: object, cwd: Path | None = None) -> str:
        """Run a program of the environment; return what it printed and its status."""
        name, *rest = map(str, words)
        done = subprocess.run(
            [str(self.folder / ".venv" / "bin" / name), *rest],
            cwd=cwd or self.folder,
            env=clean_environment(self.home),
            capture_output=True,
            text=True,
            check=False,
        )
        return f"{done.stdout}{done.stderr}\nexit {done.returncode}"

    def seen(self) -> list[str]:
        """Return the files of the repository that were opened."""
        return self.log.read_text().splitlines()


def clean_environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    kept.pop("VIRTUAL_ENV", None)
    more = {"GRADER_HOME": str(home), "GRADER_AHEAD": "0", "HOME": str(home)}
    return {**kept, **more, "LOGNAME": "ada"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a clone that nobody edits while the two sides are compared."""
    root = tmp_path_factory.mktemp("clone")
    shutil.copy(REPO / "course.toml", root)
    clutter = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    for name in ("common", "grader"):
        shutil.copytree(REPO / name, root / name, ignore=clutter)
    return Course(root)


@pytest.fixture(scope="module")
def machine(
    course: Course, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    place = tmp_path_factory.mktemp("elsewhere")
    folder, home = place / "hw0", place / "home"
    home.mkdir()
    write_folder(bundle(course, course.homework("hw0"), build_wheels(course)), folder)
    subprocess.run([sys.executable, "-m", "venv", folder / ".venv"], check=True)
    log = place / "opened.log"
    log.touch()
    found = Machine(folder, home, log)
    pins = place / "constraints.txt"  # the clone's versions, for the same results
    names = ("numpy", "pybind11")
    pins.write_text("".join(f"{n}=={importlib.metadata.version(n)}\n" for n in names))
    install = ["-m", "pip", "install", "-q", "-r", "requirements.txt", "-c", str(pins)]
    installed = found.run("python", *install)
    assert installed.endswith("exit 0"), installed
    guard(found, course.root)
    yield found


def guard(machine: Machine, clone: Path) -> None:
    """Let every Python of the environment note what it opens in the repository."""
    site = next(machine.folder.glob(".venv/lib/python*/site-packages"))
    opening = f"os.open({str(machine.log)!r}, os.O_WRONLY | os.O_APPEND)"
    roots = tuple(f"{root.resolve()}/" for root in (REPO, clone))
    text = GUARD.format(roots=roots, log="LOG")
    (site / "repository_guard.py").write_text(f"import os\nLOG = {opening}\n{text}")
    (site / "repository_guard.pth").write_text("import repository_guard\n")
    for root in (REPO, clone):
        machine.run("python", "-c", f"open({str(root / 'course.toml')!r}).close()")
    assert len(machine.seen()) == 2
    machine.log.write_text("")


@pytest.fixture(scope="module")
def pack(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_HOME", str(tmp_path_factory.mktemp("packing")))
        path = tmp_path_factory.mktemp("packs") / pack_name("hw0", course.version)
        path.write_bytes(make_pack(course, "hw0"))
        return path


def submissions(course: Course) -> dict[str, dict[str, bytes]]:
    """Return the files of the submissions to compare."""
    material = Material.from_course(course, "hw0")
    solved = dict(material.reference)
    python, cpp = (solved[f"src/simple_ml{end}"] for end in (".py", "_ext.cpp"))
    assert python.count(b"np.exp(") >= 1
    mistakes = {
        "src/simple_ml.py": python.replace(b"np.exp(", b"1e-3 + np.exp("),
        "src/simple_ml_ext.cpp": b"this does not compile;\n" + cpp,
    }
    return {
        "reference": solved,
        "partly solved": material.rendered(material.before("softmax_regression_epoch")),
        "stubs": dict(material.pristine),
        "broken": {**solved, **mistakes},
    }


def graded(said: str) -> dict[str, Any]:
    """Return what a JSON report says that another run should say as well."""
    text, _, code = said.rpartition("\nexit ")
    assert code == "0", said
    return verdict(json.loads(text[: text.rindex("}") + 1])["result"])


def test_everything_from_empty_to_graded_alike(
    machine: Machine, pack: Path, course: Course, tmp_path: Path
) -> None:
    without = machine.run("grader", "submit")
    assert without.endswith("exit 1")
    assert "takes the grading pack of hw0" in without
    digest = hashlib.sha256(pack.read_bytes()).hexdigest()
    installed = machine.run("grader", "install", pack, "--sha256", digest)
    assert "48 hidden cases, 100 points" in installed, installed

    earned = {}
    for name, files in submissions(course).items():
        folder = tmp_path / name.replace(" ", "-")
        write_folder(files, folder)
        words = ["grade", str(folder), "--hw", "hw0", "--seed", SEED]
        words += ["--no-store", "--json"]
        theirs = graded(machine.run("grader", *words, cwd=tmp_path))
        done = subprocess.run(
            [*CLONE, *words],
            cwd=course.root,
            env=clean_environment(tmp_path / "clone-home"),
            capture_output=True,
            text=True,
            check=False,
        )
        ours = graded(f"{done.stdout}{done.stderr}\nexit {done.returncode}")
        assert ours == theirs, name
        assert sum(len(question["cases"]) for question in ours["questions"]) == 48
        assert ours["seed"] == SEED
        earned[name] = ours["earned"]
    assert earned["reference"] == 100
    assert earned["partly solved"] == 30
    assert earned["stubs"] == 0
    assert 0 < earned["broken"] < 70
    assert machine.seen() == []


def test_the_original_command_grades_a_question(machine: Machine, pack: Path) -> None:
    machine.run("grader", "install", pack)
    said = machine.run(
        *("python", "-m", "mugrade", "submit", "KEY", "hw0"), *("-k", "softmax_loss")
    )
    assert said.endswith("exit 0"), said
    assert "hw0 so far: 0 of 100 points" in said
    assert "Note:" not in said
    assert machine.run("grader", "status").endswith("exit 0")
    assert machine.seen() == []
