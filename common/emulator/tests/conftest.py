"""What the emulator's tests share: small .cu files, compiled and loaded."""

from __future__ import annotations

import ctypes
import os
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from cuda_emulator import BuildError, build
from cuda_emulator.building import compiler

Compile = Callable[..., ctypes.CDLL]


@pytest.fixture(scope="session")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the machine's object lies, for all workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "objects"


@pytest.fixture(scope="session")
def cxx() -> str:
    """Return the C++ compiler; skip the test where there is none."""
    try:
        return compiler()[0]
    except BuildError as error:
        pytest.skip(str(error))


@pytest.fixture
def compile_cuda(cxx: str, tmp_path: Path, objects: Path) -> Compile:
    """Return a function that compiles the text of a .cu file and loads the library."""

    def compile_and_load(text: str, *flags: str, name: str = "kernels") -> ctypes.CDLL:
        source = tmp_path / f"{name}.cu"
        # newline="": the lines end as the text says, as in a test of CRLF.
        with source.open("w", encoding="utf-8", newline="") as file:
            file.write(textwrap.dedent(text))
        target = tmp_path / f"{name}.so"
        return ctypes.CDLL(str(build([source], target, objects=objects, flags=flags)))

    return compile_and_load
