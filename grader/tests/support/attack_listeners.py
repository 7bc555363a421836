"""Ears outside the box: whatever they hear has got out."""

from __future__ import annotations

import secrets
import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType


class Listeners:
    """Listen on loopback (TCP, UDP), on an abstract socket and on one with a path."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[str] = []
        self._path = folder / "listener.sock"
        self._abstract = f"\0intruder-{secrets.token_hex(8)}"
        self._sockets = {
            "TCP": socket.create_server(("127.0.0.1", 0)),
            "UDP": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            "an abstract socket": socket.socket(socket.AF_UNIX),
            "a socket with a path": socket.socket(socket.AF_UNIX),
        }
        self._sockets["UDP"].bind(("127.0.0.1", 0))
        self._sockets["an abstract socket"].bind(self._abstract)
        self._sockets["a socket with a path"].bind(str(self._path))
        for name in ("an abstract socket", "a socket with a path"):
            self._sockets[name].listen()
        self._threads = [
            threading.Thread(target=self._listen, args=item, daemon=True)
            for item in self._sockets.items()
        ]

    @property
    def facts(self) -> dict[str, object]:
        """Return what an attacker who knows the machine would know."""
        return {
            "TCP_PORT": self._sockets["TCP"].getsockname()[1],
            "UDP_PORT": self._sockets["UDP"].getsockname()[1],
            "ABSTRACT": self._abstract,
            "SOCKET_PATH": str(self._path),
        }

    def __enter__(self) -> Listeners:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in self._sockets.values():
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in it
            each.close()
        for thread in self._threads:
            thread.join(5)
        self._path.unlink(missing_ok=True)

    def _listen(self, name: str, ear: socket.socket) -> None:
        """Note everything that arrives, or that anybody connects at all."""
        ear.settimeout(0.2)
        while ear.fileno() >= 0:
            try:
                if name == "UDP":
                    self.heard.append(f"{name}: {ear.recv(1000)!r}")
                else:
                    ear.accept()[0].close()
                    self.heard.append(f"{name}: a connection")
            except TimeoutError:
                continue
            except OSError:
                return
