"""The devices on which the tests of arrays run, as parameters of pytest."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from needle import backend_ndarray as nd


def _where_built(device: Any) -> pytest.MarkDecorator:
    why = f"{device} cannot be used: {device.why_not}"
    return pytest.mark.skipif(not device.enabled(), reason=why)


# Devices whose kernels you write. Their tests need them built; those in CUDA, a card or
# the emulator as well.
KERNELS = [
    pytest.param(nd.cpu(), id="cpu", marks=pytest.mark.kernels),
    pytest.param(
        nd.cuda(), id="cuda", marks=[pytest.mark.kernels, _where_built(nd.cuda())]
    ),
]
# Devices on which views are tried. They need no kernel, so not even a compiler.
VIEWS = [
    pytest.param(nd.cpu_numpy(), id="cpu_numpy"),
    pytest.param(nd.cpu(), id="cpu", marks=_where_built(nd.cpu())),
]

MODULE = "needle.backend_ndarray.ndarray_backend_{}"
# What each module is built of, by the ends of names in src/.
SOURCES = {
    "cpu": (".cc", ".h"),
    "cuda": (".cu", ".cc", ".h"),
    "cuda_emulated": (".cu", ".cc", ".h"),
}
MOMENT = 2.0  # seconds: files that were written together are of the same age


def why_not_ready(folder: Path) -> str:
    """Say what has to be done before kernels can be tried; nothing if they can be."""
    if find_spec(MODULE.format("cpu")) is None:
        return f"the kernels are not built for this Python: run `make` in {folder}"
    return next(filter(None, (_outdated(folder, name) for name in SOURCES)), "")


def _outdated(folder: Path, name: str) -> str:
    """Say that a file was changed after a module was built, if one was."""
    spec = find_spec(MODULE.format(name))
    if spec is None or spec.origin is None:
        return ""
    built = Path(spec.origin).stat().st_mtime + MOMENT
    for path in sorted((folder / "src").glob("*")):
        if path.suffix in SOURCES[name] and path.stat().st_mtime > built:
            changed = path.relative_to(folder).as_posix()
            return f"{changed} was changed after the kernels were built: run `make` again"
    return ""
