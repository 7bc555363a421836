"""Keep a training in a file, so that it can go on as if it had never stopped.

A checkpoint is written between two epochs. Each epoch begins with a seed of its own, so
a generator has no state to be kept then, nor has a loader: what is kept are model and
optimizer, and what was measured so far.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from explore.history import Row
from explore.patience import NotYetError
from explore.settings import Settings

KEY = "mlp_resnet"  # of the metadata that make a file of tensors a checkpoint
MODEL, OPTIMIZER = "model.", "optimizer."


@dataclass(frozen=True)
class Checkpoint:
    """A training after an epoch: tensors by name, and the story so far.

    ``data`` is a digest of what it was trained on.
    """

    model: Mapping[str, Any]
    optimizer: Mapping[str, Any]
    settings: Settings
    rows: Sequence[Row]
    data: str


def write(file: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint; the file is either whole or the one before."""
    import needle as ndl

    tensors = {MODEL + name: value for name, value in checkpoint.model.items()}
    numbers = {}
    for name, value in checkpoint.optimizer.items():
        if hasattr(value, "shape"):
            tensors[OPTIMIZER + name] = value
        else:
            numbers[name] = value
    story = {
        "settings": checkpoint.settings.plain(),
        "rows": [asdict(row) for row in checkpoint.rows],
        "data": checkpoint.data,
        "optimizer": numbers,
    }
    ndl.save(file, tensors, metadata={KEY: json.dumps(story)})


def read(file: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        NotYetError: if there is none, or it is damaged or something else.
    """
    import needle as ndl

    if not file.is_file():
        raise NotYetError(f"there is no checkpoint {file}: begin without --resume.")
    try:
        metadata, tensors = ndl.load_metadata(file), ndl.load(file)
    except (OSError, ValueError) as problem:
        raise NotYetError(f"{_line(problem)}: begin without --resume.") from None
    try:
        story = json.loads(metadata[KEY])
        return Checkpoint(
            _below(MODEL, tensors),
            {**_below(OPTIMIZER, tensors), **story["optimizer"]},
            Settings.of(**story["settings"]),
            [Row(**row) for row in story["rows"]],
            story["data"],
        )
    except (KeyError, TypeError, ValueError):
        raise NotYetError(f"{file} is no checkpoint of this program.") from None


def _below(prefix: str, tensors: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }


def _line(problem: Exception) -> str:
    """Return what went wrong in one line."""
    return " ".join(str(problem).split()).rstrip(".")
