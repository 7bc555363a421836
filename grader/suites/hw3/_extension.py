"""Load what was built of a student's kernels, and nothing that has its name."""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader, FileFinder
from pathlib import Path
from types import ModuleType


def extension(*names: str) -> ModuleType:
    """Load the first of some modules that was built.

    No file of the student's runs before it or stands in for it: not their package, and
    no module that they call the same.
    """
    for name in names:
        for folder in sys.path:
            beside = Path(folder, "needle", "backend_ndarray")
            finder = FileFinder(str(beside), (ExtensionFileLoader, EXTENSION_SUFFIXES))
            spec = finder.find_spec(name)
            if spec is not None and spec.loader is not None:
                module = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(module)
                return module
    raise ModuleNotFoundError(f"no module {names[0]} was built", name=names[0])
