"""Draw every figure of the hw1 handout: ``python docs/figures/draw_hw1.py``."""

from __future__ import annotations

from pathlib import Path

import hw1_arrays
import hw1_graphs
from style import save

FIGURES = {
    "chain": hw1_arrays.chain,
    "axes": hw1_arrays.axes,
    "broadcast": hw1_arrays.broadcast,
    "step-size": hw1_arrays.step_size,
    "one-op": hw1_graphs.one_op,
    "diamond": hw1_graphs.diamond,
    "post-order": hw1_graphs.post_order,
    "two-sweeps": hw1_graphs.two_sweeps,
}
FOLDER = Path(__file__).resolve().parents[2] / "common" / "hw1" / "figures"


def main() -> None:
    """Write all figures into ``common/hw1/figures``."""
    for name, draw in FIGURES.items():
        save(draw(), FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
