from contextlib import suppress

from simple_ml import add as honest

NAMES = ["oom_score_adj", "comm", "clear_refs", "coredump_filter", "mem"]


def add(x, y):
    for name in NAMES:
        with suppress(OSError), open(f"/proc/1/{name}", "r+b", 0):
            raise RuntimeError(f"{name} can be written")
    return honest(x, y)
