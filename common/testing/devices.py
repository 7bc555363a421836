"""The devices on which the tests of arrays run, as parameters of pytest."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from needle import backend_ndarray as nd


def _where_built(device: Any) -> pytest.MarkDecorator:
    why = f"{device} is not built: run `make`"
    return pytest.mark.skipif(not device.enabled(), reason=why)


# Devices whose kernels you write. Their tests need them built.
KERNELS = [pytest.param(nd.cpu(), id="cpu", marks=pytest.mark.kernels)]
# Devices on which views are tried. They need no kernel, so not even a compiler.
VIEWS = [
    pytest.param(nd.cpu_numpy(), id="cpu_numpy"),
    pytest.param(nd.cpu(), id="cpu", marks=_where_built(nd.cpu())),
]

MODULE = "needle.backend_ndarray.ndarray_backend_cpu"
MOMENT = 2.0  # seconds: files that were written together are of the same age


def why_not_ready(folder: Path) -> str:
    """Say what has to be done before kernels can be tried; nothing if they can be."""
    spec = find_spec(MODULE)
    if spec is None or spec.origin is None:
        return f"the kernels are not built for this Python: run `make` in {folder}"
    built = Path(spec.origin).stat().st_mtime + MOMENT
    for path in sorted((folder / "src").glob("*")):
        if path.suffix in (".cc", ".h") and path.stat().st_mtime > built:
            name = path.relative_to(folder).as_posix()
            return f"{name} was changed after the kernels were built: run `make` again"
    return ""
