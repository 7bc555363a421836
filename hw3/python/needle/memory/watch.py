"""Tells open ledgers of every value, by watching the attribute that has its data."""

from __future__ import annotations

import gc
import threading
from typing import Any

from ..autograd import Value
from .ledger import Ledger

_ATTRIBUTE = "cached_data"
_lock = threading.Lock()
_ledgers: list[Ledger] = []  # those that are open


class _Watched:
    """``value.cached_data`` while somebody watches; the data lie where they always do.

    An engine of a student's own has this attribute, too, however else it is written.
    """

    def __get__(self, value: Any, owner: type | None = None) -> Any:
        if value is None:
            return self
        try:
            return value.__dict__[_ATTRIBUTE]
        except KeyError:
            raise AttributeError(_ATTRIBUTE) from None

    def __set__(self, value: Any, data: Any) -> None:
        for ledger in tuple(_ledgers):
            ledger.put(value, data)
        value.__dict__[_ATTRIBUTE] = data

    def __delete__(self, value: Any) -> None:
        self.__set__(value, None)
        del value.__dict__[_ATTRIBUTE]


def begin(ledger: Ledger) -> None:
    """Tell a ledger of all values that are alive, and from now on of each new one."""
    with _lock:
        _ledgers.append(ledger)
        if len(_ledgers) == 1:
            setattr(Value, _ATTRIBUTE, _Watched())
    for each in gc.get_objects():
        if issubclass(type(each), Value) and _ATTRIBUTE in each.__dict__:
            ledger.put(each, each.__dict__[_ATTRIBUTE])


def end(ledger: Ledger) -> None:
    """Tell this ledger no more; with the last one the attribute is plain again."""
    with _lock:
        _ledgers.remove(ledger)
        if not _ledgers:
            delattr(Value, _ATTRIBUTE)
