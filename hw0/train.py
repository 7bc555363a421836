"""Train what you wrote on real images, and draw how it went.

    python3 train.py                     softmax regression, then the two-layer network
    python3 train.py --epochs 3          shorter
    python3 train.py --out results       where the pictures go

It needs questions 2 to 5; where question 6 is done and built, softmax regression trains
with your C++ epoch. The data are the four MNIST files in data/ or in the course's cache
(`course data get mnist`), else the small set that comes with the course. Expect a test
error of about 8% and 2.3% on MNIST, of about 25% and 18% on fashion-small.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

# Matrices this small gain little from threads, and lose much on a busy machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import simple_ml  # noqa: E402
from explore.curves import plot_curves  # noqa: E402
from explore.data import FILES, Digits, locate  # noqa: E402
from explore.images import show_mistakes, show_weights  # noqa: E402
from explore.patience import NotYetError  # noqa: E402
from explore.training import History, Row, logits  # noqa: E402

BATCH = 100
HIDDEN = 100
SOFTMAX_EPOCHS, SOFTMAX_RATE = 10, 0.2
NETWORK_EPOCHS, NETWORK_RATE = 20, 0.4
COLUMNS = ("epoch", "train loss", "train error", "test loss", "test error", "seconds")


def say(text: str) -> None:
    """Print one line at once."""
    print(text, flush=True)  # noqa: T201


class Table:
    """Show a line as soon as its epoch is over: with rich on a terminal, else plain."""

    def __init__(self, title: str, epochs: int) -> None:
        self._epochs = epochs
        say(f"\n{title}")
        say("  ".join(f"{column:>11}" for column in COLUMNS))
        self._bar = _progress(epochs)

    def add(self, row: Row, seconds: float) -> None:
        """Show one epoch."""
        cells = [
            f"{row.epoch} of {self._epochs}",
            f"{row.train_loss:.4f}",
            f"{row.train_error:.2%}",
            f"{row.test_loss:.4f}",
            f"{row.test_error:.2%}",
            f"{seconds:.2f}",
        ]
        line = "  ".join(f"{cell:>11}" for cell in cells)
        if self._bar is None:
            say(line)
        else:
            self._bar.console.print(line, highlight=False)
            self._bar.advance(self._bar.task_ids[0])

    def close(self) -> None:
        """Take the progress bar away."""
        if self._bar is not None:
            self._bar.stop()


def _progress(epochs: int):  # type: ignore[no-untyped-def]  # rich may be missing
    """Return a running progress bar, or None without rich or without a terminal."""
    try:
        from rich.progress import Progress
    except ImportError:
        return None
    if not sys.stdout.isatty():
        return None
    bar = Progress(transient=True)
    bar.add_task("training", total=epochs)
    bar.start()
    return bar


def load() -> tuple[Digits, str]:
    """Read the data with your parser; return them and one sentence on what they are."""
    folder, sentence, classes = locate()
    paths = [str(folder / name) for name in FILES]
    train = simple_ml.parse_mnist(paths[0], paths[1])
    test = simple_ml.parse_mnist(paths[2], paths[3])
    return Digits(*train, *test, classes), sentence


def fastest_epoch() -> tuple[Callable[..., None], str]:
    """Return the C++ epoch where it is built and written, else the one in NumPy."""
    theta = np.zeros((1, 1), dtype=np.float32)
    nothing = np.zeros((1, 1), np.float32), np.zeros(1, np.uint8), theta
    try:
        simple_ml.softmax_regression_epoch_cpp(*nothing, 0.0, 1)
    except (ImportError, NotImplementedError):
        return simple_ml.softmax_regression_epoch, "NumPy"
    return simple_ml.softmax_regression_epoch_cpp, "C++"


def train(
    history: History, data: Digits, epochs: int, step: Callable[[], None]
) -> History:
    """Run the epochs, and measure and show the model after each."""
    table = Table(history.name, epochs)
    try:
        for number in range(1, epochs + 1):
            begun = time.perf_counter()
            step()
            seconds = time.perf_counter() - begun
            history.rows.append(measure(history, data, number))
            table.add(history.rows[-1], seconds)
    finally:
        table.close()
    return history


def measure(history: History, data: Digits, epoch: int) -> Row:
    """Return loss and error on the training and on the test images."""
    train_values = simple_ml.loss_err(logits(history, data.X_train), data.y_train)
    test_values = simple_ml.loss_err(logits(history, data.X_test), data.y_test)
    return Row(epoch, *map(float, train_values), *map(float, test_values))


def train_softmax(data: Digits, epochs: int) -> History:
    """Train softmax regression from zero weights."""
    epoch, language = fastest_epoch()
    theta = np.zeros((data.X_train.shape[1], len(data.classes)), dtype=np.float32)
    history = History(f"Softmax regression ({language})", (theta,), data.classes)

    def step() -> None:
        epoch(data.X_train, data.y_train, theta, lr=SOFTMAX_RATE, batch=BATCH)

    return train(history, data, epochs, step)


def train_network(data: Digits, epochs: int) -> History:
    """Train a two-layer network from small random weights."""
    rng = np.random.default_rng(0)
    sizes = data.X_train.shape[1], HIDDEN, len(data.classes)
    W1, W2 = (
        (rng.standard_normal((rows, columns)) / rows**0.5).astype(np.float32)
        for rows, columns in itertools.pairwise(sizes)
    )
    title = f"Two layers, {HIDDEN} hidden units (NumPy)"
    history = History(title, (W1, W2), data.classes)

    def step() -> None:
        simple_ml.nn_epoch(
            data.X_train, data.y_train, W1, W2, lr=NETWORK_RATE, batch=BATCH
        )

    return train(history, data, epochs, step)


def draw(histories: list[History], data: Digits, out: Path) -> None:
    """Write the curves, the weights as images and the worst mistakes."""
    out.mkdir(parents=True, exist_ok=True)
    pictures = {"curves.png": (curves := plot_curves(*histories)), "curves.svg": curves}
    names = ("softmax", "network")
    for name, history in zip(names, histories, strict=False):
        pictures[f"weights-{name}.png"] = show_weights(history)
        pictures[f"mistakes-{name}.png"] = show_mistakes(history, data)
    for file, picture in pictures.items():
        if picture is not None:
            picture.save(out / file)
    say(f"\nPictures: {', '.join(pictures)} in {out}")


def summary(histories: list[History], sentence: str) -> dict[str, object]:
    """Return what happened as plain data."""
    models = [
        {"name": history.name, "epochs": [asdict(row) for row in history.rows]}
        for history in histories
    ]
    return {"data": sentence, "models": models}


def run(out: Path, epochs: int | None) -> dict[str, object]:
    """Train both models as far as they are written, and draw them."""
    data, sentence = load()
    say(f"Data: {sentence}")
    histories = [train_softmax(data, epochs or SOFTMAX_EPOCHS)]
    try:
        histories.append(train_network(data, epochs or NETWORK_EPOCHS))
    finally:  # what is trained is drawn, even where question 5 is still to come
        draw(histories, data, out)
    for history in histories:
        say(f"{history.name}: test error {history.rows[-1].test_error:.2%}")
    return summary(histories, sentence)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=Path("results"), metavar="FOLDER")
    parser.add_argument("--epochs", type=int, help="for both models")
    parser.add_argument("--json", action="store_true", help="results on stdout")
    options = parser.parse_args()
    if options.epochs is not None and options.epochs < 1:
        parser.error("--epochs must be at least 1")
    return options


def main() -> int:
    """Train, draw, and return the exit status."""
    options = arguments()
    aside = contextlib.redirect_stdout(sys.stderr if options.json else sys.stdout)
    try:
        with aside:
            result = run(options.out, options.epochs)
    except NotImplementedError as stub:
        sys.stderr.write(f"\n{stub}\nTraining goes on once it is written.\n")
        return 1
    except NotYetError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        return 130
    options.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=2)
    (options.out / "results.json").write_text(text + "\n", encoding="utf-8")
    if options.json:
        say(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
