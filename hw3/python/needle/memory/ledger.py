"""The books of one record: which values are alive, and which memory each one has."""

from __future__ import annotations

import threading
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..autograd import Tensor, TensorTuple, Value
from ..viz.model import CONSTANT, LEAF
from .buffers import buffers_of
from .tally import Tally


class Row(NamedTuple):
    """One line of a table: values and bytes of a kind, now and at the peak."""

    op: str
    values: int
    bytes: int
    peak_values: int
    peak_bytes: int


@dataclass
class _Holding:
    """A value that is alive, and the memory that it has."""

    alive: weakref.KeyedRef[int, Value]
    kind: str
    buffers: frozenset[int] = frozenset()


@dataclass
class _Buffer:
    """Memory that values share; it counts for one of them."""

    size: int
    phase: str
    kind: str
    holders: dict[int, None] = field(default_factory=dict)  # in order of arrival


def kind_of(value: Value) -> str:
    """Return what a value counts as: its operation, or what kind of leaf it is."""
    if type(value) not in (Tensor, TensorTuple):
        return str(type(value).__name__)  # Parameter
    known = value.__dict__
    if not known.get("requires_grad", True):
        return CONSTANT
    op = known.get("op")
    return LEAF if op is None else type(op).__name__


class Ledger:
    """Counts values as they come and go.

    Args:
        changed: called after each change of the bytes.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.tally = Tally()
        self.phase = ""
        self._changed = changed
        self._holdings: dict[int, _Holding] = {}
        self._buffers: dict[int, _Buffer] = {}
        self._new: list[weakref.KeyedRef[int, Value]] = []
        # Python may run the callback of a dead value in the middle of any line here:
        # it leaves a note, and whoever has the lock attends to it.
        self._dead: deque[int] = deque()
        self._lock = threading.Lock()
        self._open = True

    def put(self, value: Value, data: Any) -> None:
        """Note that a value, perhaps a new one, has these data from now on."""
        with self._lock:
            self._catch_up()
            if not self._open:  # by now, in another thread
                return
            key = id(value)
            holding = self._holdings.get(key)
            if holding is None:
                holding = self._enter(value)
            self._hold(key, holding, buffers_of(data))

    def catch_up(self) -> None:
        """Attend to values that have died or become known since the last change."""
        with self._lock:
            self._catch_up()

    def close(self) -> None:
        """Count no longer; the tally stays as it is."""
        with self._lock:
            self._catch_up()
            self._open = False
            self._holdings.clear()
            self._buffers.clear()

    def _catch_up(self) -> None:
        self._bury()
        for alive in self._new:
            value = alive()
            if value is not None:
                self._know_kind(value)
        self._new.clear()

    def _enter(self, value: Value) -> _Holding:
        """Begin to count a value; how it came about is not known yet."""
        alive = weakref.KeyedRef(value, self._died, id(value))
        holding = _Holding(alive, kind_of(value))
        self._holdings[id(value)] = holding
        self._new.append(alive)
        self.tally.count_value(holding.kind, 1)
        return holding

    def _know_kind(self, value: Value) -> None:
        """Correct the kind of a value, now that all its attributes are set."""
        holding, kind = self._holdings[id(value)], kind_of(value)
        if kind == holding.kind:
            return
        self.tally.rename(holding.kind, kind, values=1)
        holding.kind = kind
        for each in holding.buffers:
            self._name(self._buffers[each])

    def _hold(self, key: int, holding: _Holding, sizes: Mapping[int, int]) -> None:
        """Let a value have this memory and no other."""
        before, holding.buffers = holding.buffers, frozenset(sizes)
        for each in sizes.keys() - before:
            self._take(each, key, holding.kind, sizes[each])
        for each in before - sizes.keys():
            self._release(each, key)

    def _take(self, each: int, key: int, kind: str, size: int) -> None:
        buffer = self._buffers.get(each)
        if buffer is not None:
            buffer.holders[key] = None
            self._name(buffer)
            return
        self._buffers[each] = _Buffer(size, self.phase, kind, {key: None})
        self.tally.count_bytes(kind, self.phase, size)
        self._changed()

    def _release(self, each: int, key: int) -> None:
        buffer = self._buffers[each]
        del buffer.holders[key]
        if buffer.holders:
            self._name(buffer)
            return
        del self._buffers[each]
        self.tally.count_bytes(buffer.kind, buffer.phase, -buffer.size)
        self._changed()

    def _name(self, buffer: _Buffer) -> None:
        """Let memory count for a parameter that has it, else for its first value."""
        kinds = [self._holdings[key].kind for key in buffer.holders]
        kind = "Parameter" if "Parameter" in kinds else kinds[0]
        if kind != buffer.kind:
            self.tally.rename(buffer.kind, kind, size=buffer.size)
            buffer.kind = kind

    def _died(self, alive: weakref.KeyedRef[int, Value]) -> None:
        self._dead.append(alive.key)
        if self._lock.acquire(blocking=False):
            try:
                self._bury()
            finally:
                self._lock.release()

    def _bury(self) -> None:
        while self._dead:
            key = self._dead.popleft()
            holding = self._holdings.get(key)
            if holding is None:  # of a ledger that is closed
                continue
            self.tally.count_value(holding.kind, -1)
            self._hold(key, holding, {})
            del self._holdings[key]
