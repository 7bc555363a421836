"""Python itself and its packages."""

from __future__ import annotations

import importlib.metadata
import platform
import sys

from coursekit.doctor.finding import Finding
from coursekit.doctor.platforms import pip_install, this_platform

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


def package(name: str, least: int, *, required: bool, why: str = "") -> Finding:
    """Report a package's version; ``least`` is its lowest major version."""
    fix = pip_install(f"{name}>={least}")
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        found = "not installed" + (f"; {why}" if why else "")
        return Finding(name, "missing", found, fix, required)
    if int(version.split(".", 1)[0]) < least:
        found = f"{version}, older than {least}.0"
        return Finding(name, "missing", found, fix, required)
    return Finding(name, "ok", version, required=required)


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
