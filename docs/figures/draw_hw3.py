"""Draw every figure of the hw3 handout: ``python docs/figures/draw_hw3.py``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import hw3_arrays
import hw3_device
import hw3_machine
from matplotlib.figure import Figure
from style import save

FIGURES: dict[str, Callable[[], Figure | str]] = {
    "handle": hw3_arrays.handle,
    "layers": hw3_arrays.layers,
    "odometer": hw3_arrays.odometer,
    "reduction": hw3_arrays.reduction,
    "sums": hw3_machine.sums,
    "hierarchy": hw3_machine.hierarchy,
    "tiles": hw3_machine.tiles,
    "grid": hw3_device.grid,
    "card": hw3_device.card,
    "neighbours": hw3_device.neighbours,
    "apart": hw3_device.apart,
    "barrier": hw3_device.barrier,
    "banks": hw3_device.banks,
    "shuffle": hw3_device.shuffle,
    "product": hw3_device.product,
}
FOLDER = Path(__file__).resolve().parents[2] / "common" / "hw3" / "figures"


def main() -> None:
    """Write all figures into ``common/hw3/figures``."""
    for name, draw in FIGURES.items():
        save(draw(), FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
