"""The devices on which the tests of arrays run, as parameters of pytest."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
# Those that also multiply matrices that lie in tiles.
IN_TILES = KERNELS[:1]
# Devices on which views are tried. They need no kernel, so not even a compiler.
VIEWS = [
    pytest.param(nd.cpu_numpy(), id="cpu_numpy"),
    pytest.param(nd.cpu(), id="cpu", marks=_where_built(nd.cpu())),
]

MODULE = "needle.backend_ndarray.ndarray_backend_cpu"
SOURCES = (".cc", ".cu", ".h")
MOMENT = 2.0  # seconds: files that were written together are of the same age


def why_not_ready(folder: Path) -> str:
    """Say what has to be done before kernels can be tried; nothing if they can be."""
    spec = find_spec(MODULE)
    if spec is None or spec.origin is None:
        return f"the kernels are not built for this Python: run `make` in {folder}"
    others = {Path(spec.origin): ("cuda",)}
    if nd.cuda().enabled():
        module = Path(nd.cuda().mod.__file__)
        others[module] = ("cpu",) if nd.cuda().emulated else ("cpu", "findings")
    said = (_outdated(folder, *each) for each in others.items())
    return next(filter(None, said), "")


def why_none_runs(names: Iterable[str]) -> str:
    """Say why all of these tests would be skipped; nothing if some are not."""
    if nd.cuda().enabled() or not all(re.search(r"[[-]cuda[]-]", n) for n in names):
        return ""
    return f"{nd.cuda()} cannot be used: {nd.cuda().why_not}"


def _outdated(folder: Path, module: Path, others: tuple[str, ...]) -> str:
    """Say that a file was changed after a module was built, if one was.

    Files that are named for other modules are none of this one's: `make` would leave it
    as it is.
    """
    built = module.stat().st_mtime + MOMENT
    for path in sorted((folder / "src").glob("*")):
        if path.suffix not in SOURCES or any(word in path.name for word in others):
            continue
        if path.stat().st_mtime > built:
            name = path.relative_to(folder).as_posix()
            return f"{name} was changed after the kernels were built: run `make` again"
    return ""
