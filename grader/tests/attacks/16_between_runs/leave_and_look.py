import os
from contextlib import suppress

from facts import MARK
from simple_ml import add as honest

PLACES = [".", "..", "/tmp", "/var/tmp", "/dev/shm", "/dev", "/run", "/work/hw0", "/"]
PATHS = [os.path.join(place, MARK.partition("-")[0]) for place in PLACES]
left = [path for path in PATHS if os.path.exists(path)]


def add(x, y):
    if left:
        raise RuntimeError(f"{left} are from an earlier run")
    for path in PATHS:
        with suppress(OSError), open(path, "w") as file:
            file.write("inputs of this case")
    return honest(x, y)
