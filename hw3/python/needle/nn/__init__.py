"""Layers: modules that own their parameters."""

from .module import Module, Parameter
from .nn_basic import *
