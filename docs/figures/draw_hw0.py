"""Draw every figure of the hw0 handout: ``python docs/figures/draw_hw0.py``."""

from __future__ import annotations

from pathlib import Path

import hw0_machine
import hw0_maths
from style import save

FIGURES = {
    "linear-model": hw0_maths.linear_model,
    "overflow": hw0_maths.overflow,
    "softmax-gradient": hw0_maths.softmax_gradient,
    "minibatches": hw0_maths.minibatches,
    "learning-rate": hw0_maths.learning_rate,
    "idx-bytes": hw0_machine.idx_bytes,
    "two-layer": hw0_machine.two_layer,
    "row-major": hw0_machine.row_major,
    "loop-order": hw0_machine.loop_order,
}
FOLDER = Path(__file__).resolve().parents[2] / "common" / "hw0" / "figures"


def main() -> None:
    """Write all figures into ``common/hw0/figures``."""
    for name, draw in FIGURES.items():
        save(draw(), FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
