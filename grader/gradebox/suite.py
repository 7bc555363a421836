"""Load the modules of a suite from a folder and collect their cases."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from gradebox.cases import Registry, collecting


def load_suite(folder: Path, *shared: Path) -> Registry:
    """Import every module of the folder, in order of name, and return the cases.

    The folder acts as one package, so that modules may share helpers by relative
    import; a module whose name begins with an underscore is such a helper. Helpers may
    also lie in folders that are ``shared`` with other suites; in the box none do.
    """
    package = f"suite_{folder.name}"
    _forget(package)
    sys.modules[package] = _package(package, folder, *shared)
    try:
        with collecting(Registry()) as registry:
            for path in sorted(folder.glob("[!_]*.py")):
                importlib.import_module(f"{package}.{path.stem}")
    finally:
        _forget(package)
    return registry


def _package(name: str, *folders: Path) -> ModuleType:
    spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [str(folder) for folder in folders]
    return importlib.util.module_from_spec(spec)


def _forget(package: str) -> None:
    """Drop the package's modules; the cases keep what they need of them."""
    for name in list(sys.modules):
        if name == package or name.startswith(f"{package}."):
            del sys.modules[name]
