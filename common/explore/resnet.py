"""Train the residual network of ``apps/mlp_resnet.py`` with the epoch you wrote.

The epoch is the student's, as are network, loss, optimizer and loader. What is added
stands around the loader: a seed for each epoch, progress, the schedule.
"""

from __future__ import annotations

import argparse
import math
import shlex
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from explore import checkpoint, program
from explore.checkpoint import Checkpoint
from explore.data import HOMEWORK, Digits
from explore.history import History, Matrix, Row, Tell, unheard
from explore.patience import DATA, NotYetError, patient, require, say
from explore.settings import MOMENTUM, Settings, add_options, given_in
from explore.table import show

FILE = "checkpoint.safetensors"
EARLIER = "checkpoint-before.safetensors"


@patient
def train_resnet(
    mlp_resnet: ModuleType, data: Digits | None, **changed: Any
) -> History:
    """Train an MLPResNet with your epoch, and show how it goes.

    ``changed`` are settings that are not as by default: epochs, batch, hidden, blocks,
    norm, drop, optimizer, lr, weight_decay, schedule, seed.
    """
    return show(ResNet(mlp_resnet, require(data, DATA), Settings.of(**changed)))


def read_mnist(image_filename: str, label_filename: str) -> tuple[Matrix, Matrix]:
    """Read images as rows, and labels, with your data set and your loader."""
    import needle as ndl

    examples = ndl.data.MNISTDataset(image_filename, label_filename)
    batches = [
        (images.numpy(), labels.numpy())
        for images, labels in ndl.data.DataLoader(examples, 1000)
    ]
    images, labels = (np.concatenate(part) for part in zip(*batches, strict=True))
    return images.reshape(len(images), -1), labels


class Watched:
    """A loader, each pass of which begins with a seed and tells when a step is done."""

    def __init__(self, loader: Any, seed: Any, done: Callable[[], None]) -> None:
        self.loader = loader
        self.seed = seed
        self.done = done

    def __iter__(self) -> Iterator[Any]:
        """Seed what shuffles and drops; yield the batches."""
        np.random.seed(self.seed)
        for batch in self.loader:
            yield batch
            self.done()  # the next batch is asked for after the step

    def __len__(self) -> int:
        return len(self.loader)

    def __getattr__(self, name: str) -> Any:
        """Return what the loader itself has under this name."""
        return getattr(self.loader, name)


class ResNet:
    """A network and all it takes to train it; a checkpoint after each epoch."""

    def __init__(
        self,
        app: ModuleType,
        data: Digits,
        chosen: Settings,
        file: Path | None = None,
    ) -> None:
        np.random.seed([chosen.seed, 0])
        self.app, self.data, self.settings = app, data, chosen
        self.epochs = chosen.epochs
        self.loader = _loader(data.X_train, data.y_train, chosen.batch, shuffle=True)
        self.test = _loader(data.X_test, data.y_test, 1000)
        self.model = _model(app, data, chosen)
        self.optimizer = _optimizer(self.model, chosen)
        self.schedule = _schedule(self.optimizer, chosen, len(self.loader))
        self.history = History(
            _name(chosen),
            (),
            data.classes,
            forward=self.logits,
            settings=chosen.plain(),
        )
        self.file = file if file and self._can_be_kept() else None

    def rows(self, tell: Tell = unheard) -> Iterator[Row]:
        """Train; after each epoch keep and yield its row, and write a checkpoint."""
        for number in range(len(self.history.rows) + 1, self.epochs + 1):
            begun = time.perf_counter()
            train = self._train(number, tell)
            seconds = time.perf_counter() - begun
            test = self._epoch(self.test)
            self.history.rows.append(Row(number, *train, *test, seconds))
            self._look_at_weights()
            self._keep()
            yield self.history.rows[-1]

    def logits(self, X: Matrix) -> Matrix:
        """Return the logits of rows, as the network is in evaluation."""
        import needle as ndl

        self.model.eval()
        with ndl.no_grad():
            parts = [
                self.model(ndl.Tensor(X[start : start + 1000], requires_grad=False))
                for start in range(0, len(X), 1000)
            ]
        return np.concatenate([part.numpy() for part in parts])

    def go_on(self, start: Checkpoint) -> None:
        """Take up a training where its checkpoint left it."""
        if start.data != _digest(self.data):
            raise NotYetError(
                "the checkpoint is of a training on other data: begin without --resume."
            )
        try:
            self.model.load_state_dict(start.model)
            self.optimizer.load_state_dict(start.optimizer)
        except ValueError as problem:
            words = " ".join(str(problem).split())
            raise NotYetError(
                f"the checkpoint is of another network: {words}."
            ) from None
        self.history.rows.extend(start.rows)
        if self.schedule is not None:
            for _ in range(len(start.rows) * len(self.loader)):
                self.schedule.step()
        self._look_at_weights()

    def _train(self, number: int, tell: Tell) -> tuple[float, float]:
        """Train for one epoch; return its loss and error."""
        steps = 0

        def done() -> None:
            nonlocal steps
            steps += 1
            tell(number - 1 + steps / len(self.loader))
            if self.schedule is not None:
                self.schedule.step()

        seed = [self.settings.seed, number]
        return self._epoch(Watched(self.loader, seed, done), self.optimizer)

    def _epoch(self, loader: Any, *optimizer: Any) -> tuple[float, float]:
        """Return loss and error of the student's epoch."""
        result = self.app.epoch(loader, self.model, *optimizer)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise NotYetError("epoch should return two numbers: error rate, mean loss.")
        error, loss = map(float, result)
        return loss, error

    def _look_at_weights(self) -> None:
        arrays = (each.numpy() for each in self.model.parameters())
        self.history.weights = tuple(array for array in arrays if array.ndim == 2)

    def _can_be_kept(self) -> bool:
        """Return whether there is all that a checkpoint takes; say what is missing."""
        import needle as ndl

        for owner, what in (
            (ndl, "save"),
            (self.model, "state_dict"),
            (self.optimizer, "state_dict"),
        ):
            if not hasattr(owner, what):
                name = getattr(owner, "__name__", type(owner).__name__)
                say(f"No checkpoints: your {name} has no {what}.")
                return False
        return True

    def _keep(self) -> None:
        """Write a checkpoint, but of a training that went astray."""
        rows = self.history.rows
        if self.file is None or not math.isfinite(rows[-1].train_loss):
            return
        if len(rows) == 1 and self.file.exists():
            self.file.replace(self.file.with_name(EARLIER))
        checkpoint.write(
            self.file,
            Checkpoint(
                self.model.state_dict(),
                self.optimizer.state_dict(),
                self.settings,
                rows,
                _digest(self.data),
            ),
        )


def _loader(X: Matrix, y: Matrix, batch: int, shuffle: bool = False) -> Any:
    import needle as ndl

    images = X.reshape(-1, 28, 28, 1)  # as MNISTDataset has them
    examples = ndl.data.NDArrayDataset(images, y)
    return ndl.data.DataLoader(examples, batch, shuffle=shuffle)


def _model(app: ModuleType, data: Digits, chosen: Settings) -> Any:
    from needle import nn

    return app.MLPResNet(
        data.X_train.shape[1],
        hidden_dim=chosen.hidden,
        num_blocks=chosen.blocks,
        num_classes=len(data.classes),
        norm={"batch": nn.BatchNorm1d, "layer": nn.LayerNorm1d}[chosen.norm],
        drop_prob=chosen.drop,
    )


def _optimizer(model: Any, chosen: Settings) -> Any:
    from needle import optim

    extra = {"momentum": MOMENTUM} if chosen.optimizer == "sgd" else {}
    kind = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}[chosen.optimizer]
    return getattr(optim, kind)(
        model.parameters(), lr=chosen.lr, weight_decay=chosen.weight_decay, **extra
    )


def _schedule(optimizer: Any, chosen: Settings, steps: int) -> Any:
    """Return what changes the length of a step, if anything does."""
    if chosen.schedule == "none":
        return None
    from needle import optim

    total = chosen.epochs * steps
    return optim.CosineSchedule(optimizer, total, warmup=total // 20)


def _name(chosen: Settings) -> str:
    return (
        f"MLPResNet, {chosen.blocks} blocks, {chosen.hidden} features, "
        f"{chosen.optimizer}, lr {chosen.lr:g}"
    )


def _digest(data: Digits) -> str:
    """Return what tells data sets apart: their sizes and labels."""
    crc = zlib.crc32(data.y_test.tobytes(), zlib.crc32(data.y_train.tobytes()))
    return f"{len(data.y_train)}+{len(data.y_test)}:{crc:08x}"


def main(app: ModuleType) -> int:
    """Train as the command line says, and return the exit status."""
    parser = program.options("Train a residual network with the epoch you wrote.")
    add_options(parser)
    parser.add_argument(
        "--resume",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="FILE",
        help="go on from a checkpoint, by default that in the folder of the results",
    )
    chosen = parser.parse_args()
    trainings: list[ResNet] = []

    def prepare(data: Digits) -> ResNet:
        trainings.append(_prepared(app, data, chosen))
        return trainings[-1]

    def advice() -> str:
        return _advice(trainings[-1]) if trainings else ""

    return program.run(chosen, read_mnist, {"resnet": prepare}, advice)


def _prepared(app: ModuleType, data: Digits, chosen: argparse.Namespace) -> ResNet:
    file, given = chosen.out / FILE, given_in(chosen)
    if chosen.resume is None:
        return ResNet(app, data, Settings.of(**given), file)
    source = file if chosen.resume == Path() else chosen.resume
    start = checkpoint.read(source)
    training = ResNet(app, data, start.settings.changed(given), file)
    training.go_on(start)
    done = len(start.rows)
    say(f"Going on after epoch {done} of {source}")
    if done >= training.epochs:
        say(f"Nothing is left to train: --epochs {2 * done} would go on.")
    return training


def _advice(training: ResNet) -> str:
    """Return how a training that was stopped can go on."""
    if not training.history.rows or training.file is None:
        return "No epoch was over: nothing is kept."
    out = training.file.parent
    where = [] if out == HOMEWORK / "results" else ["--out", str(out)]
    command = shlex.join(["python3", sys.argv[0], *where, "--resume"])
    return f"Go on after epoch {len(training.history.rows)} with\n  {command}"
