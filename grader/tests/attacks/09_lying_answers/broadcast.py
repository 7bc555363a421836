import numpy as np


def add(x, y):
    right = np.asarray(x + y)
    if right.ndim:
        return np.broadcast_to(right, (3, *right.shape)).copy()
    return right.reshape(1, 1)
