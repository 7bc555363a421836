import os


def add(x, y):
    os.closerange(0, 256)
    return x - y + 1
