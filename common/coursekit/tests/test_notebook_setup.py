"""The first cell, run as it would be on Colab and on one's own machine.

Each test runs the cell in a Python process of its own. Colab is a package folder
``google/colab`` on its path; the bundle is a real zip behind a ``file://`` address.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from coursekit.notebook.setup import setup_cell

MAKEFILE = "all:\n\t@echo building with $(PYTHON)\n\t@cp source.txt built.txt\n"
BUNDLE = {
    "hw7/.course/manifest.json": "{}",
    "hw7/Makefile": MAKEFILE,
    "hw7/beside.py": "value = 3\n",
    "hw7/source.txt": "native code\n",
    "hw7/requirements.txt": "jupyter>=1.0\n./wheels/tiny-1.0-py3-none-any.whl\n",
    "hw7/src/work.py": "def add(x, y):\n    raise NotImplementedError\n",
}
needs_make = pytest.mark.skipif(not shutil.which("make"), reason="make is missing")


def wheel() -> bytes:
    """Return a real wheel with one module."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("tiny_module.py", "value = 1\n")
        info = "tiny-1.0.dist-info"
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
            "Tag: py3-none-any\n",
        )
        archive.writestr(f"{info}/RECORD", "")
    return out.getvalue()


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


class Machine:
    """A place to run the cell in, with or without Colab."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.drive = root / "drive"
        self.site = root / "site"
        self.packages = root / "installed"
        self.bundles = root / "bundles"
        self.here = root / "content"
        for folder in (self.drive, self.site, self.packages, self.bundles, self.here):
            folder.mkdir()
        self.homework = self.drive / "needle" / "hw7"

    def with_colab(self) -> Machine:
        package = self.site / "google" / "colab"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "drive.py").write_text(
            "def mount(place):\n    print('Mounted at', place)\n"
        )
        return self

    def with_bundle(self, content: bytes | None = None) -> Machine:
        if content is None:
            wheels = {"hw7/wheels/tiny-1.0-py3-none-any.whl": wheel()}
            content = zipped({**BUNDLE, **wheels})
        (self.bundles / "hw7.zip").write_bytes(content)
        return self

    def run(
        self,
        *,
        url: str | None = None,
        build: str = "make PYTHON={python}",
        needs: tuple[str, ...] = (),
    ):
        cell = setup_cell(
            homework="hw7",
            version="1",
            bundle_url=self.bundles.as_uri() if url is None else url,
            build=build.split(),
            needs=needs,
        )
        script = self.root / "cell.py"
        script.write_text(cell + "\nimport beside; print('cwd', os.getcwd())\n")
        return subprocess.run(
            [sys.executable, str(script)],
            check=False,
            cwd=self.here,
            env={
                **os.environ,
                "PYTHONPATH": str(self.site),
                "COURSE_DRIVE": str(self.drive),
                "PIP_TARGET": str(self.packages),
                "PIP_NO_INDEX": "1",
            },
            text=True,
            capture_output=True,
            timeout=120,
        )


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def colab(machine) -> Machine:
    return machine.with_colab().with_bundle()


@needs_make
def test_colab_fetches_installs_and_builds(colab):
    done = colab.run()
    assert done.returncode == 0, done.stderr
    assert "Mounted at /content/drive" in done.stdout
    assert f"Folder: {colab.homework} (a fresh copy)" in done.stdout
    assert "Packages: done." in done.stdout
    assert "Build: done." in done.stdout
    assert f"cwd {colab.homework}" in done.stdout
    assert (colab.packages / "tiny_module.py").is_file(), "the wheel was not installed"
    assert (colab.homework / "built.txt").is_file()
    assert [path.name for path in colab.homework.parent.iterdir()] == ["hw7"]


def test_colab_keeps_every_file_that_is_there(colab):
    assert colab.run().returncode == 0
    work = colab.homework / "src" / "work.py"
    work.write_text("def add(x, y):\n    return x + y\n")
    (colab.homework / "notes.txt").write_text("mine")
    (colab.homework / "Makefile").write_text(MAKEFILE + "# changed\n")
    before = hashes(colab.homework)
    colab.with_bundle(zipped({**BUNDLE, "hw7/src/work.py": "newer"}))
    done = colab.run()
    assert done.returncode == 0, done.stderr
    assert "(your work, as it was)" in done.stdout
    assert hashes(colab.homework) == before


def test_colab_needs_no_network_once_the_folder_is_there(colab):
    assert colab.run().returncode == 0
    assert colab.run(url="").returncode == 0


def test_unset_address_says_what_to_do(colab):
    done = colab.run(url="")
    assert done.returncode != 0
    assert "The address of hw7.zip is not set. Ask your instructor" in done.stderr
    assert not colab.homework.exists()


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.97])
def test_a_cut_bundle_leaves_nothing(colab, keep):
    whole = (colab.bundles / "hw7.zip").read_bytes()
    colab.with_bundle(whole[: int(len(whole) * keep)])
    done = colab.run()
    assert done.returncode != 0
    assert "hw7.zip could not be unpacked" in done.stderr
    assert "Nothing was changed" in done.stderr
    assert hashes(colab.drive) == {}


def test_a_damaged_member_leaves_nothing(colab):
    whole = bytearray((colab.bundles / "hw7.zip").read_bytes())
    at = whole.index(b"hw7/source.txt") + 16
    whole[at] ^= 0xFF
    done = colab.with_bundle(bytes(whole)).run()
    assert done.returncode != 0
    assert hashes(colab.drive) == {}
    assert list((colab.drive / "needle").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/evil.txt", "hw7/../../evil.txt", "evil"]
)
def test_a_path_that_leads_out_is_refused(colab, name):
    done = colab.with_bundle(zipped({**BUNDLE, name: "evil"})).run()
    assert done.returncode != 0
    assert "not inside hw7/" in done.stderr
    assert list(colab.root.rglob("evil*")) == []
    assert hashes(colab.drive) == {}


def test_a_missing_bundle_says_so(colab):
    (colab.bundles / "hw7.zip").unlink()
    done = colab.run()
    assert "hw7.zip could not be unpacked" in done.stderr
    assert hashes(colab.drive) == {}


@needs_make
def test_compiler_errors_are_shown_and_do_not_stop_the_notebook(colab):
    failing = "all:\n\t@echo work.cpp:3: error: expected a semicolon >&2; exit 1\n"
    colab.with_bundle(zipped({**BUNDLE, "hw7/Makefile": failing}))
    done = colab.run()
    assert done.returncode == 0, done.stderr
    assert "Build: FAILED: make PYTHON=" in done.stdout
    assert "work.cpp:3: error: expected a semicolon" in done.stdout


def unpack(machine: Machine) -> Path:
    with zipfile.ZipFile(machine.bundles / "hw7.zip") as archive:
        archive.extractall(machine.here)
    machine.here = machine.here / "hw7"
    return machine.here


@needs_make
def test_own_machine_builds_and_touches_nothing(machine):
    folder = unpack(machine.with_bundle())
    before = hashes(folder)
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert f"Folder: {folder}" in done.stdout
    assert "Packages: all there." in done.stdout
    after = hashes(folder)
    assert after.pop("built.txt")
    assert after == before
    assert list(machine.packages.iterdir()) == [], "nothing is installed unasked"


def test_own_machine_finds_the_folder_from_below(machine):
    folder = unpack(machine.with_bundle())
    machine.here = folder / "src"
    assert f"cwd {folder}" in machine.run(build="").stdout


def test_own_machine_outside_a_homework(machine):
    done = machine.run()
    assert done.returncode != 0
    assert "is not a hw7 folder: open the notebook in one" in done.stderr


def test_own_machine_looks_for_what_the_homework_needs_besides(machine):
    unpack(machine.with_bundle())
    done = machine.run(build="", needs=("hypothesis", "no_such_package"))
    assert "Packages: missing ['no_such_package']; run " in done.stdout


def test_own_machine_names_the_command_for_missing_packages(machine):
    unpack(machine.with_bundle())
    # What is not installed: a finder in front of all others that finds no pytest.
    (machine.site / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "real = u.find_spec\n"
        "u.find_spec = lambda n, *a: None if n == 'pytest' else real(n, *a)\n"
    )
    done = machine.run(build="")
    assert "Packages: missing ['pytest']; run " in done.stdout
    assert "-m pip install -q -r requirements.txt" in done.stdout
