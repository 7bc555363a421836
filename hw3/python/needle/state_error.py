"""What is said when a saved state does not fit what it is loaded into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SHOWN = 10  # of long lists, so many lines are shown


def check_mapping(state: Any) -> None:
    """Raise if something is no dictionary, and so no state."""
    if not isinstance(state, Mapping):
        raise TypeError(
            "a state is a dictionary of arrays by name, as state_dict() returns it, not"
            f" {type(state).__name__}"
        )


def absent(known: Iterable[str], state: Iterable[str]) -> list[str]:
    """Return in words which names are missing in a state, and which are too many."""
    known, state = set(known), set(map(str, state))
    missing = [f"missing: {name}" for name in sorted(known - state)]
    return missing + [f"unexpected: {name}" for name in sorted(state - known)]


def state_error(owner: object, wrong: Sequence[str]) -> ValueError:
    """Return the error that lists what is wrong with a state, a line each."""
    lines = list(wrong)
    if len(lines) > SHOWN:
        lines[SHOWN - 1 :] = [f"... and {len(lines) - SHOWN + 1} more"]
    text = "".join(f"\n  {line}" for line in lines)
    return ValueError(f"this state does not fit {type(owner).__name__}:{text}")
