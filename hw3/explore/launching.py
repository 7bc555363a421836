"""Launch a kernel of the notebook on the emulator, and show what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explore.apart import call
from explore.emulator import library
from explore.patience import NotYetError, patient, say

NOTHING = "The emulator has found nothing."
ORDERS = ("forward", "reversed", "shuffled")


@dataclass(frozen=True)
class Request:
    """A picture of what the threads of a warp ask of the memory at once."""

    title: str
    svg: str

    def _repr_svg_(self) -> str:
        """Show the picture in the notebook."""
        return self.svg

    def __repr__(self) -> str:
        return self.title


@dataclass(frozen=True)
class Launched:
    """What came of a launch: the arrays, a report, and what was counted."""

    arrays: dict[str, np.ndarray]
    report: str
    table: str
    pictures: dict[str, Request]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    def __repr__(self) -> str:
        return self.report or NOTHING

    def picture(self, access: str) -> Request:
        """Return a picture of an access, such as ``"load of a"``."""
        if access not in self.pictures:
            known = ", ".join(map(repr, self.pictures)) or "none"
            raise KeyError(f"there is no {access!r}; the accesses are: {known}")
        return self.pictures[access]


@patient
def launch(
    code: str,
    launched: str,
    *,
    order: str = "forward",
    quiet: bool = False,
    **arrays: Any,
) -> Launched:
    """Launch a kernel on the emulator, print what it found, and return what came of it.

    Args:
        code: the kernels, as in a .cu file.
        launched: the launch, such as ``"Twice<<<2, 32>>>(a, out, 50)"``.
        order: in which threads and blocks run; forward, reversed or shuffled.
        quiet: say nothing where nothing was found.
        arrays: what the names in the launch stand for: the numbers of an array, or how
            many floats there are that nobody has written yet.
    """
    if order not in ORDERS:
        raise NotYetError(f"the order is one of {', '.join(ORDERS)}, not {order!r}.")
    module = library(f"{code.strip()}\n\n{_host(launched, list(arrays))}")
    given = {name: _given(value) for name, value in arrays.items()}
    source = (
        "def there():\n"
        "    from explore.launched import run\n"
        f"    return run({str(module)!r}, {order!r}, {given!r})\n"
    )
    values, report, table, pictures = call(source, "there")
    if report or not quiet:
        say(report.rstrip() or NOTHING)
    return Launched(
        {name: np.frombuffer(value, np.float32) for name, value in values.items()},
        report,
        table,
        {name: Request(*each) for name, each in pictures.items()},
    )


def _given(value: Any) -> tuple[int, bytes]:
    """Return how many floats, and which; no bytes if nobody has written them."""
    if isinstance(value, int):
        return value, b""
    numbers = np.ascontiguousarray(value, np.float32)
    return numbers.size, numbers.tobytes()


def _host(launched: str, names: list[str]) -> str:
    """Return what runs on the host: memory, copies there and back, the launch."""
    lines = ['extern "C" int Host(float **numbers, const unsigned long *bytes,',
             "                    const bool *given) {"]  # fmt: skip
    for i, name in enumerate(names):
        there = f"cudaMemcpy({name}, numbers[{i}], bytes[{i}], cudaMemcpyHostToDevice);"
        lines += [
            f"  float *{name};",
            f"  cudaMalloc(&{name}, bytes[{i}]);",
            f"  if (given[{i}]) {there}",
        ]
    lines += [f"  {launched};", "  const int error = cudaGetLastError();"]
    for i, name in enumerate(names):
        back = f"cudaMemcpy(numbers[{i}], {name}, bytes[{i}], cudaMemcpyDeviceToHost);"
        lines += [f"  if (!error) {back}", f"  cudaFree({name});"]
    return "\n".join([*lines, "  return error;", "}", ""])
