"""The command line of ``apps/mlp_resnet.py``: train, stop, go on."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from types import ModuleType

from explore import checkpoint, program
from explore.checkpoint import Keeper
from explore.data import HOMEWORK, Digits
from explore.ingredients import read_mnist
from explore.patience import say
from explore.resnet import ResNet
from explore.settings import Settings, add_options, given_in

FILE = "checkpoint.safetensors"


def main(app: ModuleType) -> int:
    """Train as the command line says, and return the exit status."""
    chosen = _options().parse_args()
    trainings: list[ResNet] = []

    def prepare(data: Digits) -> ResNet:
        trainings.append(_prepared(app, data, chosen))
        return trainings[-1]

    def advice() -> str:
        return _advice(trainings[-1], chosen.out) if trainings else ""

    return program.run(chosen, read_mnist, {"resnet": prepare}, advice)


def _options() -> argparse.ArgumentParser:
    parser = program.options("Train a residual network with the epoch you wrote.")
    add_options(parser)
    parser.add_argument(
        "--resume",
        type=Path,
        nargs="?",
        const=Path(),
        default=argparse.SUPPRESS,
        metavar="FILE",
        help=f"go on from a checkpoint; without FILE from {FILE} in --out",
    )
    return parser


def _prepared(app: ModuleType, data: Digits, chosen: argparse.Namespace) -> ResNet:
    file, given = chosen.out / FILE, given_in(chosen)
    if "resume" not in chosen:
        return ResNet(app, data, Settings.of(**given), Keeper(file))
    source = file if chosen.resume == Path() else chosen.resume
    start = checkpoint.read(source)
    keeper = Keeper(file, own=source.resolve() == file.resolve())
    training = ResNet(app, data, start.settings.changed(given), keeper)
    training.go_on(start)
    done = len(start.rows)
    say(f"Going on after epoch {done} of {source}")
    if done >= training.epochs:
        say(f"All {training.epochs} epochs are done; --epochs would give it more.")
    return training


def _advice(training: ResNet, out: Path) -> str:
    """Return how a training that was stopped can go on."""
    keeper = training.keeper
    if keeper is None or not keeper.own:
        return "Nothing is kept yet: a checkpoint is written after each epoch."
    done = len(checkpoint.read(keeper.file).rows)
    where = [] if out == HOMEWORK / "results" else ["--out", str(out)]
    command = shlex.join(["python3", sys.argv[0], *where, "--resume"])
    return f"Go on after epoch {done} with\n  {command}"
