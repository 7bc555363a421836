"""Put the library's source and the shared test support on the path; build kernels."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from needle.backend_ndarray import BackendDevice

# Of NumPy's arrays, which have float64, unless a test of both asks for our own.
os.environ["NEEDLE_BACKEND"] = os.environ.get("NEEDLE_TESTS_ON", "np")

# What stands in nd/ holds of our own arrays; test_own_arrays.py runs it.
collect_ignore = [] if os.environ["NEEDLE_BACKEND"] == "nd" else ["nd"]

_COMMON = Path(__file__).resolve().parents[2]
sys.path[:0] = [
    str(folder)
    for folder in (
        _COMMON / "needle" / "python",
        _COMMON / "testing",
        _COMMON / "needle" / "tests" / "support",
    )
]


def pytest_configure() -> None:
    """Build the kernels before anything asks for a device, which is made only once.

    Where they cannot be built, tests that need them are skipped.
    """
    import native

    global _NOT_BUILT  # noqa: PLW0603  (once a process, by pytest)
    _NOT_BUILT = native.ensure_built()


_NOT_BUILT: str | None = None


@pytest.fixture(scope="session")
def cpu() -> BackendDevice:
    """Return the device whose kernels are in C++; skip where they cannot be built."""
    if _NOT_BUILT is not None:
        pytest.skip(_NOT_BUILT)
    from needle import backend_ndarray

    return backend_ndarray.cpu()


@pytest.fixture(scope="session")
def cuda() -> BackendDevice:
    """Return the device whose kernels are in CUDA, or an emulator of it; or skip."""
    if _NOT_BUILT is not None:
        pytest.skip(_NOT_BUILT)
    from needle import backend_ndarray

    device = backend_ndarray.cuda()
    if not device.enabled():
        pytest.skip(device.why_not)
    return device


@pytest.fixture(scope="session", params=["cpu", "cpu_numpy", "cuda"])
def device(request: pytest.FixtureRequest) -> BackendDevice:
    """Return each device that has arrays here."""
    if request.param != "cpu_numpy":
        return request.getfixturevalue(request.param)
    from needle import backend_ndarray

    return backend_ndarray.cpu_numpy()


@pytest.fixture(scope="session", params=["cpu", "cpu_numpy"])
def processor(request: pytest.FixtureRequest) -> BackendDevice:
    """Return each device whose memory is the processor's, where others may share it."""
    if request.param == "cpu":
        return request.getfixturevalue("cpu")
    from needle import backend_ndarray

    return backend_ndarray.cpu_numpy()


@pytest.fixture(autouse=True)
def _modes_as_they_were() -> Iterator[None]:
    """Fail a test that leaves the engine in another mode than it found it."""
    from needle import autograd, grad_mode

    yield
    left = autograd.LAZY_MODE, grad_mode.ENABLED
    autograd.LAZY_MODE, grad_mode.ENABLED = False, True
    assert left == (False, True), f"lazy and gradient mode are {left} after the test"


@pytest.fixture
def own_values() -> Iterator[None]:
    """Let records see no values but the test's: other files keep some for good."""
    gc.collect()
    gc.freeze()  # what is frozen is not among the collector's objects
    yield
    gc.unfreeze()


@pytest.fixture
def lazy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute a value only when somebody asks for it."""
    from needle import autograd

    monkeypatch.setattr(autograd, "LAZY_MODE", True)
