"""Load what you have edited before the next cell of the notebook runs.

IPython's ``autoreload`` puts new code into old classes, one module at a time. A library
whose modules know each other's classes does not survive that: after an edit, ``x * y``
of two tensors may meet two different classes of the same name. So everything in
``python/``, ``apps/`` and ``tests/support/`` is loaded again, together.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, TypeAlias

from explore.data import HOMEWORK
from explore.patience import say

FOLDERS = ("python", "apps", "tests/support")
Names: TypeAlias = dict[str, Any]
Stamp: TypeAlias = dict[Path, tuple[int, int]]


def follow_changes(names: Names) -> None:
    """From now on, load edited files before each cell, and renew these names.

    ``names`` are the notebook's: ``follow_changes(globals())``. Outside a notebook
    nothing happens.
    """
    shell = _shell()
    if shell is None:
        return
    for hook in getattr(shell, "_explore_hooks", ()):  # this cell ran before
        shell.events.unregister("pre_run_cell", hook)
    hook = _hook(names)
    shell.events.register("pre_run_cell", hook)
    shell._explore_hooks = (hook,)


def _shell() -> Any:
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _hook(names: Names) -> Callable[[Any], None]:
    seen = _stamp()

    def before_a_cell(info: Any) -> None:
        nonlocal seen
        now = _stamp()
        if now != seen:
            changed = [path for path in now if now[path] != seen.get(path)]
            load_again(names, changed)
            seen = now  # not if it was interrupted: then the next cell does it

    return before_a_cell


def _stamp() -> Stamp:
    """Return when each file was written last, and its size."""
    stamp = {}
    for folder in FOLDERS:
        for path in sorted((HOMEWORK / folder).rglob("*.py")):
            with contextlib.suppress(OSError):  # an editor's file, there for a moment
                status = path.stat()
                stamp[path] = status.st_mtime_ns, status.st_size
    return stamp


def load_again(names: Names, changed: list[Path]) -> None:
    """Import the homework's modules afresh; if that fails, keep those that run."""
    _forget_bytecode(changed)
    old = dict(_homework_modules())
    for name in old:
        del sys.modules[name]
    still_there = [name for name in old if Path(str(old[name].__file__)).exists()]
    try:
        new = {name: importlib.import_module(name) for name in still_there}
    except BaseException as error:
        for name in dict(_homework_modules()):
            del sys.modules[name]
        sys.modules.update(old)
        if not isinstance(error, (Exception, SystemExit)):
            raise
        say(f"Your edit does not load; cells go on with the code before it.\n{error!r}")
        say(_place(error))
        return
    _renew(names, old, new)
    say(
        f"Loaded again, with your changes in {_list(changed)}. Tensors of earlier cells"
        " belong to the code before."
    )


def _forget_bytecode(changed: list[Path]) -> None:
    """Have files compiled again: Python takes two edits in one second for the same."""
    for path in changed:
        with contextlib.suppress(OSError):
            Path(importlib.util.cache_from_source(str(path))).unlink()


def _homework_modules() -> Iterator[tuple[str, ModuleType]]:
    """Yield the modules written in Python; compiled ones cannot be loaded twice."""
    roots = tuple(str(HOMEWORK / folder) + "/" for folder in FOLDERS)
    for name, module in list(sys.modules.items()):
        file = str(getattr(module, "__file__", ""))
        if file.endswith(".py") and str(Path(file).resolve()).startswith(roots):
            yield name, module


def _renew(names: Names, old: Names, new: Names) -> None:
    """Have names of old modules, and of what was imported from them, mean the new."""
    for name, value in list(names.items()):
        if isinstance(value, ModuleType):
            home = value.__name__
            if old.get(home) is value:
                names[name] = new.get(home, value)
        elif isinstance(value, (type, FunctionType)):
            home, own = value.__module__, value.__name__
            if home in new and getattr(old[home], own, None) is value:
                names[name] = getattr(new[home], own, value)


def _place(error: BaseException) -> str:
    """Return where an import failed: the last file and line of the homework's own."""
    if isinstance(error, SyntaxError):
        return f"  {error.filename}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if str(HOMEWORK) in frame.filename]
    return f"  {own[-1].filename}, line {own[-1].lineno}" if own else ""


def _list(paths: list[Path]) -> str:
    return ", ".join(path.name for path in paths) or "files that are gone"
