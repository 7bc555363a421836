"""Run a function with the kernels as they are built now, in a process of its own.

A running notebook keeps the compiled module that it has loaded, and a kernel that
writes out of bounds ends the process that it runs in. So what calls kernels runs apart.
"""

from __future__ import annotations

import inspect
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from explore.data import HOMEWORK
from explore.patience import NotYetError, patient, say

SECONDS = 120


@patient
def run(
    function: Callable[[], Any], *helpers: Callable[..., Any], seconds: float = SECONDS
) -> Any:
    """Run a function of the notebook apart, print what it prints, return its result.

    Args:
        function: without arguments. It may use ``np``, ``nd`` (the arrays), ``time``
            and the helpers; other names of the notebook are not there.
        helpers: functions that it calls.
        seconds: after so long it is stopped.
    """
    parts = [textwrap.dedent(inspect.getsource(each)) for each in (*helpers, function)]
    return call("\n\n".join(parts), function.__name__, seconds)


def call(source: str, name: str, seconds: float = SECONDS, **environment: str) -> Any:
    """Run code in a process of its own; return what the function of that name does."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer")
        try:
            done = subprocess.run(
                [sys.executable, "-m", "explore.apart_there", str(answer), name],
                input=source,
                cwd=HOMEWORK,
                env={**_environment(), **environment},
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotYetError(
                f"stopped after {seconds:g} seconds: a loop without an end?"
            ) from None
        if done.stdout:
            say(done.stdout.rstrip("\n"))
        if done.returncode or not answer.exists():
            raise NotYetError(_reason(done))
        result = pickle.loads(answer.read_bytes())
    if isinstance(result, NotImplementedError):
        raise result
    return result


def _environment() -> dict[str, str]:
    """Return that of this process, with this folder first and one thread."""
    path = os.pathsep.join([str(HOMEWORK), os.environ.get("PYTHONPATH", "")])
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {**os.environ, **one, "PYTHONPATH": path.rstrip(os.pathsep)}


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        return (
            f"the kernels ended their process ({name}). See *When it crashes*, in the"
            " section *Down to C++*."
        )
    return f"it failed.\n{done.stderr.strip()}"
