"""Keep a training in a file, so that it can go on as if it had never stopped.

A checkpoint is written between two epochs. Each epoch begins with a seed of its own, so
that neither a generator nor a loader has a state then. What there is to keep are model
and optimizer, and what was measured so far.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from explore.history import Row
from explore.patience import NotYetError, say
from explore.settings import Settings

KEY = "mlp_resnet"  # of the metadata that make a file of tensors a checkpoint
MODEL, OPTIMIZER = "model.", "optimizer."
EARLIER = "checkpoint-before.safetensors"


@dataclass(frozen=True)
class Checkpoint:
    """A training after an epoch: tensors by name, and the story so far.

    ``data`` tells what it was trained on from other data.
    """

    model: Mapping[str, Any]
    optimizer: Mapping[str, Any]
    settings: Settings
    rows: Sequence[Row]
    data: str


class Keeper:
    """Writes the checkpoints of one training.

    Args:
        file: where to; what stands there is whole at any time.
        own: whether a file that is there already is of this training. One of another
            training gets another name before it is replaced.
    """

    def __init__(self, file: Path, own: bool = False) -> None:
        self.file = file
        self.own = own
        self.works = True

    def keep(self, make: Callable[[], Checkpoint]) -> None:
        """Write a checkpoint; if that fails, say why and let the training go on."""
        if not self.works:
            return
        try:
            checkpoint = make()
            if not self.own and self.file.exists():
                self.file.replace(self.file.with_name(EARLIER))
                say(f"{self.file.name} of an earlier training is {EARLIER} now")
            write(self.file, checkpoint)
            self.own = True
        except (AttributeError, ImportError, OSError, TypeError, ValueError) as problem:
            self.works = False
            say(f"No checkpoints: {in_one_line(problem)}")


def write(file: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint; the file is either whole or the one before."""
    import needle as ndl

    tensors = {
        **{MODEL + name: value for name, value in checkpoint.model.items()},
        **{OPTIMIZER + name: value for name, value in checkpoint.optimizer.items()},
    }
    story = {
        "settings": checkpoint.settings.plain(),
        "rows": [asdict(row) for row in checkpoint.rows],
        "data": checkpoint.data,
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
    except (AttributeError, ImportError, OSError, TypeError, ValueError) as problem:
        raise NotYetError(f"{in_one_line(problem)}.") from None
    try:
        story = json.loads(metadata[KEY])
        return Checkpoint(
            _below(MODEL, tensors),
            _below(OPTIMIZER, tensors),
            Settings.kept(story["settings"]),
            _rows(story["rows"]),
            story["data"],
        )
    except (KeyError, NotYetError, RecursionError, TypeError, ValueError):
        raise NotYetError(f"{file} is no checkpoint of this program.") from None


def _rows(plain: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return rows that were kept as data: numbers, of one epoch after the other."""
    rows = [Row(**row) for row in plain]
    if [row.epoch for row in rows] != list(range(1, len(rows) + 1)):
        raise ValueError("rows of other epochs")
    if not all(isinstance(x, (int, float)) for row in rows for x in astuple(row)):
        raise ValueError("rows of something else than numbers")
    return rows


def in_one_line(problem: Exception) -> str:
    """Return what went wrong in one line, without its full stop."""
    return " ".join(str(problem).split()).rstrip(".")


def _below(prefix: str, tensors: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }
