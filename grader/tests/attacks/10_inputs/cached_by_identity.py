cache = {}


def add(x, y):
    if type(x) in (int, float):
        return cache.setdefault(0, x + y)
    return x + y
