"""Count what the student's CUDA kernels ask of the memory, on the emulator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from explore.apart import call
from explore.emulator import find_emulator, machine_objects
from explore.patience import patient, say

if TYPE_CHECKING:
    from cuda_emulator.counts import Traffic

SIDE = 64  # of the matrices
FLOAT = 4  # bytes


class Work(NamedTuple):
    """Something that kernels do, and how many bytes have to move for it at least."""

    name: str
    bytes: int


SQUARE = FLOAT * SIDE**2
WORKS = (
    Work("ewise_mul", 3 * SQUARE),
    Work("compact", 2 * SQUARE),
    Work("compact, transposed", 2 * SQUARE),
    Work("reduce_sum, last axis", SQUARE + FLOAT * SIDE),
    Work("reduce_sum, first axis", SQUARE + FLOAT * SIDE),
    Work("matmul", 3 * SQUARE),
)
HEAD = (
    f"{'':22s}  {'launches':>8s}  {'threads':>7s}  {'bytes moved':>11s}"
    f"  {'the least':>9s}  {'asked for':>9s}  {'shared':>8s}  {'passes':>6s}"
)


@patient
def count_kernels() -> None:
    """Print what each kernel moves on arrays of 64 by 64, and how well it asks."""
    machine_objects()
    found = call(_source(), "there", NEEDLE_CUDA="emulator")
    lines = {
        work.name: _line(work, module, text) if text else ""
        for work, (module, text) in zip(WORKS, found, strict=True)
    }
    written = list(filter(None, lines.values()))
    if written:
        say("\n".join([HEAD, *written]))
    waiting = [name for name, line in lines.items() if not line]
    if waiting:
        say(f"Not yet: {'; '.join(waiting)}. Come back to this cell afterwards.")


def _line(work: Work, module: str, text: str) -> str:
    find_emulator()
    from cuda_emulator.counts import SECTOR, counts

    kernels = counts(text, Path(module))
    places = [place for kernel in kernels for place in kernel.places]
    memory = [place.traffic for place in places if not place.shared]
    shared = [place.traffic for place in places if place.shared]
    moved = SECTOR * _sum(memory, "sectors")
    best = _sum(shared, "passes_at_best")
    passes = f"{_sum(shared, 'passes') / best:6.2f}" if best else f"{'-':>6s}"
    return (
        f"{work.name:22s}  {sum(each.launches for each in kernels):8d}"
        f"  {sum(each.threads for each in kernels):7d}  {moved:11d}  {work.bytes:9d}"
        f"  {_sum(memory, 'bytes') / moved if moved else 1:9.0%}"
        f"  {_sum(shared, 'accesses'):8d}  {passes}"
    )


def _sum(traffics: list[Traffic], field: str) -> int:
    return sum(int(getattr(each, field)) for each in traffics)


def _source() -> str:
    """Return the code that runs the kernels in a process of its own."""
    return f"""
def there():
    device, side = nd.cuda(), {SIDE}
    a = nd.array(np.arange(side**2).reshape(side, side), device=device)
    square, row = nd.empty(a.shape, device=device), nd.empty((side,), device=device)
    x, out, sums = a._handle, square._handle, row._handle
    device.configure("forward", 0, True)
    return [counted(device, run) for run in (
        lambda: device.ewise_mul(x, x, out),
        lambda: device.compact(x, out, a.shape, (side, 1), 0),
        lambda: device.compact(x, out, a.shape, (1, side), 0),
        lambda: device.reduce_sum(x, sums, side, 1),
        lambda: device.reduce_sum(x, sums, side, side),
        lambda: device.matmul(x, x, out, side, side, side),
    )]


def counted(device, run):
    device.counts()
    try:
        run()
    except NotImplementedError:
        return "", ""
    return device.mod.__file__, device.counts()
"""
