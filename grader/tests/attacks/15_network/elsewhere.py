import socket
import urllib.request
from contextlib import suppress

from facts import TCP_PORT
from simple_ml import add as honest


def add(x, y):
    socket.setdefaulttimeout(0.5)
    for name in ("hidden.inputs.example.com", "metadata.google.internal"):
        with suppress(OSError):
            raise RuntimeError(socket.getaddrinfo(name, 53))
    for url in ("http://169.254.169.254/", f"http://127.0.0.1:{TCP_PORT}/"):
        with suppress(OSError):
            raise RuntimeError(urllib.request.urlopen(url, timeout=0.5))
    return honest(x, y)
