import os

from simple_ml import add as honest

calls = []


def add(x, y):
    calls.append(0)
    if len(calls) == 3:
        os.abort()
    return honest(x, y)
