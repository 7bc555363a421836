"""needle: a small library for deep learning, with automatic differentiation."""

from . import ops
from .ops import *
from .autograd import Tensor, all_devices, cpu
from .grad_mode import no_grad

from .backend_selection import (
    BACKEND,
    Device,
    NDArray,
    array_api,
    cpu_numpy,
    cuda,
    default_device,
)

from . import init
from .init import ones, ones_like, zeros, zeros_like

from . import data, nn, optim

from . import viz

from . import memory
from .serialize import load, load_metadata, save
