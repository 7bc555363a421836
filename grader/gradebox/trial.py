"""What a case is given: random numbers, a folder, and ways to hand over answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from gradebox.checks import Check, raised
from gradebox.encode import Encoded, encode

T = TypeVar("T")

STUB = re.compile(r"^[\w.]+: .+ is yours to write \(handout, .*\)$")


class Outlet(Protocol):
    """Where answers go as soon as they are given."""

    def input(self, value: Encoded) -> None:
        """Take note of an input."""

    def answer(
        self,
        name: str,
        value: Encoded,
        *,
        witnessed: bool,
        inputs: str,
        check: Check | None,
    ) -> None:
        """Send one answer out of the process."""


class Trial:
    """The one argument of a case.

    ``rng`` draws the inputs; ``tmp``, an empty folder, is the working folder.
    """

    def __init__(self, seed: bytes, tmp: Path, outlet: Outlet) -> None:
        self.rng = np.random.RandomState(np.frombuffer(seed, dtype="<u4"))
        self.tmp = tmp
        self._outlet = outlet
        self._inputs = hashlib.sha256()
        self._names: set[str] = set()

    @property
    def inputs(self) -> str:
        """Return the digest of all inputs so far."""
        return self._inputs.hexdigest()

    def input(self, value: T) -> T:
        """Return ``value`` and fold it, as it is now, into the digest of inputs."""
        encoded = encode(value)
        encoded.fold_into(self._inputs)
        self._outlet.input(encoded)
        return value

    def answer(self, name: str, value: object, check: Check) -> None:
        """Hand over a copy of ``value``; only the reference's ``check`` counts."""
        self._send(name, value, check, witnessed=False)

    def witness(self, name: str, value: object, check: Check) -> None:
        """Hand over what only this process knows; never a question's sole evidence."""
        self._send(name, value, check, witnessed=True)

    def raises(
        self,
        name: str,
        types: type[BaseException] | tuple[type[BaseException], ...],
        function: Callable[..., Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Witness that ``function(*args, **kwargs)`` raises one of ``types``."""
        wanted = types if isinstance(types, tuple) else (types,)
        outcome: BaseException | None = None
        try:
            function(*args, **kwargs)
        except Exception as error:
            if _is_stub(error):
                raise
            outcome = error
        self._send(name, outcome, raised(*wanted), witnessed=True)

    def _send(self, name: str, value: object, check: Check, *, witnessed: bool) -> None:
        if name in self._names:
            raise ValueError(f"the case gives two answers named {name!r}")
        self._names.add(name)
        self._outlet.answer(
            name,
            encode(value),
            witnessed=witnessed,
            inputs=self.inputs,
            check=check,
        )


def _is_stub(error: Exception) -> bool:
    """Tell whether the exception is that of a stub nobody has filled in."""
    return isinstance(error, NotImplementedError) and bool(STUB.match(str(error)))
