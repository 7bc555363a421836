"""Draw images, what a class looks like on average, weights and mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from explore.data import Digits
from explore.history import History, logits
from explore.patience import DATA, MODEL, NotYetError, patient, require
from explore.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def _grid(rows: int, columns: int, title: str) -> tuple[Picture, list[Axes]]:
    picture = Picture(1.05 * columns, 1.25 * rows + 0.35)
    axes = picture.figure.subplots(rows, columns, squeeze=False)
    picture.figure.suptitle(title, fontsize=10)
    for ax in axes.flat:
        ax.set_axis_off()
    return picture, list(axes.flat)


def _draw(ax: Axes, pixels: np.ndarray, title: str) -> None:
    """Draw 784 grey values as 28 x 28."""
    ax.imshow(pixels.reshape(28, 28), cmap="gray_r")
    ax.set_title(title, fontsize=8)


def _draw_signed(ax: Axes, weights: np.ndarray, title: str, limit: float) -> None:
    """Draw 784 signed values: red is positive, blue negative, white zero."""
    ax.imshow(weights.reshape(28, 28), cmap="RdBu_r", vmin=-limit, vmax=limit)
    ax.set_title(title, fontsize=8)


@patient
def show_images(data: Digits | None, rows: int = 2, columns: int = 10) -> Picture:
    """Show the first training images with their labels."""
    data = require(data, DATA)
    picture, axes = _grid(rows, columns, "The first training images and their labels")
    for ax, pixels, label in zip(axes, data.X_train, data.y_train, strict=False):
        _draw(ax, pixels, data.classes[int(label)])
    return picture


@patient
def show_means(data: Digits | None) -> Picture:
    """Show the mean of all training images of each class."""
    data = require(data, DATA)
    picture, axes = _grid(1, len(data.classes), "The mean image of each class")
    for label, ax in enumerate(axes):
        members = data.X_train[data.y_train == label]
        if len(members):
            _draw(ax, members.mean(axis=0), data.classes[label])
    return picture


@patient
def show_weights(history: History | None, units: int = 20) -> Picture:
    """Show the columns of the first weight matrix as images."""
    history = require(history, MODEL)
    if not history.weights:
        raise NotYetError("this model has no weights that are looked at as images.")
    weights = history.weights[0]
    if len(history.weights) == 1:
        return _weight_grid(weights, history.classes, "What each class looks for")
    chosen = np.argsort(-np.linalg.norm(weights, axis=0))[:units]
    names = [f"unit {unit}" for unit in chosen]
    return _weight_grid(weights[:, chosen], names, "What the hidden units look for")


def _weight_grid(weights: np.ndarray, names: Sequence[str], title: str) -> Picture:
    # One scale for all columns, set so that a few extreme pixels do not grey the rest.
    limit = max(float(np.quantile(np.abs(weights), 0.995)), 1e-12)
    rows = -(-len(names) // 10)
    picture, axes = _grid(rows, min(10, len(names)), title)
    for ax, column, name in zip(axes, weights.T, names, strict=False):
        _draw_signed(ax, column, name, limit)
    return picture


@patient
def show_mistakes(history: History | None, data: Digits | None) -> Picture:
    """Show the test images that the model gets wrong most confidently."""
    history, data = require(history, MODEL), require(data, DATA)
    scores = logits(history, data.X_test)
    said = scores.argmax(axis=1)
    wrong = np.flatnonzero(said != data.y_test)
    if not len(wrong):
        raise NotYetError("this model makes no mistake on the test set.")
    margin = scores[wrong, said[wrong]] - scores[wrong, data.y_test[wrong]]
    worst = wrong[np.argsort(-margin)][:20]
    title = f"{len(wrong)} of {len(said)} test images are wrong; the most confident"
    picture, axes = _grid(2, 10, title)
    for ax, index in zip(axes, worst, strict=False):
        truth, guess = data.y_test[index], said[index]
        names = data.classes[int(truth)], data.classes[int(guess)]
        _draw(ax, data.X_test[index], f"is {names[0]}\nsaid {names[1]}")
    return picture
