"""Run a program that may not be there."""

from __future__ import annotations

import subprocess
from pathlib import Path

SECONDS = 120


def output_of(*command: str, cwd: Path | None = None) -> tuple[int, str]:
    """Run a command; return its status (127: it does not exist) and its output."""
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            text=True,
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 127, str(error)
    return done.returncode, done.stdout
