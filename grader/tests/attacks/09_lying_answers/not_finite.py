import numpy as np

values = [float("nan"), float("inf"), -float("inf")]


def add(x, y):
    values.append(values.pop(0))
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        return np.full_like(x, values[0])
    return values[0]
