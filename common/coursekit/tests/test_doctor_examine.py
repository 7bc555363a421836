"""The doctor: what it finds here, and what it says on poorer machines."""

from __future__ import annotations

import json
import shutil
import stat
import sys
import types
from pathlib import Path

import pytest
from coursekit.data.catalog import named
from coursekit.data.record import Holding
from coursekit.doctor import cuda, examine, native, platforms, python, surroundings

needs_tools = pytest.mark.skipif(
    not (shutil.which("c++") and shutil.which("make")), reason="needs c++ and make"
)


@pytest.fixture
def empty_path(tmp_path, monkeypatch) -> Path:
    """An empty folder as the whole PATH; programs can be put into it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.delenv("CUDACXX", raising=False)
    monkeypatch.setattr(cuda, "PLACES", ())
    monkeypatch.setattr(native.importlib.util, "find_spec", lambda name: None)
    return folder


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!{sys.executable}\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@needs_tools
def test_the_command_passes_here(run_course, tmp_path):
    result = run_course("doctor", "--json", cwd=tmp_path)
    assert result.exit_code == 0, result.output
    findings = {each["name"]: each for each in json.loads(result.output)}
    version = ".".join(map(str, sys.version_info[:2]))
    assert findings["Python"]["found"].startswith(version)
    compiler = findings["C++ compiler"]
    assert compiler["state"] == "ok"
    assert "builds and loads a pybind11 module" in compiler["found"]
    assert "fashion-small" in findings["data"]["found"]
    assert findings["data"]["fix"] == "course data get mnist"


def test_a_bare_machine_is_told_what_to_install(
    empty_path, monkeypatch, run_course, tmp_path
):
    monkeypatch.setattr(platforms, "this_platform", lambda: "debian")
    result = run_course("doctor", cwd=tmp_path)
    assert result.exit_code != 0
    message = str(result.exception)
    assert "C++ compiler: sudo apt install g++" in message
    assert "make: sudo apt install make" in message
    assert "CMake" not in message, "CMake is not required yet"
    assert "pip install 'cmake>=3.18'" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_a_compiler_that_fails_is_quoted(empty_path):
    program(
        empty_path,
        "c++",
        "import sys\n"
        "if '--version' in sys.argv: print('c++ 99'); sys.exit()\n"
        "print('probe.cpp:2: error: it is broken'); sys.exit(1)",
    )
    found = native.compiler()
    assert found.blocks
    assert "c++ 99, but it cannot build a module" in found.found
    assert "error: it is broken" in found.found


def test_missing_python_headers_are_named(empty_path):
    text = "fatal error: Python.h: No such file"
    script = f"import sys\nprint({text!r}); sys.exit('--version' not in sys.argv)"
    program(empty_path, "c++", script)
    found = native.compiler()
    assert "Python.h is missing" in found.found
    assert found.fix == platforms.how_to_get("python-headers")


def test_a_module_that_does_not_load_is_noticed(empty_path):
    script = (
        "import sys\n"
        "if '--version' in sys.argv: print('c++ 99'); sys.exit()\n"
        "open(sys.argv[sys.argv.index('-o') + 1], 'w').write('not a library')"
    )
    program(empty_path, "c++", script)
    assert "its module does not load" in native.compiler().found


def test_cxx_names_the_compiler(empty_path, monkeypatch):
    monkeypatch.setenv("CXX", "my-own-compiler")
    assert "my-own-compiler (from CXX) is not there" in native.compiler().found


@pytest.mark.parametrize(
    ("version", "state"), [("3.17.9", "missing"), ("3.18.0", "ok"), ("4.0.2", "ok")]
)
def test_cmake_must_be_new_enough(empty_path, version, state):
    program(empty_path, "cmake", f"print('cmake version {version}')")
    assert native.cmake().state == state
    assert not native.cmake().blocks


def test_the_cmake_of_pip_comes_before_the_one_on_the_path(
    empty_path, tmp_path, monkeypatch
):
    program(empty_path, "cmake", "print('cmake version 3.10.2')")
    folder = tmp_path / "site" / "cmake" / "data" / "bin"
    folder.mkdir(parents=True)
    program(folder, "cmake", "print('cmake version 4.4.4')")
    wheel = types.SimpleNamespace(submodule_search_locations=[folder.parents[1]])
    monkeypatch.setattr(native.importlib.util, "find_spec", lambda name: wheel)
    assert (native.cmake().state, native.cmake().found) == ("ok", "4.4.4")


def test_cuda_needs_compiler_and_card(empty_path):
    nothing = cuda.cuda()
    assert nothing.found == "no nvcc, no GPU: hw3's CUDA runs on the emulator"
    program(empty_path, "nvidia-smi", smi("12.8"))
    assert "NVIDIA A100: hw3's CUDA runs on the emulator" in cuda.cuda().found
    assert cuda.cuda().fix == platforms.how_to_get("cuda")
    program(empty_path, "nvcc", nvcc("12.4"))
    found = cuda.cuda()
    assert (found.state, found.found) == ("ok", "nvcc 12.4, NVIDIA A100")
    (empty_path / "nvidia-smi").unlink()
    assert cuda.cuda().fix == "use Colab for a GPU"


def nvcc(version: str) -> str:
    return f"print('Cuda compilation tools, release {version}, V{version}.1')"


def smi(version: str) -> str:
    """A card, and what its driver says above the table."""
    table = f"| Driver Version: 555.42      CUDA Version: {version}     |"
    return f"import sys\nprint('NVIDIA A100' if sys.argv[1:] else {table!r})"


@pytest.mark.parametrize(
    ("compiler", "driver", "state", "said"),
    [
        ("13.0", "12.8", "note", "driver knows CUDA 12.8: what nvcc builds cannot run"),
        ("12.8", "12.2", "ok", "nvcc 12.8, NVIDIA A100"),
        ("10.1", "12.8", "note", "too old for hw3, where CUDA runs on the emulator"),
        ("13.0", "N/A", "ok", "nvcc 13.0, NVIDIA A100"),
    ],
)
def test_compiler_and_driver_are_compared(empty_path, compiler, driver, state, said):
    program(empty_path, "nvcc", nvcc(compiler))
    program(empty_path, "nvidia-smi", smi(driver))
    found = cuda.cuda()
    assert found.state == state
    assert found.found.endswith(said)
    assert bool(found.fix) == (state == "note")


def test_a_compiler_beside_the_path_is_found(empty_path, tmp_path, monkeypatch):
    place = tmp_path / "toolkit"
    place.mkdir()
    program(place, "nvcc", nvcc("12.4"))
    monkeypatch.setattr(cuda, "PLACES", [str(place)])
    assert cuda.nvcc() == str(place / "nvcc")
    monkeypatch.setenv("CUDACXX", "/nowhere/nvcc")  # as with make: that, or none
    assert cuda.nvcc() is None


def test_packages_that_are_missing_or_old(monkeypatch):
    monkeypatch.setitem(python.RANGES, "no-such-package", ">=2.5,<4")
    missing = python.package("no-such-package", required=True)
    assert missing.blocks
    assert "pip install 'no-such-package>=2.5'" in missing.fix
    beside = python.package("no-such-package", why="hw2's checkpoints")
    assert (beside.state, beside.blocks) == ("missing", False)
    assert beside.found == "not installed; for hw2's checkpoints"
    monkeypatch.setattr(python.importlib.metadata, "version", lambda name: "1.26.4")
    old = python.package("numpy", required=True)
    assert old.blocks
    assert "1.26.4, older than 2.0" in old.found


@pytest.mark.parametrize("program_name", platforms._PACKAGES)
@pytest.mark.parametrize("where", ["colab", "macos", "debian", "fedora", "other"])
def test_every_platform_has_advice(monkeypatch, program_name, where):
    monkeypatch.setattr(platforms, "this_platform", lambda: where)
    assert platforms.how_to_get(program_name)


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, "debian"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "debian"),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "fedora"),
        ({"ID": "arch"}, "other"),
    ],
)
@pytest.mark.skipif(sys.platform == "darwin", reason="Linux")
def test_families_of_linux_are_told_apart(monkeypatch, release, expected):
    monkeypatch.delenv("COLAB_RELEASE_TAG", raising=False)
    monkeypatch.setattr(platforms.platform, "freedesktop_os_release", lambda: release)
    platforms.this_platform.cache_clear()
    try:
        assert platforms.this_platform() == expected
    finally:
        platforms.this_platform.cache_clear()


def test_a_grader_that_is_not_installed_is_no_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "grader.sandbox", None)
    found = surroundings.sandbox()
    assert (found.state, found.blocks) == ("note", False)
    assert "not installed" in found.found


@pytest.mark.parametrize(
    ("best", "state", "said"),
    [
        ("full", "ok", "level full, the strongest"),
        ("user", "ok", "level user; not full: because of full"),
        ("none", "note", "level none; not user: because of user"),
    ],
)
def test_the_level_and_what_a_stronger_one_wants_are_said(
    monkeypatch, best, state, said
):
    fake = types.ModuleType("grader.sandbox")
    fake.LEVELS = ("full", "user", "none")
    fake.best = lambda: types.SimpleNamespace(name=best)
    fake.why_not = lambda level: f"because of {level}"
    monkeypatch.setitem(sys.modules, "grader.sandbox", fake)
    found = surroundings.sandbox()
    assert (found.state, found.found) == (state, said)
    assert bool(found.fix) == (best == "none")


def test_parts_of_sets_are_named(monkeypatch):
    spec = named("cifar10")
    part = Holding(spec, Path(), spec.files[:2])
    assert surroundings._named(part) == "cifar10 (2 of 6 batches)"


def test_little_room_is_noted(monkeypatch):
    usage = type("Usage", (), {"free": 500_000_000})
    monkeypatch.setattr(surroundings.shutil, "disk_usage", lambda path: usage)
    found = surroundings.disk()
    assert found.state == "note"
    assert "500.0 MB free" in found.found
    assert "COURSE_DATA" in found.fix


def test_progress_names_each_check():
    names: list[str] = []
    first = next(examine(names.append))
    assert names == ["Python"]
    assert first.name == "Python"
