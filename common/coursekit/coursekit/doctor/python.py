"""Python itself and its packages."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sys

from coursekit.doctor.finding import Finding
from coursekit.doctor.platforms import pip_install, this_platform
from coursekit.staging.requirements import RANGES

OLDEST = (3, 10)


def interpreter() -> Finding:
    """Report which Python runs this."""
    found = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info < OLDEST:
        return Finding("Python", "missing", found, "install Python 3.10 or newer", True)
    return Finding("Python", "ok", found, required=True)


def virtual_environment() -> Finding:
    """Report whether packages go into a place of their own."""
    name = "virtual env"
    if sys.prefix != sys.base_prefix:
        return Finding(name, "ok", sys.prefix)
    if this_platform() == "colab":
        return Finding(name, "ok", "none, and none needed on Colab")
    fix = "python3 -m venv .venv && . .venv/bin/activate"
    return Finding(name, "note", "none: packages go into the system's Python", fix)


def package(name: str, *, required: bool = False, why: str = "") -> Finding:
    """Report a package's version, and whether it is as new as the course asks."""
    least = RANGES[name].split(",")[0].removeprefix(">=")
    fix = pip_install(f"{name}>={least}")
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        found = "not installed" + (f"; for {why}" if why else "")
        return Finding(name, "missing", found, fix, required)
    if _numbers(version) < _numbers(least):
        found = f"{version}, older than {least}"
        return Finding(name, "missing", found, fix, required)
    return Finding(name, "ok", version, required=required)


def _numbers(version: str) -> tuple[int, ...]:
    """Return a version's first numbers, which are what a range asks about."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def jupyter() -> Finding:
    """Report whether notebooks can be opened and run."""
    have = [name for name in ("jupyterlab", "notebook") if _installed(name)]
    if have and _installed("ipykernel"):
        return Finding("Jupyter", "ok", ", ".join(have))
    if this_platform() == "colab":
        return Finding("Jupyter", "ok", "Colab")
    found = "not installed; opens the notebooks"
    return Finding("Jupyter", "missing", found, pip_install("jupyter"))


def _installed(name: str) -> bool:
    """Say whether a distribution is there."""
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
