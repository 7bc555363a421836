"""Find the data, look at its bytes, and load it with your own ``parse_mnist``."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explore.patience import NotYetError, patient, say

HOMEWORK = Path(__file__).resolve().parent.parent
FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "boot",
)  # fmt: skip


@dataclass(frozen=True)
class Digits:
    """Images as rows, their labels, and what the labels mean.

    ``X_*`` are float32 ``(n, 784)`` and ``y_*`` uint8 ``(n,)``.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    classes: tuple[str, ...] = DIGITS


def locate() -> tuple[Path, str, tuple[str, ...]]:
    """Return the folder of the four files, one sentence on them, the class names."""
    own = HOMEWORK / "data"
    try:
        from coursekit import data
        from coursekit.errors import CourseError
    except ImportError:
        if _complete(own):
            return own, f"the four files in {own}", DIGITS
        raise NotYetError(f"no data: put the four MNIST files into {own}.") from None
    if _complete(own):
        known = data.identify(own)
        if known is None:
            return own, f"the four files in {own}", DIGITS
        return own, known.describe(), _names(known.name)
    try:
        found = data.find("mnist", fallback="fashion-small")
    except CourseError as error:
        raise NotYetError(str(error)) from None
    return found.folder, found.describe(), _names(found.name)


def _complete(folder: Path) -> bool:
    return all((folder / name).exists() for name in FILES)


def _names(data_set: str) -> tuple[str, ...]:
    return CLOTHES if data_set.startswith("fashion") else DIGITS


@patient
def data_folder() -> Path:
    """Say which data there is and return the folder that holds its four files."""
    folder, sentence, _ = locate()
    say(f"Data: {sentence}")
    return folder


@patient
def hexdump(name: str, count: int = 48, width: int = 16) -> None:
    """Print the first unpacked bytes of one of the four files, in hexadecimal."""
    folder, _, _ = locate()
    with gzip.open(folder / name) as stream:
        head = stream.read(count)
    say(f"{name}, unpacked, bytes 0 to {len(head) - 1}")
    for offset in range(0, len(head), width):
        row = head[offset : offset + width]
        say(f"{offset:6d}  {row.hex(' ')}")


@patient
def load(parse: Callable[[str, str], Any]) -> Digits:
    """Read training and test data with the parser you wrote."""
    data, sentence = read(parse)
    counts = f"{len(data.y_train)} + {len(data.y_test)}"
    say(f"Loaded {counts} images from {sentence}")
    return data


def read(parse: Callable[[str, str], Any]) -> tuple[Digits, str]:
    """Return the data as this parser reads them, and one sentence on what they are."""
    folder, sentence, classes = locate()
    paths = [str(folder / name) for name in FILES]
    train = _checked(parse(paths[0], paths[1]))
    test = _checked(parse(paths[2], paths[3]))
    return Digits(*train, *test, classes), sentence


def _checked(parsed: Any) -> tuple[np.ndarray, np.ndarray]:
    """Accept what can be drawn and trained on; the tests of question 2 say the rest."""
    pair = isinstance(parsed, tuple) and len(parsed) == 2
    if not pair or not all(isinstance(part, np.ndarray) for part in parsed):
        raise NotYetError("parse_mnist should return two NumPy arrays, X and y.")
    X, y = parsed
    if X.ndim != 2 or X.shape[1] != 784 or y.shape != (len(X),):
        raise NotYetError(
            "parse_mnist should return X of shape (n, 784) and y of shape (n,); "
            f"yours have shapes {X.shape} and {y.shape}."
        )
    return X, y
