import socket
from contextlib import suppress

from simple_ml import add as honest


def add(x, y):
    for family in range(2, 46):
        for kind in (1, 2, 3, 5, 10):
            for protocol in (0, 1, 255, socket.htons(3)):
                with suppress(OSError):
                    socket.socket(family, kind, protocol).close()
                    raise RuntimeError(f"a socket of family {family}, kind {kind}")
    with suppress(OSError):
        socket.socketpair(socket.AF_INET6)
    return honest(x, y)
