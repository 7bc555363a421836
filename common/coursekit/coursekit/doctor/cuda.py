"""CUDA: its compiler, the graphics cards, and whether the two go together."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from coursekit.doctor.command import output_of
from coursekit.doctor.finding import Finding
from coursekit.doctor.platforms import how_to_get

NAME = "CUDA"
# Where toolkits lie that are not on the PATH; hw3's build looks there, too.
PLACES: Sequence[str] = ("/usr/local/cuda/bin", "/opt/cuda/bin")
EMULATOR = "hw3's CUDA runs on the emulator"
OLDEST = 11


def nvcc() -> str | None:
    """Return the CUDA compiler that hw3's build takes, if there is one."""
    chosen = os.environ.get("CUDACXX")
    places = [shutil.which(chosen)] if chosen else [shutil.which("nvcc")]
    if not chosen:
        places += [shutil.which(str(Path(place) / "nvcc")) for place in PLACES]
    return next(filter(None, places), None)


def cuda() -> Finding:
    """Look for the CUDA compiler and for a GPU, and compare their versions."""
    compiler, cards, driver = _compiler_version(), _cards(), _driver_version()
    found = ", ".join(
        (f"nvcc {compiler}" if compiler else "no nvcc", cards or "no GPU")
    )
    if not cards:
        fix = "Colab has both" if not compiler else "use Colab for a GPU"
        return Finding(NAME, "note", f"{found}: {EMULATOR}", fix)
    if not compiler:
        return Finding(NAME, "note", f"{found}: {EMULATOR}", how_to_get("cuda"))
    if _major(compiler) < OLDEST:
        old = f"{found}: too old for hw3, where CUDA runs on the emulator"
        return Finding(NAME, "note", old, f"install CUDA {OLDEST} or newer")
    if driver and _major(driver) < _major(compiler):
        older = (
            f"{found}, whose driver knows CUDA {driver}: what nvcc builds cannot run"
        )
        fix = f"a newer driver, or a toolkit of CUDA {_major(driver)}"
        return Finding(NAME, "note", older, fix)
    return Finding(NAME, "ok", found)


def _compiler_version() -> str | None:
    program = nvcc()
    if program is None:
        return None
    status, text = output_of(program, "--version")
    match = re.search(r"release ([\d.]+)", text) if status == 0 else None
    return match[1] if match else None


def _cards() -> str:
    status, text = output_of("nvidia-smi", "--query-gpu=name", "--format=csv,noheader")
    return ", ".join(text.strip().splitlines()) if status == 0 else ""


def _driver_version() -> str | None:
    """Return the newest CUDA that the driver runs, as nvidia-smi's table says."""
    status, text = output_of("nvidia-smi")
    match = re.search(r"CUDA Version: ([\d.]+)", text) if status == 0 else None
    return match[1] if match else None


def _major(version: str) -> int:
    return int(version.partition(".")[0])
