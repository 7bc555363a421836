"""Every form of launch and of shared array compiles, and runs as on a device."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path

import numpy as np
import pytest
from cuda_emulator import build

SOURCE = Path(__file__).resolve().parent / "forms" / "forms.cu"
NAMES = re.findall(r"^(?:FORM|SHARED)\((\w+)", SOURCE.read_text("utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def forms(
    cxx: str, tmp_path_factory: pytest.TempPathFactory, objects: Path
) -> ctypes.CDLL:
    target = tmp_path_factory.mktemp("forms") / "forms.so"
    return ctypes.CDLL(str(build([SOURCE], target, objects=objects)))


@pytest.mark.parametrize("name", NAMES)
def test_form(forms: ctypes.CDLL, name: str) -> None:
    n = 10
    out = np.zeros(n, dtype="int32")
    forms.cuda_emulator_findings.restype = ctypes.c_char_p
    assert forms.run(getattr(forms, name), ctypes.c_void_p(out.ctypes.data), n) == 0
    assert forms.cuda_emulator_findings() == b"[]"
    np.testing.assert_array_equal(out, np.arange(1, n + 1))
