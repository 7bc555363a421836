"""The walls around student code, at the best level the host has."""

from __future__ import annotations

from typing import Protocol


class Sandbox(Protocol):
    """One level of isolation."""

    name: str
    enforces: list[str]
    lacks: list[str]


def best() -> Sandbox:
    """Return the strongest level that works here."""
    raise NotImplementedError


def by_name(name: str) -> Sandbox:
    """Return the level of that name; say why it cannot be had."""
    raise NotImplementedError
