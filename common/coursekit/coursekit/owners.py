"""Whose a test is that several questions have, each with another parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Owner = TypeVar("Owner")


def owner_of(owners: Mapping[str, Owner], parameters: str) -> Owner | None:
    """Return the owner of a test that runs with some parameters.

    Args:
        owners: who owns it with which parameter; ``""`` owns it with any other.
        parameters: as pytest shows them: ``cuda-turned`` of ``test_x[cuda-turned]``.
    """
    # A negative number leaves an empty part before it, which is nobody's name.
    parts = filter(None, parameters.split("-"))
    on = next((part for part in parts if part in owners), "")
    return owners.get(on)
