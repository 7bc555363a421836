"""The CUDA kernels compile for every card that nvcc knows, and spill no registers."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "docs/benchmarks/hw3_registers.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("nvcc") is None, reason="needs nvcc"),
]


def counted(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), "--print", *options],
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_kernel_spills_on_any_card_and_nvcc_warns_of_nothing():
    done = counted()
    assert done.returncode == 0, done.stderr
    named = dict(re.findall(r"^\| `(.*?)` \| (\d+) \|", done.stdout, re.MULTILINE))
    assert int(named["MatmulKernel<128, 8, 8>"]) == 1
    assert sum(map(int, named.values())) > 30
    assert done.stdout.count("sm_") >= 2


def test_a_kernel_that_spills_is_named():
    done = counted("--arch", "sm_80", "--most", "16")
    assert done.returncode != 0
    assert re.search(r"WalkKernel\w* spills on sm_80", done.stderr)
