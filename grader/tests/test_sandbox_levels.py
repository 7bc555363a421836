"""Which level one gets, and what is said of one that cannot be had."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import grader.sandbox
import pytest
from coursekit.errors import CourseError
from grader.sandbox import LEVELS, best, bwrap, by_name, full, user
from mini_levels import sandbox


def test_levels_say_what_they_are() -> None:
    for name in LEVELS:
        level = sandbox(name)
        assert level.name == name
        assert level.enforces
        assert level.lacks
    assert best().name == next(n for n in LEVELS if not grader.sandbox.why_not(n))


def test_an_unknown_level_is_an_error() -> None:
    with pytest.raises(CourseError, match="choose one of full, user, none"):
        by_name("chroot")


@pytest.fixture
def found_anew() -> Iterator[None]:
    """Have the levels found anew by the test, and once more after it."""
    remembered = (full.trouble, user.trouble, bwrap.version)
    for each in remembered:
        each.cache_clear()
    yield
    for each in remembered:
        each.cache_clear()


@pytest.mark.usefixtures("found_anew")
def test_without_bubblewrap_the_reason_and_the_way_out_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert best().name == "none"
    for level in ("full", "user")[os.getuid() != 0 :]:
        with pytest.raises(CourseError, match="apt install bubblewrap"):
            by_name(level)


@pytest.mark.usefixtures("found_anew")
def test_where_namespaces_are_forbidden_the_reason_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo bubblewrap 0.8.0 && exit\n'
        "echo 'bwrap: No permissions to create new namespace' >&2; exit 1\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert best().name == "none"
    for level in ("full", "user")[os.getuid() != 0 :]:
        with pytest.raises(CourseError, match="No permissions to create"):
            by_name(level)


def may_make_namespaces() -> bool:
    """Tell whether we are a root with the rights that level full takes."""
    status = Path("/proc/self/status")
    if os.getuid() != 0 or not status.exists():
        return False
    words = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return bool(int(words["CapEff"], 16) >> 21 & 1)  # CAP_SYS_ADMIN


@pytest.mark.skipif(not may_make_namespaces(), reason="for root, not in a container")
@pytest.mark.skipif(not bwrap.program(), reason="bubblewrap is not installed")
def test_root_gets_the_level_for_servers() -> None:
    """A level that was broken would be skipped everywhere else."""
    assert grader.sandbox.why_not("full") == ""
    assert best().name == "full"


@pytest.mark.skipif(os.getuid() == 0, reason="for an ordinary user")
def test_the_level_for_servers_needs_root() -> None:
    with pytest.raises(CourseError, match="only root"):
        by_name("full")
