"""Run ``make``, and say in a line what came of it."""

from __future__ import annotations

import subprocess
import sys
import time

from explore.compiler import compiler
from explore.data import HOMEWORK
from explore.patience import NotYetError, patient, say

FOLDER = HOMEWORK / "python" / "needle" / "backend_ndarray"
SHOWN = 30  # lines of what the compiler says


@patient
def build() -> None:
    """Build the kernels as ``make`` in a terminal does; show the compiler's errors."""
    compiler()
    begun = time.perf_counter()
    try:
        done = subprocess.run(
            ["make", f"PYTHON={sys.executable}"],
            cwd=HOMEWORK,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise NotYetError(
            "`make` is not installed; `course doctor` says more."
        ) from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        more = len(lines) - SHOWN
        say("\n".join(lines[:SHOWN]) + (f"\n... {more} more lines" if more > 0 else ""))
        raise NotYetError("it does not build; what the compiler says stands above.")
    say(f"Built in {time.perf_counter() - begun:.0f} s.")


def module_path() -> str:
    """Return where the built module is, or wait until there is one."""
    found = sorted(FOLDER.glob("ndarray_backend_cpu*.so"))
    if not found:
        raise NotYetError("the kernels are not built yet: run `make`.")
    return str(max(found, key=lambda path: path.stat().st_mtime))
