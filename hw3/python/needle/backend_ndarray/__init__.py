"""Arrays of our own: n-dimensional views on flat memory of a device."""

# The interface: what stands in these modules, NumPy's short name and helpers included.
from .ndarray import *
from .standard import *
