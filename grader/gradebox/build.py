"""Compile inside the box, in a scratch copy, and hand the products over as answers."""

from __future__ import annotations

import faulthandler
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from gradebox.child import PipeOutlet, Place, guarded
from gradebox.encode import EncodeError, encode

HERE = b"@folder of the box@"  # in what is kept, where a box lies at a path of its own


def run(job: dict[str, Any], place: Place) -> None:
    """Run the homework's build command and send its outputs, and what is to be kept."""
    outlet = PipeOutlet(record=False)
    faulthandler.cancel_dump_traceback_later()  # where we wait for make helps nobody

    def body() -> None:
        folder = place.tmp / place.work.name
        shutil.copytree(place.work, folder, copy_function=shutil.copyfile)
        for name in job["outputs"]:  # a build that goes on makes no folders anew
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        for name in job["kept"]:
            path = folder / name
            path.write_bytes(_moved(path.read_bytes(), HERE, _box(place)))
        _date(folder, job["kept"], job["inputs"])
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
                _send(outlet, name, _product(folder / name))
            for name in _below(folder, job["keep"]):
                data = _product(folder / name)
                _send(outlet, name, _moved(data, _box(place), HERE))
        outlet.send({"frame": "end", "inputs": "", "code": done.returncode}, [])

    guarded(body, outlet, place.work)


def _box(place: Place) -> bytes:
    """Return the path of the box: `/` where it has a root of its own."""
    return os.fsencode(place.tmp.parent)


def _moved(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return a kept file for a box elsewhere: CMake writes absolute paths into it."""
    stays = b"/" in (old, new) or b"\0" in data  # a compiled file tells them to nobody
    return data if stays else data.replace(old, new)


def _date(folder: Path, kept: Collection[str], inputs: Collection[str]) -> None:
    """Make what is kept newer than its sources, and the inputs newer than that.

    By these times make finds what has to be made again: what depends on an input. Some
    makes and file systems know only whole seconds, or two.
    """
    now = time.time_ns()
    ages = dict.fromkeys(kept, 3 * 10**9) | dict.fromkeys(inputs, 0)
    for path in folder.rglob("*"):
        moment = now - ages.get(path.relative_to(folder).as_posix(), 6 * 10**9)
        os.utime(path, ns=(moment, moment))


def _below(folder: Path, names: Collection[str]) -> list[str]:
    """Return the regular files in folders, by their paths."""
    found = [path for name in names for path in (folder / name).rglob("*")]
    files = [path for path in found if path.is_file() and not path.is_symlink()]
    return sorted(path.relative_to(folder).as_posix() for path in files)


def _product(path: Path) -> bytes:
    """Read one product if it is a regular file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise EncodeError(f"{path.name} is not a regular file")
        return file.read()


def _send(outlet: PipeOutlet, name: str, data: bytes) -> None:
    outlet.answer(name, encode(data), witnessed=False, inputs="", check=None)
