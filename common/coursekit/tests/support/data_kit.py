"""A small data set, and a web server that misbehaves on demand."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from coursekit.data import catalog
from coursekit.data.model import Download, File, Spec

PICTURES = bytes([0, 0, 8, 3, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0, 3]) + bytes(range(42))
LABELS = bytes([0, 0, 8, 1, 0, 0, 0, 7, 3, 1, 4, 1, 5, 9, 2])
TEXT = b" some words of a text \n" * 4000


def sha256(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def tiny_spec(base: str = "http://127.0.0.1:9/", *, more: tuple[str, ...] = ()) -> Spec:
    """Return a set of three files, fetched from ``base``, then from ``more``."""
    files = {
        "tiny-images-idx3-ubyte.gz": PICTURES,
        "tiny-labels-idx1-ubyte.gz": LABELS,
        "tiny.txt": TEXT,
    }
    return Spec(
        name="tiny",
        title="Tiny, a set for tests",
        licence="public domain",
        into="data",
        files=tuple(File(n, sha256(c), len(c)) for n, c in files.items()),
        plans=(
            tuple(
                download(name, served(name, content), base, *more)
                for name, content in files.items()
            ),
        ),
    )


def served(name: str, content: bytes) -> bytes:
    """Return what a mirror has of a file."""
    return packed(content) if name.endswith(".gz") else content


def download(name: str, content: bytes, *bases: str) -> Download:
    return Download(
        name, sha256(content), len(content), tuple(base + name for base in bases)
    )


def python_path() -> str:
    """Return the path on which another process finds what this one finds."""
    return os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])


MIRROR = {
    "/tiny-images-idx3-ubyte.gz": packed(PICTURES),
    "/tiny-labels-idx1-ubyte.gz": packed(LABELS),
    "/tiny.txt": TEXT,
}


@dataclass
class Mirror:
    """What the server has, how it behaves, and what it was asked."""

    files: dict[str, bytes] = field(default_factory=lambda: dict(MIRROR))
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)  # bytes sent, a reply each
    reset: bool = False  # cut with a reset rather than an orderly end
    pause: float = 0.0  # seconds before each 4 kB
    lengths: bool = True  # whether Content-Length is told
    status: int = 200
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""
    stop: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    mirror: Mirror

    def do_GET(self) -> None:
        mirror = self.mirror
        mirror.asked.append((self.path, self.headers.get("Range")))
        content = mirror.files.get(self.path)
        if content is None or mirror.status != 200:
            self.send_error(404 if content is None else mirror.status)
            return
        start = self._start(content)
        if start is None:
            self.send_error(416)
            return
        self._send(content[start:])

    def _start(self, content: bytes) -> int | None:
        match = re.match(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(match[1]) if match and self.mirror.ranges else 0
        if start and start >= len(content):
            return None
        self.send_response(206 if start else 200)
        if start:
            size = len(content)
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        if self.mirror.lengths:
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        return start

    def _send(self, body: bytes) -> None:
        cut = self.mirror.cut_after.pop(0) if self.mirror.cut_after else None
        sent = body if cut is None else body[:cut]
        for at in range(0, len(sent), 4096):
            if self.mirror.pause:
                self.mirror.stop.wait(self.mirror.pause)
            self.wfile.write(sent[at : at + 4096])
        self.wfile.flush()
        if cut is not None and self.mirror.reset:  # as a router that forgets us
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(mirror: Mirror) -> Iterator[Mirror]:
    """Serve a mirror on a port of this machine."""
    handler = type("Handler", (_Handler,), {"mirror": mirror})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    mirror.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        yield mirror
    finally:
        mirror.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def catalogued(spec: Spec) -> Iterator[Spec]:
    """Let the catalogue know a set for a while."""
    catalog.SETS[spec.name] = spec
    _forget_indexes()
    try:
        yield spec
    finally:
        del catalog.SETS[spec.name]
        _forget_indexes()


def _forget_indexes() -> None:
    catalog.by_digest.cache_clear()
    catalog.known_sizes.cache_clear()
