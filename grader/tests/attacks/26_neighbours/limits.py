import resource
from contextlib import suppress

from simple_ml import add as honest

KINDS = [getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT")]
MINE = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)


def add(x, y):
    for kind in MINE:
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (-1, -1))
            raise RuntimeError("a limit could be lifted")
    for kind in KINDS:
        with suppress(OSError, ValueError):
            resource.prlimit(1, kind, (1, 1))
            raise RuntimeError("the supervisor could be limited")
    return honest(x, y)
