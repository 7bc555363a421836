"""Explore what you have written: your machine, and how fast your kernels are on it.

Nothing here is part of a question and nothing here is graded. A function that needs
code you have not written yet says so in one line instead of stopping the notebook.
"""

from explore.apart import run
from explore.building import build
from explore.caches import memory_ladder, two_orders, walk_by_steps
from explore.counting import count_kernels
from explore.disassembly import disassemble
from explore.fresh import follow_changes
from explore.launching import launch
from explore.patience import attempt
from explore.roofline import roofline

__all__ = [
    "attempt",
    "build",
    "count_kernels",
    "disassemble",
    "follow_changes",
    "launch",
    "memory_ladder",
    "roofline",
    "run",
    "two_orders",
    "walk_by_steps",
]
