"""Stand in for a module of the student's until a case uses it."""

from __future__ import annotations

import importlib
from typing import Any


class MissingNameError(AttributeError):
    """The student's module has no such name."""

    def __init__(self, module: str, name: str) -> None:
        super().__init__(f"module '{module}' has no '{name}'")
        self.module = module
        self.missing = name


class _Gate:
    """Closed while a suite is loaded: student code runs in a case's child only."""

    opened = False


def open_gate() -> None:
    """Let student modules be imported from now on, in this process."""
    _Gate.opened = True


class StudentModule:
    """Import the module on the first use of one of its names."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # asked by tools, not by cases
            raise AttributeError(attribute)
        if not _Gate.opened:
            raise RuntimeError(f"{self._name}.{attribute} is used outside a case")
        module = importlib.import_module(self._name)
        try:
            return getattr(module, attribute)
        except AttributeError:
            raise MissingNameError(self._name, attribute) from None

    def __repr__(self) -> str:
        return f"student({self._name!r})"


def student(module: str) -> Any:
    """Return a stand-in for a module of the student's, imported when it is used."""
    return StudentModule(module)
