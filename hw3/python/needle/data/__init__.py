"""Data sets, what is done to each example, and batches of them."""

from .data_basic import *
from .data_transforms import *
from .datasets import *
