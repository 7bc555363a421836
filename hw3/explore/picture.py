"""A picture that shows itself in Jupyter and can be saved anywhere else."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

from explore.patience import NotYetError

DPI = 110
COLOURS = ("#1f6fb4", "#d1602a", "#2f8f4e", "#8a56ac", "#b03a48", "#6b6b6b")


class Picture:
    """Wrap a figure; made without pyplot, so that no global state is left behind."""

    def __init__(self, width: float, height: float) -> None:
        require_matplotlib()
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(width, height), layout="constrained")
        self.figure.set_facecolor("white")

    def _repr_png_(self) -> bytes:
        """Draw the picture for the notebook."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format="png", dpi=DPI)
        return buffer.getvalue()

    def save(self, path: str | Path) -> None:
        """Write the picture to a file; the ending decides the format."""
        self.figure.savefig(path, dpi=DPI)


def require_matplotlib() -> None:
    """Wait until the library that draws is there; all but the pictures works without.

    It is imported with the first picture only, because that takes half a second.
    """
    if importlib.util.find_spec("matplotlib") is None:
        raise NotYetError(
            "pictures need matplotlib: python3 -m pip install -r requirements.txt"
        )
