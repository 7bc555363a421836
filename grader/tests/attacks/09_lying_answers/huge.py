import numpy as np


def add(x, y):
    if isinstance(x, np.ndarray):
        return np.full_like(x, np.finfo("f4").max if x.dtype.kind == "f" else 2**62)
    return type(x + y)(1 << 1000)
