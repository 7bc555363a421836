"""Explore what you have written: data, pictures, curves and clocks for the notebook.

Nothing here is part of a question and nothing here is graded. A function that needs
code you have not written yet says so in one line instead of stopping the notebook.
"""

from explore.curves import plot_curves
from explore.data import Digits, data_folder, hexdump, load
from explore.history import History
from explore.images import show_images, show_means, show_mistakes, show_weights
from explore.patience import attempt
from explore.rates import learning_rates
from explore.speed import compare_speed
from explore.training import train_softmax, train_two_layer

__all__ = [
    "Digits",
    "History",
    "attempt",
    "compare_speed",
    "data_folder",
    "hexdump",
    "learning_rates",
    "load",
    "plot_curves",
    "show_images",
    "show_means",
    "show_mistakes",
    "show_weights",
    "train_softmax",
    "train_two_layer",
]
