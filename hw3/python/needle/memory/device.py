"""What a device of our own arrays says of its memory and its kernels."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple


class DeviceStats(NamedTuple):
    """Memory of a device, in bytes, and how often it ran each of its kernels.

    It counts all arrays, those that no tensor has included, from the first on.
    """

    live: int
    """Bytes of the arrays that there are now."""
    peak: int
    """The most bytes that there were at once, since `reset_peak`."""
    kept: int
    """Bytes of arrays that are gone, kept for the next ones."""
    launches: Counter[str]
    """How often each kernel ran, by its name."""

    def __str__(self) -> str:
        # Only now: needle is imported without what writes tables.
        from .table import size_text

        sizes = (f"{size_text(size)} {name}" for name, size in self._sizes())
        often = (f"{name} {count:,}" for name, count in self.launches.most_common())
        return f"{', '.join(sizes)}; {', '.join(often) or 'no kernel ran'}"

    def _sizes(self) -> list[tuple[str, int]]:
        return [("live", self.live), ("at the peak", self.peak), ("kept", self.kept)]


def device_stats(device: Any) -> DeviceStats:
    """Return what a device counts; two of them differ by what ran in between.

    Raises:
        TypeError: if this device counts nothing, as those of NumPy do.
        RuntimeError: if it is not built.
    """
    kernels = _counting(device)
    memory = kernels.memory_stats()
    launches = {name: count for name, count in kernels.launches().items() if count}
    return DeviceStats(
        memory["live"], memory["peak"], memory["kept"], Counter(launches)
    )


def reset_peak(device: Any) -> None:
    """Let the peak of a device be what is live now."""
    _counting(device).reset_peak()


def free_unused(device: Any) -> None:
    """Give the memory back to the system that a device keeps for new arrays."""
    _counting(device).free_unused()


def _counting(device: Any) -> Any:
    """Return a device whose kernels count."""
    if not device.enabled():
        device.Array(0)  # says what to do
    if not hasattr(getattr(device, "mod", None), "memory_stats"):
        raise TypeError(f"{device} does not count its memory; needle.cpu() does")
    return device
