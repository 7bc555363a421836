"""Tensors on arrays of our own: in a process of their own, for needle is one a process.

There run the tests in nd/, and those of the files below, which hold of any arrays.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).resolve().parent
SUITES = {
    "operations": ["nd/test_ops.py"],
    "devices": ["nd/test_devices.py", "nd/test_state.py"],
    "memory": ["nd/test_memory.py", "nd/test_step_cost.py"],
    "layers": ["nd/test_layers.py", "test_nn_modules.py", "test_original_style.py"],
    "graph": ["test_counter.py", "test_graph.py", "test_lazy.py", "test_leaks.py"],
    "data": ["test_data_loader.py", "test_no_grad.py", "test_tuples.py"],
}
# What these say of float64, of dtypes as NumPy has them, or of arrays changed by +=.
OF_NUMPY = [
    "test_counter.py::test_a_deep_copy_shares_no_data_and_a_copy_does",
    "test_counter.py::test_cycles_of_gradients_wait_for_the_collector",
    "test_data_loader.py::test_batches_are_constant_tensors_of_the_types_of_the_examples",
    "test_data_loader.py::test_device_and_dtype_of_the_tensors",
    "test_graph.py::test_backward_from_a_leaf_gives_it_ones",
    "test_graph.py::test_random_graphs_agree_with_numpy_and_with_measured_gradients",
    "test_no_grad.py::test_inside_operands_are_still_broadcast_and_numbers_still_numbers",
    "test_tuples.py::test_float32_stays_in_tuples",
]


def python(backend: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the tests' folder, with arrays of one kind."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=HERE,
        env={**os.environ, "NEEDLE_TESTS_ON": backend, "NEEDLE_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.timeout(900)  # seconds of work, and minutes on a busy machine
@pytest.mark.parametrize("suite", SUITES)
def test_what_holds_of_our_own_arrays(suite: str) -> None:
    left_out = (f"--deselect=common/needle/tests/{test}" for test in OF_NUMPY)
    done = python("nd", "-m", "pytest", "-q", *left_out, *SUITES[suite])

    assert done.returncode == 0, done.stdout + done.stderr
    assert "[100%]" in done.stdout


def trained(backend: str, device: str) -> dict[str, list[float]]:
    """Return what comes of a small training."""
    done = python(backend, "support/train_small.py", device)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.usefixtures("cpu")
def test_training_is_that_on_numpys_arrays() -> None:
    expected = trained("np", "cpu")
    for device in ("cpu", "cpu_numpy"):
        found = trained("nd", device)
        # Rounding differs, and nine steps of Adam carry it on.
        np.testing.assert_allclose(found["losses"], expected["losses"], rtol=1e-5)
        np.testing.assert_allclose(
            found["outputs"], expected["outputs"], rtol=1e-3, atol=1e-3
        )
