"""Digests of files and of the machine that results depend on."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import gradebox


def digest_of(*parts: str | bytes) -> str:
    """Return a digest of the parts; where one ends and the next begins counts."""
    running = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        running.update(len(data).to_bytes(8, "little"))
        running.update(data)
    return running.hexdigest()


def digest_files(files: Mapping[str, bytes]) -> str:
    """Return a digest of paths and contents."""
    return digest_of(*(part for path in sorted(files) for part in (path, files[path])))


@lru_cache(maxsize=1)
def kit() -> str:
    """Return a digest of what every box holds of ours."""
    folder = Path(gradebox.__file__).parent
    return digest_files({p.name: p.read_bytes() for p in folder.glob("*.py")})


@lru_cache(maxsize=1)
def machine() -> str:
    """Return a digest of the processor, as far as results can depend on it."""
    try:
        listed = Path("/proc/cpuinfo").read_text("ascii", "replace")
    except OSError:
        listed = platform.processor()
    wanted = ("model name", "flags", "Features", "CPU part")
    lines = {line for line in listed.splitlines() if line.startswith(wanted)}
    return digest_of(platform.machine(), *sorted(lines))


@lru_cache(maxsize=1)
def compiler() -> str:
    """Return what the C++ compiler says about itself."""
    path = shutil.which("c++") or shutil.which("g++")
    if path is None:
        return "none"
    done = subprocess.run(
        [path, "--version"], capture_output=True, text=True, check=False
    )
    return done.stdout


def packages(names: Iterable[str]) -> str:
    """Return the interpreter's version and those of installed distributions."""
    found = [f"python {sys.version}"]
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{name} missing")
    return "\n".join(found)
