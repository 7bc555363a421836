"""What `explore.launch` does in a process of its own: launch, report, count, draw."""

from __future__ import annotations

import ctypes
import os
from dataclasses import replace
from pathlib import Path

from explore.emulator import find_emulator

Given = dict[str, tuple[int, bytes]]
FLOAT = 4  # bytes
MOST = 3  # findings that are told


def run(
    module: str, order: str, given: Given
) -> tuple[dict[str, bytes], str, str, dict[str, tuple[str, str]]]:
    """Return the arrays afterwards, the report, a table, and pictures by name."""
    path = Path(module)
    os.chdir(path.parent)  # where a report names the file as it is called here
    loaded = ctypes.CDLL(module)
    for each in ("findings", "counts"):
        getattr(loaded, f"cuda_emulator_{each}").restype = ctypes.c_char_p
    loaded.cuda_emulator_configure(order.encode(), ctypes.c_uint64(0), 1)
    values = _launch(loaded, given)
    find_emulator()
    from cuda_emulator.counts import counts, table
    from cuda_emulator.findings import findings
    from cuda_emulator.pictures import picture
    from cuda_emulator.report import report

    found = findings(loaded.cuda_emulator_findings().decode(), path)
    kernels = counts(loaded.cuda_emulator_counts().decode(), path)
    names = {f"allocation {i}": name for i, name in enumerate(given, start=1)}
    pictures: dict[str, tuple[str, str]] = {}
    for place in (place for kernel in kernels for place in kernel.places):
        array = names.get(place.sample.array, place.sample.array)
        name = f"{place.act} of {array or 'dynamic shared memory'}"
        named = replace(place, sample=replace(place.sample, array=array))
        pictures.setdefault(name, (name, picture(named)))
    return values, report(found, most=MOST), table(kernels), pictures


def _launch(loaded: ctypes.CDLL, given: Given) -> dict[str, bytes]:
    """Call the host's function, and return what the arrays hold then."""
    buffers = [
        ctypes.create_string_buffer(numbers or bytes(FLOAT * count), FLOAT * count)
        for count, numbers in given.values()
    ]
    loaded.Host(
        (ctypes.c_void_p * len(given))(*map(ctypes.addressof, buffers)),
        (ctypes.c_ulong * len(given))(*(FLOAT * count for count, _ in given.values())),
        (ctypes.c_bool * len(given))(*(bool(numbers) for _, numbers in given.values())),
    )
    return {name: each.raw for name, each in zip(given, buffers, strict=True)}
