"""Compile inside the box, in a scratch copy, and hand the products over as answers."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

from gradebox.child import PipeOutlet, Place, guarded
from gradebox.encode import EncodeError, encode


def run(job: dict[str, Any], place: Place) -> None:
    """Run the homework's build command and send its outputs."""
    outlet = PipeOutlet(record=False)

    def body() -> None:
        folder = Path.cwd() / place.work.name
        shutil.copytree(place.work, folder, copy_function=shutil.copyfile)
        done = subprocess.run(
            [part.replace("{python}", sys.executable) for part in job["command"]],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": str(place.site),
                "TMPDIR": str(Path.cwd()),
            },
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode == 0:
            for name in job["outputs"]:
                _send_output(outlet, folder, name)
        outlet.send({"frame": "end", "inputs": "", "code": done.returncode}, [])

    guarded(body, outlet, place.work)


def _send_output(outlet: PipeOutlet, folder: Path, name: str) -> None:
    """Send one product if it is a regular file."""
    descriptor = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise EncodeError(f"{name} is not a regular file")
        data = file.read()
    outlet.answer(name, encode(data), witnessed=False, inputs="", check=None)
