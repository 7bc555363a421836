"""Fill in the notebook's first cell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files

TEMPLATE = "setup_cell.txt"
ALWAYS = ("coursekit", "matplotlib", "numpy", "pytest")


def setup_cell(
    *,
    homework: str,
    version: str,
    bundle_url: str,
    build: Sequence[str],
    needs: Sequence[str] = (),
) -> str:
    """Return the source of the cell that prepares the folder a notebook works in.

    It stands alone, because nothing of ours is installed yet where it runs. Packages in
    ``needs`` are looked for besides those that every homework has.
    """
    text = (files("coursekit.notebook") / TEMPLATE).read_text(encoding="utf-8")
    values = {
        "<homework>": homework,
        "<version>": version,
        '"<bundle_url>"': json.dumps(bundle_url),
        '"<build>"': json.dumps(" ".join(build)),
        '["<needs>"]': json.dumps(sorted({*ALWAYS, *needs})),
    }
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text.rstrip("\n")
