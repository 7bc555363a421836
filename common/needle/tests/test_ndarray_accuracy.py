"""How exact exp, log, tanh and powers are: against float64, in units of the last place.

A unit in the last place (ulp) is the distance of one float32 to the next. The largest
errors that were seen are in docs/architecture.md; the bounds here leave room for other
mathematical libraries.
"""

from __future__ import annotations

import numpy as np
import pytest
from needle import backend_ndarray as nd


def every(step: int, low: float, high: float) -> np.ndarray:
    """Return every ``step``-th of all float32 in [low, high], densest around zero."""
    bits = np.arange(0, 2**31, step, dtype=np.uint32)
    numbers = np.concatenate([bits.view(np.float32), -bits.view(np.float32)])
    return numbers[(numbers >= low) & (numbers <= high)]


def ulps(found: np.ndarray, exact: np.ndarray) -> float:
    """Return the largest error of some float32, in units of their last place."""
    with np.errstate(over="ignore"):
        unit = np.spacing(np.abs(exact).astype(np.float32)).astype(np.float64)
    finite = np.isfinite(unit)
    assert finite.mean() > 0.9
    return float(
        np.max(np.abs(found.astype(np.float64) - exact)[finite] / unit[finite])
    )


# In ulp, with room: seen were 0.5, 0.7, 2.0 and 0.5 for C++ with glibc 2.36, and 2.3,
# 3.4, 1.3 and 1.0 for NumPy.
BOUNDS = {
    "cpu()": {"exp": 1.0, "log": 1.0, "tanh": 2.5, "power": 1.0},
    "cpu_numpy()": {"exp": 3.0, "log": 4.0, "tanh": 3.0, "power": 2.0},
    # As CUDA's programming guide has them; on the emulator they are the C library's.
    "cuda()": {"exp": 2.0, "log": 1.5, "tanh": 2.5, "power": 4.0},
}


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("exp", -103.0, 88.7), ("log", 1e-45, 3.4e38), ("tanh", -20.0, 20.0)],
)
def test_functions(device, name, low, high):
    x = every(4001, low, high)
    found = getattr(nd.array(x, device=device), name)().numpy()
    exact = getattr(np, name)(x.astype(np.float64))
    assert ulps(found, exact) <= BOUNDS[str(device)][name]


@pytest.mark.parametrize("exponent", [-2.0, -1.0, -0.5, 0.5, 1.5, 2.0, 3.0, 7.3])
def test_powers(device, exponent):
    bases = every(4001, 1e-4, 1e4)
    found = (nd.array(bases, device=device) ** exponent).numpy()
    exact = bases.astype(np.float64) ** np.float32(exponent)
    assert ulps(found, exact) <= BOUNDS[str(device)]["power"]


def test_powers_of_arrays(device):
    rng = np.random.default_rng(1)
    x = rng.uniform(0.01, 100, 200_000).astype(np.float32)
    y = rng.uniform(-15, 15, x.size).astype(np.float32)
    found = (nd.array(x, device=device) ** nd.array(y, device=device)).numpy()
    exact = x.astype(np.float64) ** y.astype(np.float64)
    assert ulps(found, exact) <= BOUNDS[str(device)]["power"]
