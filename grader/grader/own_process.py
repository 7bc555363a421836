"""Start modules of ours in processes of their own."""

from __future__ import annotations

import sys

# `python -m` looks for modules in the working folder first, the standard library's
# too: a student's pickle.py would be imported, or code of whoever is graded run.
_START = (
    "import sys; sys.path[:] = [path for path in sys.path if path]; "
    "from runpy import run_module; "
    "run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def command(module: str, *words: str) -> list[str]:
    """Return the command for a module, whatever lies in the working folder."""
    return [sys.executable, "-c", _START, module, *words]
