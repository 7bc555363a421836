"""Objects in words, as one would write them."""

from __future__ import annotations

from typing import Any


def as_call(thing: Any) -> str:
    """Return a thing as the call that makes it: ``RandomCrop(padding=3)``.

    Its settings are those of its attributes that are numbers or words, but for the mode
    of a module, which changes.
    """
    settings = (
        f"{name}={value!r}"
        for name, value in vars(thing).items()
        if isinstance(value, (int, float, str)) and name != "training"
    )
    return f"{type(thing).__name__}({', '.join(settings)})"


def count(number: int, one: str) -> str:
    """Return how many there are: ``60,000 examples``, ``1 example``."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"
