"""The operations that tensors are computed with."""

from .ops_logarithmic import *

from .ops_mathematic import *
from .ops_tuple import *
