"""Draw every figure of the hw2 handout: ``python docs/figures/draw_hw2.py``."""

from __future__ import annotations

from pathlib import Path

import hw2_curves
import hw2_data
import hw2_layers
from style import save

FIGURES = {
    "spread": hw2_curves.spread,
    "logsumexp": hw2_curves.logsumexp,
    "valley": hw2_curves.valley,
    "bias-correction": hw2_curves.bias_correction,
    "module-tree": hw2_layers.module_tree,
    "norms": hw2_layers.norms,
    "dropout": hw2_layers.dropout,
    "residual": hw2_layers.residual,
    "resnet": hw2_layers.resnet,
    "loader": hw2_data.loader,
    "crop": hw2_data.crop,
    "leak": hw2_data.leak,
}
FOLDER = Path(__file__).resolve().parents[2] / "common" / "hw2" / "figures"


def main() -> None:
    """Write all figures into ``common/hw2/figures``."""
    for name, draw in FIGURES.items():
        save(draw(), FOLDER / f"{name}.svg")


if __name__ == "__main__":
    main()
