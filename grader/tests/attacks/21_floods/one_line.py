import os

from simple_ml import add as honest


def add(x, y):
    while type(x) is int:
        os.write(1, b"x" * 65536)
        os.write(2, b"y" * 65536)
    return honest(x, y)
