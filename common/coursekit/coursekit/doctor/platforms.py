"""Which command installs a program here."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from functools import cache
from pathlib import Path
from typing import Literal

Platform = Literal["colab", "macos", "debian", "fedora", "other"]

_PACKAGES: dict[str, dict[Platform, str]] = {
    "compiler": {
        "colab": "apt-get install -y g++",
        "macos": "xcode-select --install",
        "debian": "sudo apt install g++",
        "fedora": "sudo dnf install gcc-c++",
        "other": "install GCC or clang with C++17",
    },
    "python-headers": {
        "colab": "apt-get install -y python3-dev",
        "macos": "brew install python",
        "debian": "sudo apt install python3-dev",
        "fedora": "sudo dnf install python3-devel",
        "other": "install the development files of this Python",
    },
    "make": {
        "colab": "apt-get install -y make",
        "macos": "xcode-select --install",
        "debian": "sudo apt install make",
        "fedora": "sudo dnf install make",
        "other": "install GNU make",
    },
    "bubblewrap": {
        "colab": "apt-get install -y bubblewrap",
        "macos": "Linux only; grading runs at level none here",
        "debian": "sudo apt install bubblewrap",
        "fedora": "sudo dnf install bubblewrap",
        "other": "install bubblewrap",
    },
    "cuda": {
        "colab": "menu Runtime, Change runtime type, choose a GPU",
        "macos": "not for macOS; use Colab for the CUDA questions",
        "debian": "sudo apt install nvidia-cuda-toolkit, or use Colab",
        "fedora": "install the CUDA toolkit from NVIDIA, or use Colab",
        "other": "install the CUDA toolkit from NVIDIA, or use Colab",
    },
}


def how_to_get(program: str) -> str:
    """Return the command, or the advice, that gets a program on this machine."""
    return _PACKAGES[program][this_platform()]


def pip_install(*packages: str) -> str:
    """Return the command that installs packages into this Python."""
    names = " ".join(f"'{name}'" if ">" in name else name for name in packages)
    return f"{Path(sys.executable).name} -m pip install {names}"


@cache
def this_platform() -> Platform:
    """Tell Colab, macOS and the families of Linux apart."""
    if os.environ.get("COLAB_RELEASE_TAG") or _has_colab():
        return "colab"
    if sys.platform == "darwin":
        return "macos"
    try:
        release = platform.freedesktop_os_release()
    except (OSError, AttributeError):
        return "other"
    family = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    if family & {"debian", "ubuntu"}:
        return "debian"
    return "fedora" if family & {"fedora", "rhel", "centos"} else "other"


def _has_colab() -> bool:
    """Say whether Colab's own package can be imported."""
    try:
        return importlib.util.find_spec("google.colab") is not None
    except (ImportError, ValueError):
        return False
