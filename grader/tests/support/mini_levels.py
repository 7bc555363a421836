"""The sandbox levels that tests run at: all that this machine has."""

from __future__ import annotations

import pytest
from grader.sandbox import LEVELS, Sandbox, by_name, why_not


def each_level() -> pytest.MarkDecorator:
    """Run a test at every level, skipping with the reason those that cannot be had."""
    return pytest.mark.parametrize("level", LEVELS)


def walled_level() -> pytest.MarkDecorator:
    """Run a test at every level with walls."""
    return pytest.mark.parametrize("level", [name for name in LEVELS if name != "none"])


def sandbox(level: str) -> Sandbox:
    """Return the level, or skip the test."""
    reason = why_not(level)
    if reason:
        pytest.skip(reason)
    return by_name(level)
