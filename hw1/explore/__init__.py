"""Explore what you have written: graphs, clocks, checks and curves for the notebook.

Nothing here is part of a question and nothing here is graded. A function that needs
code you have not written yet says so in one line instead of stopping the notebook.
"""

from explore.checking import check
from explore.cost import price_of_backward, three_ways
from explore.curves import plot_curves
from explore.data import Digits, data_folder, load
from explore.fresh import follow_changes
from explore.history import History
from explore.images import show_images, show_mistakes, show_weights
from explore.network import train_two_layer
from explore.newton import race_to_the_minimum
from explore.patience import attempt
from explore.twins import compare_with_hw0

__all__ = [
    "Digits",
    "History",
    "attempt",
    "check",
    "compare_with_hw0",
    "data_folder",
    "follow_changes",
    "load",
    "plot_curves",
    "price_of_backward",
    "race_to_the_minimum",
    "show_images",
    "show_mistakes",
    "show_weights",
    "three_ways",
    "train_two_layer",
]
