"""Train the residual network of ``apps/mlp_resnet.py`` with the epoch you wrote.

The epoch is the student's, as are network, loss, optimizer and loader. What is added
stands around the loader: a seed for each epoch, progress, the schedule.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from explore import checkpoint, ingredients
from explore.checkpoint import Checkpoint, Keeper, in_one_line
from explore.data import Digits
from explore.history import History, Matrix, Row, Tell, unheard
from explore.patience import DATA, NotYetError, patient, require
from explore.settings import Settings
from explore.table import show


@patient
def train_resnet(
    mlp_resnet: ModuleType, data: Digits | None, **changed: Any
) -> History:
    """Train an MLPResNet with your epoch, and show how it goes.

    ``changed`` are settings that are not as by default: epochs, batch, hidden, blocks,
    norm, drop, optimizer, lr, weight_decay, schedule, seed.
    """
    return show(ResNet(mlp_resnet, require(data, DATA), Settings.of(**changed)))


class ResNet:
    """A training: a network, all it takes to train it, and what came of it."""

    def __init__(
        self,
        app: ModuleType,
        data: Digits,
        chosen: Settings,
        keeper: Keeper | None = None,
    ) -> None:
        self.app, self.data, self.settings, self.keeper = app, data, chosen, keeper
        self.epochs = chosen.epochs
        self.loader = ingredients.loader(
            data.X_train, data.y_train, chosen.batch, shuffle=True
        )
        self.test = ingredients.loader(data.X_test, data.y_test, ingredients.AT_ONCE)
        self.model = ingredients.network(app, data, chosen)
        ingredients.move(chosen.device, self.model, self.loader, self.test)
        self.optimizer = ingredients.optimizer(self.model, chosen)
        self.schedule = ingredients.schedule(self.optimizer, chosen, len(self.loader))
        self.history = History(
            str(chosen),
            (),
            data.classes,
            forward=self.logits,
            settings=chosen.plain(),
        )

    def rows(self, tell: Tell = unheard) -> Iterator[Row]:
        """Train; after each epoch keep and yield its row, and write a checkpoint."""
        for number in range(len(self.history.rows) + 1, self.epochs + 1):
            try:
                row = self._row(number, tell)
            except KeyboardInterrupt:
                self._as_kept()
                raise
            self.history.rows.append(row)
            if self.keeper is not None and math.isfinite(row.train_loss):
                self.keeper.keep(self.checkpoint)
            yield row

    def logits(self, X: Matrix) -> Matrix:
        """Return the logits of rows, as the network is in evaluation."""
        import needle as ndl

        size = ingredients.AT_ONCE
        device = self.model.parameters()[0].device
        with ndl.no_grad():
            self.model.eval()
            parts = [
                self.model(ndl.Tensor(rows, device=device))
                for rows in np.split(X, range(size, len(X), size))
            ]
        return np.concatenate([part.numpy() for part in parts])

    def checkpoint(self) -> Checkpoint:
        """Return what it takes to go on from here."""
        return Checkpoint(
            self.model.state_dict(),
            self.optimizer.state_dict(),
            self.settings,
            self.history.rows,
            ingredients.digest(self.data),
        )

    def go_on(self, start: Checkpoint) -> None:
        """Take up a training where a checkpoint left it."""
        if start.data != ingredients.digest(self.data):
            raise NotYetError(
                "the checkpoint is of a training on other data: begin without --resume."
            )
        try:
            self.model.load_state_dict(start.model)
            self.optimizer.load_state_dict(start.optimizer)
        except (AttributeError, TypeError, ValueError) as problem:
            raise NotYetError(
                f"the checkpoint is of another network: {in_one_line(problem)}."
            ) from None
        self.history.rows.extend(start.rows)
        self.epochs = max(self.epochs, len(start.rows))
        for _ in range(len(start.rows) * len(self.loader)):
            self._step_schedule()

    def _as_kept(self) -> None:
        """Return to the network of the last row, which is what pictures will show."""
        if self.keeper is not None and self.keeper.own and self.keeper.works:
            self.model.load_state_dict(checkpoint.read(self.keeper.file).model)

    def _row(self, number: int, tell: Tell) -> Row:
        begun = time.perf_counter()
        train = self._train(number, tell)
        seconds = time.perf_counter() - begun
        return Row(number, *train, *self._epoch(self.test), seconds)

    def _train(self, number: int, tell: Tell) -> tuple[float, float]:
        """Train for one epoch; return its loss and error."""
        steps = 0

        def done() -> None:
            nonlocal steps
            steps += 1
            tell(number - 1 + steps / len(self.loader))
            self._step_schedule()

        seed = [self.settings.seed, number]
        return self._epoch(ingredients.Watched(self.loader, seed, done), self.optimizer)

    def _step_schedule(self) -> None:
        if self.schedule is not None:
            self.schedule.step()

    def _epoch(self, loader: Any, *optimizer: Any) -> tuple[float, float]:
        """Return loss and error of the student's epoch."""
        result = self.app.epoch(loader, self.model, *optimizer)
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise NotYetError("epoch should return two numbers: error rate, mean loss.")
        error, loss = map(float, result)
        return loss, error
