"""Tensors to start from."""

from .init_basic import *
