"""Importing needle: quiet, and from the folder one is in, never from elsewhere."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import needle as ndl
import pytest

SOURCE = Path(__file__).resolve().parents[1] / "python"
BUILT = re.compile(r"\.ndarray_backend_(cpu|cuda|cuda_emulated)$")  # from no source
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages([str(SOURCE / "needle")], prefix="needle.")
    if not BUILT.search(module.name)
)


def python(code: str, *path: Path) -> subprocess.CompletedProcess[str]:
    """Run some code in a process that has only these folders on its path."""
    setup = f"import sys; sys.path[:0] = {[str(folder) for folder in path]}\n"
    return subprocess.run(
        [sys.executable, "-c", setup + code],
        cwd="/",
        env={},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_needle_is_not_installed_in_the_environment():
    done = python("import needle")
    assert "No module named 'needle'" in done.stderr


def test_the_needle_tested_here_is_the_source():
    assert Path(ndl.__file__).is_relative_to(SOURCE)


def test_importing_prints_nothing_and_loads_numpy_only():
    done = python(
        "before = set(sys.modules)\n"
        "import needle\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "import numpy\n"
        "print(sorted(new - sys.stdlib_module_names))",
        SOURCE,
    )
    assert (done.stdout, done.stderr) == ("['needle', 'numpy']\n", "")


def test_importing_draws_no_random_numbers():
    done = python(
        "import numpy; numpy.random.seed(1); first = numpy.random.rand()\n"
        "numpy.random.seed(1); import needle\n"
        "assert numpy.random.rand() == first",
        SOURCE,
    )
    assert done.stderr == ""


def test_every_module_can_be_imported_first():
    done = python(
        "import importlib\n"
        f"for first in {MODULES}:\n"
        "    for name in [name for name in sys.modules if name.startswith('needle')]:\n"
        "        del sys.modules[name]\n"
        "    importlib.import_module(first)",
        SOURCE,
    )
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["needle", *MODULES])
def test_examples_in_docstrings(name):
    module = importlib.import_module(name)
    results = doctest.testmod(module, extraglobs={"needle": ndl, "ndl": ndl})
    assert results.failed == 0


def test_there_are_examples():
    modules = [importlib.import_module(name) for name in MODULES]
    finder = doctest.DocTestFinder()
    found = [each.examples for module in modules for each in finder.find(module)]
    assert sum(map(len, found)) >= 4


@pytest.mark.parametrize("name", ["needle", *MODULES])
def test_everything_public_has_a_docstring(name):
    module = importlib.import_module(name)
    assert module.__doc__
    for thing in vars(module).values():
        if getattr(thing, "__module__", None) != name or thing.__name__[0] == "_":
            continue
        assert thing.__doc__, thing
        members = vars(thing).values() if inspect.isclass(thing) else ()
        for member in members:
            if inspect.isfunction(member) and member.__name__[0] != "_":
                assert member.__doc__ or _inherits(thing, member), member


def _inherits(kind: type, member: object) -> bool:
    """Return whether the method of that name of a parent class is documented."""
    return any(
        getattr(vars(parent).get(member.__name__), "__doc__", None)
        for parent in kind.__mro__[1:]
    )


def test_without_kernels_it_can_be_imported_and_says_what_to_do(tmp_path):
    unbuilt = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
    shutil.copytree(SOURCE / "needle", tmp_path / "needle", ignore=unbuilt)
    done = python(
        "import needle\n"
        "assert not needle.cpu().enabled()\n"
        "print((needle.Tensor([1.0, 2.0]) * 2).numpy())\n"
        "needle.init.ones(2)",
        tmp_path,
    )
    assert done.stdout == "[2. 4.]\n"
    assert (
        "RuntimeError: cpu() cannot be used: its kernels are not built" in done.stderr
    )
    assert "run `make`" in done.stderr


@pytest.mark.parametrize("name", ["cuda", "cpu_numpy"])
def test_devices_that_numpys_arrays_do_not_know_are_not_enabled(name):
    device = getattr(ndl, name)()
    assert (ndl.BACKEND, str(device), device.enabled()) == ("np", f"{name}()", False)
    assert device == getattr(ndl, name)()
    assert device not in (ndl.cpu(), *ndl.all_devices())
    with pytest.raises(RuntimeError, match=rf"{name}\(\) cannot be used: .* our own"):
        ndl.Tensor([1.0], device=device)
    with pytest.raises(RuntimeError, match=rf"{name}\(\) cannot be used: .* our own"):
        ndl.init.ones(2, device=device)


def test_another_backend_is_refused():
    done = python(
        "import os; os.environ['NEEDLE_BACKEND'] = 'pt'; import needle", SOURCE
    )
    assert "RuntimeError: NEEDLE_BACKEND is 'pt'; it is nd" in done.stderr
