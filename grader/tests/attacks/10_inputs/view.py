import threading

import numpy as np


def scribble(x):
    while True:
        x += 1


def add(x, y):
    if isinstance(x, np.ndarray):
        found = x[...]
        threading.Thread(target=scribble, args=(x,), daemon=True).start()
        while np.array_equal(found, found.copy()) and found.flat[0] < 1000:
            pass
        return found
    return x
