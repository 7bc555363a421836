"""The real thing: hw0 as a bundle, solved, its notebook run, then a newer bundle."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.notebook.execute import execute
from coursekit.release import build_wheels, bundle, zip_bytes
from coursekit.staging import ALL, render

SOURCE = "common/hw0/src/simple_ml.py"
TEST = "common/hw0/tests/hw0/test_simple_ml.py"


@pytest.fixture(scope="module")
def wheels(real_course) -> dict[str, bytes]:
    return build_wheels(real_course)


@pytest.fixture
def copy(real_course, tmp_path) -> Course:
    """Return a copy of the course's sources that may be changed."""
    root = tmp_path / "course"
    for name in ("common/explore", "common/hw0", "common/testing"):
        shutil.copytree(real_course.root / name, root / name)
    shutil.copy(real_course.root / "course.toml", root)
    return Course(root)


def publish(root: Path, version: str, wheels: dict[str, bytes], archive: Path) -> Path:
    """Write the bundle of hw0 as the sources are now."""
    file = root / "course.toml"
    lines = file.read_text().splitlines()
    lines = [
        f'version = "{version}"' if line.startswith("version") else line
        for line in lines
    ]
    file.write_text("\n".join(lines) + "\n")
    course = Course(root)
    files = bundle(course, course.homework("hw0"), wheels)
    archive.write_bytes(zip_bytes(files, "hw0"))
    return archive


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, old
    file.write_text(text.replace(old, new, 1))


def change(root: Path) -> None:
    """Make a newer release: a handout, a test and a stub's docstring are better."""
    handout = root / "common/hw0/handout.md"
    edit(handout, "# ", "# Better: ")
    handout.write_text(handout.read_text() + "\n## One more thing\n\nBe proud.\n")
    with (root / TEST).open("a") as file:
        file.write("\n\ndef test_add_newer():\n    assert simple_ml.add(1, 2) == 3\n")
    toml = root / "common/hw0/homework.toml"
    edit(toml, '"test_add_numbers",', '"test_add_numbers",\n    "test_add_newer",')
    edit(root / SOURCE, "Return the sum of x and y", "Return the sum of both")


def solve(course: Course, folder: Path) -> None:
    solved = render(course, "hw0", ALL)
    for path in ("src/simple_ml.py", "src/simple_ml_ext.cpp"):
        (folder / path).write_bytes(solved[path])
    with (folder / "src/simple_ml.py").open("a") as file:
        file.write("\n\ndef my_helper():\n    return 'mine'\n")


def run(folder: Path, *words: str) -> str:
    done = subprocess.run(
        words, cwd=folder, capture_output=True, text=True, check=False, env=os.environ
    )
    return f"{done.stdout}{done.stderr}\nexit {done.returncode}"


def work_on(content: bytes) -> bytes:
    """Return a run notebook with an answer, an edit and a cell of one's own."""
    notebook = json.loads(content)
    cells = notebook["cells"]
    title = next(each for each in cells if each["cell_type"] == "markdown")
    title["source"] = [*title["source"], "\n\nAda's copy."]
    own = {"cell_type": "markdown", "id": "own", "metadata": {}}
    cells.insert(3, {**own, "source": ["My answer."]})
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode() + b"\n"


@pytest.mark.slow
@pytest.mark.notebook
@pytest.mark.timeout(900)
def test_a_solved_bundle_follows_a_newer_one(copy, wheels, run_course, tmp_path):
    first = publish(copy.root, "2026.11", wheels, tmp_path / "old.zip")
    with zipfile.ZipFile(first) as opened:
        opened.extractall(tmp_path / "home")
    folder = tmp_path / "home/hw0"
    solve(copy, folder)
    assert run(folder, "make", f"PYTHON={sys.executable}").endswith("exit 0")
    executed = execute((folder / "hw0.ipynb").read_bytes(), folder)
    (folder / "hw0.ipynb").write_bytes(work_on(executed))
    outputs = outputs_of(executed)
    assert len(outputs) > 5
    change(copy.root)
    newer = {name.replace("0.1.0", "0.2.0"): text for name, text in wheels.items()}
    second = publish(copy.root, "2026.12", newer, tmp_path / "new.zip")
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data/mine").write_text("kept")

    result = run_course("update", "--from", second, "--json", cwd=folder)
    assert result.exit_code == 0, result.output
    told = {each["path"]: each["what"] for each in json.loads(result.output)["files"]}
    assert told["src/simple_ml.py"] == told["hw0.ipynb"] == "merged"
    assert told["tests/hw0/test_simple_ml.py"] == told["handout.md"] == "updated"
    assert sorted(p.name for p in (folder / "wheels").iterdir()) == sorted(newer)
    assert all(
        f"./wheels/{n}" in (folder / "requirements.txt").read_text() for n in newer
    )

    source = (folder / "src/simple_ml.py").read_text()
    assert "Return the sum of both" in source
    assert "def my_helper" in source
    assert "raise NotImplementedError" not in source
    notebook = (folder / "hw0.ipynb").read_bytes()
    texts = ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]
    assert "My answer." in texts
    assert any("Ada's copy." in text for text in texts)
    assert any(
        "# Better: " in text and "New in version 2026.12" in text for text in texts
    )
    assert any("Be proud." in text for text in texts)
    assert outputs_of(notebook) == outputs

    tested = run(folder, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert tested.endswith("exit 0"), tested
    assert "passed" in tested, tested
    newest = run(folder, sys.executable, "-m", "pytest", "-q", "-k", "add_newer")
    assert "1 passed" in newest, newest
    ran = execute(notebook, folder)
    assert len(outputs_of(ran)) == len(outputs)


def outputs_of(notebook: bytes) -> list[object]:
    cells = json.loads(notebook)["cells"]
    return [cell["outputs"] for cell in cells if cell.get("outputs")]
