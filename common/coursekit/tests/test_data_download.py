"""Fetching: mirrors, resuming, checksums, against a real server on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from coursekit.data.download import FetchError, Silent, fetch
from coursekit.data.get import get
from coursekit.data.places import cache_root
from coursekit.data.record import held
from coursekit.errors import CourseError
from data_kit import (
    MIRROR,
    TEXT,
    Mirror,
    catalogued,
    download,
    python_path,
    serving,
    tiny_spec,
)

DEAD = "http://127.0.0.1:9/"  # the discard port: nobody listens


class Notes(Silent):
    """Keep what a download says."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.seen: list[int] = []

    def note(self, text: str) -> None:
        self.lines.append(text)

    def at(self, name: str, done: int) -> None:
        self.seen.append(done)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def mirror():
    with serving(Mirror()) as started:
        yield started


@pytest.fixture
def other():
    with serving(Mirror()) as started:
        yield started


def text_from(*bases: str):
    return download("tiny.txt", TEXT, *bases)


def start_of(asked: tuple[str, str | None]) -> int:
    """Return where a request began."""
    return int((asked[1] or "bytes=0-").removeprefix("bytes=").removesuffix("-"))


def unfinished() -> list[Path]:
    return list((cache_root() / ".fetching").iterdir())


def test_a_file_is_fetched_once_and_whole(mirror, notes):
    assert fetch(text_from(mirror.url), notes).read_bytes() == TEXT
    assert mirror.asked == [("/tiny.txt", None)]
    assert notes.lines == []
    assert notes.seen[-1] == len(TEXT)


def test_a_cut_connection_goes_on_where_it_stopped(mirror, notes):
    mirror.cut_after = [30_000]
    assert fetch(text_from(mirror.url), notes).read_bytes() == TEXT
    first, second = mirror.asked
    assert first == ("/tiny.txt", None)
    assert 20_000 < start_of(second) <= 30_000
    assert "going on from there" in notes.text


def test_a_mirror_without_ranges_begins_again(mirror, notes):
    mirror.ranges = False
    mirror.cut_after = [30_000]
    assert fetch(text_from(mirror.url), notes).read_bytes() == TEXT


def test_the_next_mirror_goes_on_with_what_the_first_gave(mirror, other, notes):
    mirror.cut_after = [30_000, 0]
    assert fetch(text_from(mirror.url, other.url), notes).read_bytes() == TEXT
    assert 20_000 < start_of(other.asked[0]) <= 30_000
    assert "trying the next mirror" in notes.text


def test_a_reset_connection_is_survived(mirror, other, notes):
    mirror.reset = True
    mirror.cut_after = [30_000, 20_000, 10_000]
    assert fetch(text_from(mirror.url, other.url), notes).read_bytes() == TEXT


def test_wrong_bytes_are_thrown_away(mirror, other, notes):
    mirror.files["/tiny.txt"] = TEXT[:-1] + b"!"
    assert fetch(text_from(mirror.url, other.url), notes).read_bytes() == TEXT
    assert "wrong checksum; trying the next mirror" in notes.text
    assert other.asked == [("/tiny.txt", None)], "the wrong bytes were built upon"


def test_only_wrong_bytes_leave_nothing(mirror, notes):
    mirror.files["/tiny.txt"] = TEXT[:-1] + b"!"
    with pytest.raises(FetchError, match="wrong checksum"):
        fetch(text_from(mirror.url), notes)
    assert unfinished() == []


def test_another_length_is_refused_unread(mirror, notes):
    mirror.files["/tiny.txt"] = b"<html>Please log in</html>"
    with pytest.raises(FetchError, match="another file: 26 bytes instead of 92000"):
        fetch(text_from(mirror.url), notes)
    assert notes.seen == []


def test_endless_bytes_are_refused(mirror, notes):
    mirror.lengths = False
    mirror.files["/tiny.txt"] = TEXT * 100
    with pytest.raises(FetchError, match="sends more than 92 kB"):
        fetch(text_from(mirror.url), notes)
    assert unfinished() == []


def test_a_missing_file_and_a_dead_mirror_are_passed_over(mirror, other, notes):
    mirror.files.clear()
    found = fetch(text_from(DEAD, mirror.url, other.url), notes)
    assert found.read_bytes() == TEXT
    assert "127.0.0.1: it cannot be reached (is there a network?)" in notes.text
    assert "it answers 404" in notes.text


def test_wrong_leftovers_of_an_earlier_run_are_thrown_away(mirror, notes):
    part = fetch(text_from(mirror.url), notes)
    part.write_bytes(b"x" * 50_000)
    mirror.asked.clear()
    assert fetch(text_from(mirror.url), notes).read_bytes() == TEXT
    assert [span for _, span in mirror.asked] == ["bytes=50000-", None]


def test_a_whole_leftover_of_unknown_length_is_used(mirror, notes):
    unknown = text_from(mirror.url)
    unknown = type(unknown)(unknown.name, unknown.digest, 0, unknown.urls)
    fetch(unknown, notes)
    mirror.asked.clear()
    assert fetch(unknown, notes).read_bytes() == TEXT
    assert mirror.asked == [("/tiny.txt", f"bytes={len(TEXT)}-")]


@pytest.fixture
def tiny(mirror, other):
    """A set the catalogue knows, served by two mirrors."""
    with catalogued(tiny_spec(mirror.url, more=(other.url,))) as spec:
        yield spec


def test_a_set_enters_the_cache_and_is_not_fetched_again(tiny, mirror, notes):
    holding = get(tiny, notes)
    assert holding.complete
    assert (holding.folder / "tiny.txt").read_bytes() == TEXT
    images = holding.folder / "tiny-images-idx3-ubyte.gz"
    assert images.read_bytes() == MIRROR["/tiny-images-idx3-ubyte.gz"]
    assert unfinished() == []
    asked = len(mirror.asked)
    assert get(tiny, notes).complete
    assert len(mirror.asked) == asked


def test_only_what_is_missing_is_fetched(tiny, mirror, notes):
    get(tiny, notes)
    (held(tiny).folder / "tiny.txt").unlink()
    mirror.asked.clear()
    assert get(tiny, notes).complete
    assert mirror.asked == [("/tiny.txt", None)]


def test_what_came_before_a_failure_stays(tiny, mirror, other, notes):
    del mirror.files["/tiny.txt"], other.files["/tiny.txt"]
    with pytest.raises(CourseError, match=r"tiny\.txt could not be fetched") as caught:
        get(tiny, notes)
    assert "course data add PATH" in str(caught.value)
    assert held(tiny).missing == ["tiny.txt"]


def test_another_plan_is_tried(tiny, mirror, notes):
    dead = tuple(
        type(one)(one.name, one.digest, one.size, (DEAD,)) for one in tiny.plans[0]
    )
    spec = type(tiny)(**{**vars(tiny), "plans": (dead, *tiny.plans)})
    assert get(spec, notes).complete
    assert "could not be fetched" in notes.text


def test_offline_never_asks(tiny, mirror, notes):
    with pytest.raises(CourseError, match="tiny: it is not on this machine"):
        get(tiny, notes, offline=True)
    assert mirror.asked == []


def test_no_room_is_said_before_fetching(tiny, mirror, notes, monkeypatch):
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr("coursekit.data.get.shutil.disk_usage", lambda path: usage)
    with pytest.raises(CourseError, match=r"100 bytes are free: .*COURSE_DATA"):
        get(tiny, notes)
    assert mirror.asked == []


PROGRAM = """
import sys
from data_kit import tiny_spec
from coursekit.data import catalog
catalog.SETS["tiny"] = tiny_spec(sys.argv.pop(1))
from coursekit.cli import main
main()
"""


def command(mirror: Mirror, *arguments: str) -> subprocess.Popen[str]:
    """Start ``course ...`` in a process that knows the tiny set."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, mirror.url, *arguments],
        env={**os.environ, "PYTHONPATH": python_path()},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_for_part(running: subprocess.Popen[str], size: int) -> None:
    deadline = time.monotonic() + 30
    while running.poll() is None and time.monotonic() < deadline:
        folder = cache_root() / ".fetching"
        if folder.is_dir() and any(p.stat().st_size >= size for p in folder.iterdir()):
            return
        time.sleep(0.02)
    raise AssertionError("the download did not begin")


def test_an_interrupted_command_goes_on_when_run_again(mirror):
    mirror.pause = 0.1
    running = command(mirror, "data", "get", "tiny")
    wait_for_part(running, 5_000)
    running.send_signal(signal.SIGINT)
    _, error = running.communicate(timeout=20)
    assert running.returncode == 1
    assert "interrupted. What was fetched is kept" in error
    assert "Traceback" not in error
    mirror.pause = 0.0
    mirror.asked.clear()
    again = command(mirror, "data", "get", "tiny")
    out, error = again.communicate(timeout=20)
    assert again.returncode == 0, error
    assert "tiny: Tiny, a set for tests" in out
    assert mirror.asked[0][1] is not None, "it began anew"


def test_two_commands_at_once_fetch_a_set_once(mirror):
    mirror.pause = 0.02
    both = [command(mirror, "data", "get", "tiny", "--json") for _ in range(2)]
    for each in both:
        out, error = each.communicate(timeout=40)
        assert each.returncode == 0, error
        assert '"complete": true' in out
    assert sorted(path for path, _ in mirror.asked) == sorted(MIRROR)
