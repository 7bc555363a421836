"""Figures of the hw2 handout that show curves: sizes by depth, steps, means."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from style import BLUE, GREEN, MUTED, ORANGE, PURPLE, RED, plots

DEPTH, WIDTH, ROWS = 30, 100, 100
CURVATURES = np.array([1.0, 20.0])
STEPS = 40


def _sizes(std: float) -> list[float]:
    """Return the root of the mean square behind each of many layers with ReLU."""
    rng = np.random.RandomState(0)
    values = rng.standard_normal((ROWS, WIDTH))
    found = [1.0]
    for _ in range(DEPTH):
        weights = std * rng.standard_normal((WIDTH, WIDTH))
        values = np.maximum(values @ weights, 0)
        found.append(float(np.sqrt(np.mean(values**2))))
    return found


def spread() -> Figure:
    """Draw the size of activations by depth for four standard deviations."""
    figure, [ax] = plots(7.6, 2.7, 1)
    for std, colour, note in (
        (0.20, RED, ""),
        (np.sqrt(2 / WIDTH), GREEN, r"$= \sqrt{2/100}$"),
        (0.10, ORANGE, ""),
        (0.05, BLUE, ""),
    ):
        sizes = _sizes(std)
        ax.plot(sizes, ".-", color=colour, linewidth=1.2, markersize=4)
        text = f"$\\sigma = {std:.2f}$" if not note else f"$\\sigma$ {note}"
        ax.text(DEPTH + 0.5, sizes[-1], text, color=colour, va="center")
    ax.set_yscale("log")
    ax.set_xlim(0, DEPTH + 5)
    ax.set_xlabel("layers of 100 units with ReLU")
    ax.set_ylabel("size of the activations")
    ax.grid(alpha=0.25)
    return figure


def logsumexp() -> Figure:
    """Draw the smooth maximum of a and 0, and where its naive form ends."""
    figure, [left, right] = plots(7.6, 2.6, 2)
    a = np.linspace(-6, 6, 200)
    left.plot(a, np.maximum(a, 0), "--", color=MUTED, label=r"$\max(a, 0)$")
    left.plot(a, np.logaddexp(a, 0), color=BLUE, label=r"$\log(e^a + e^0)$")
    left.set_xlabel("$a$")
    left.legend(fontsize=8, frameon=False)
    far = np.linspace(70, 106, 73, dtype=np.float32)
    with np.errstate(over="ignore"):
        naive = np.log(np.exp(far) + np.exp(np.float32(0)))
    right.plot(far, far, color=BLUE, label="with the shift")
    right.plot(far, naive, color=RED, linewidth=4, alpha=0.4, label="naive, float32")
    end = far[np.isfinite(naive)][-1]
    right.annotate(
        "inf from here on", (end, end), (end + 1, end - 14), color=RED, fontsize=8.5,
        arrowprops={"arrowstyle": "-|>", "color": RED},
    )  # fmt: skip
    right.set_xlabel("$a$")
    right.legend(fontsize=8, frameon=False)
    return figure


def _descent(move: Callable[[np.ndarray, int], np.ndarray]) -> np.ndarray:
    """Return the way down the valley; ``move`` turns a gradient into a step."""
    place = np.array([-8.0, 2.0])
    way = [place]
    for step in range(1, STEPS + 1):
        place = place - move(CURVATURES * place, step)
        way.append(place)
    return np.array(way)


def _momentum(lr: float, beta: float) -> Callable[[np.ndarray, int], np.ndarray]:
    kept = np.zeros(2)

    def move(slope: np.ndarray, step: int) -> np.ndarray:
        """Step along the mean of the gradients so far."""
        kept[:] = beta * kept + (1 - beta) * slope
        return lr * kept

    return move


def _adaptive(lr: float) -> Callable[[np.ndarray, int], np.ndarray]:
    mean, square = np.zeros(2), np.zeros(2)

    def move(slope: np.ndarray, step: int) -> np.ndarray:
        """Step as Adam does, with the usual settings."""
        mean[:] = 0.9 * mean + 0.1 * slope
        square[:] = 0.999 * square + 0.001 * slope * slope
        length = np.sqrt(square / (1 - 0.999**step))
        return lr * mean / (1 - 0.9**step) / length

    return move


def valley() -> Figure:
    """Draw three ways down a valley."""
    figure, axes = plots(7.6, 2.1, 3)
    x, y = np.meshgrid(np.linspace(-9, 3, 120), np.linspace(-2.6, 2.6, 80))
    heights = (CURVATURES[0] * x**2 + CURVATURES[1] * y**2) / 2
    for ax, way, colour, name in zip(
        axes,
        (
            _descent(lambda slope, step: 0.09 * slope),
            _descent(_momentum(0.3, 0.7)),
            _descent(_adaptive(0.3)),
        ),
        (RED, BLUE, GREEN),
        ("gradient descent", "with momentum", "Adam"),
        strict=True,
    ):
        _draw_way(ax, (x, y, heights), way, colour, name)
    return figure


def _draw_way(
    ax: Axes,
    ground: tuple[np.ndarray, np.ndarray, np.ndarray],
    way: np.ndarray,
    colour: str,
    name: str,
) -> None:
    ax.contour(
        *ground, 75 * np.linspace(0.08, 1, 9) ** 2, colors="0.82", linewidths=0.7
    )
    ax.plot(*way.T, ".-", color=colour, linewidth=1, markersize=3)
    ax.plot(0, 0, "+", color=MUTED)
    ax.set_title(name, fontsize=9.5, color=colour)
    ax.set_xticks([])
    ax.set_yticks([])


def bias_correction() -> Figure:
    """Draw two means of a constant 1 that begin at 0, and their ratio in a step."""
    figure, [left, right] = plots(7.6, 2.6, 2)
    t = np.arange(1, 41)
    left.axhline(1, color=GREEN, linewidth=1.2)
    left.text(40, 1.03, "corrected, both", color=GREEN, ha="right", va="bottom")
    left.plot(t, 1 - 0.9**t, ".-", color=BLUE, markersize=3, linewidth=1)
    left.text(40, 0.93, r"$m$, with $\beta_1 = 0.9$", color=BLUE, ha="right", va="top")
    left.plot(t, 1 - 0.999**t, ".-", color=ORANGE, markersize=3, linewidth=1)
    left.text(40, 0.1, r"$v$, with $\beta_2 = 0.999$", color=ORANGE, ha="right")
    left.set_ylim(0, 1.2)
    left.set_xlabel("steps")
    left.set_title("means of a gradient that is always 1", fontsize=9)
    t = np.arange(1, 3001)
    right.semilogx(t, (1 - 0.9**t) / np.sqrt(1 - 0.999**t), color=PURPLE)
    right.axhline(1, color=GREEN, linewidth=1.2)
    right.set_ylim(0, 8)
    right.set_xlabel("steps")
    right.set_title(r"a step without correction: $m/\sqrt{v}$", fontsize=9)
    right.grid(alpha=0.25)
    return figure
