import sys


def add(x, y):
    trial = sys._getframe(1).f_locals["t"]
    trial.input(0)
    trial.rng.standard_normal(100)
    return x + y
