"""A box runs one case after another, and is rebuilt when one has broken it."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
import time
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from gradebox.limits import Limits
from grader.box import Box, Contents
from grader.sandbox import best
from mini_box import probing, run_case
from mini_levels import each_level, sandbox, walled_level

from grader import listener


def processes_named(mark: str) -> list[str]:
    """Return the command lines of all processes that contain the mark.

    Without a namespace to end with, a process that was killed may take a moment.
    """
    for _ in range(40):
        if not (found := _named(mark)):
            break
        time.sleep(0.05)
    return found


def _named(mark: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if mark in line:
            found.append(line)
    return found


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which temporary files are made during the test."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@each_level()
def test_a_box_leaves_nothing_behind(level: str, scratch: Path) -> None:
    with probing(sandbox(level), "open('x', 'w'); os.mkdir('d', 0); return 1") as box:
        run = run_case(box)
        assert run.answers["found"].value == 1
        assert list(scratch.iterdir())
    assert not list(scratch.iterdir())


@each_level()
def test_folders_deeper_than_python_recurses_are_removed(
    level: str, scratch: Path
) -> None:
    body = """
for _ in range(2500):
    os.mkdir("d" * 99)
    os.chdir("d" * 99)
os.chmod(".", 0)
return 1
"""
    with probing(sandbox(level), body) as box:
        for _ in range(2):
            assert run_case(box).answers["found"].value == 1
    assert not list(scratch.iterdir())


def test_level_none_works_where_there_is_no_ps(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(scratch))
    with probing(sandbox("none"), "return 1") as box:
        assert run_case(box).answers["found"].value == 1


JUNK = """
import json, struct
empty = ["{}"] * 300_000
for number in range(99):
    known = {"frame": "answer", "name": str(number), "value": ["none"]}
    known |= {"witnessed": False, "inputs": "", "buffers": [], "junk": "JUNK"}
    head = json.dumps(known).replace('"JUNK"', f"[{','.join(empty)}]").encode()
    data = struct.pack("<4sII", b"GBX1", len(head), 0) + head
    while data:
        data = data[os.write(3, data):]
return 1
"""


def test_headers_cannot_fill_the_graders_memory() -> None:
    """Text becomes objects of many times its size: 99 of these were 2 GB."""
    with probing(best(), JUNK) as box:
        run = run_case(box)
    assert run.end == "flood"
    assert 0 < len(run.answers) < 20
    assert run.frames == []


@each_level()
def test_leftover_processes_are_ended_and_the_box_rebuilt(level: str) -> None:
    body = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/bin/sleep", ["sleep", "98765"])
    os._exit(0)
os.wait()
return 1
"""
    with probing(sandbox(level), body) as box:
        for _ in range(2):
            run = run_case(box, Limits(seconds=10, memory_mb=1024, processes=True))
            assert run.end == "leftovers"
            assert run.answers["found"].value == 1  # what was handed over stays
    assert processes_named("sleep 98765") == []


@each_level()
def test_a_hanging_daemon_does_not_outlive_the_deadline(level: str) -> None:
    body = """
if os.fork() == 0:
    os.setsid()
    os.execv("/bin/sleep", ["sleep", "98764"])
while True: pass
"""
    with probing(sandbox(level), body) as box:
        began = time.monotonic()
        run = run_case(box, Limits(seconds=1, memory_mb=1024, processes=True))
        assert run.end == "timeout"
        assert time.monotonic() - began < 10
        assert processes_named("sleep 98764") == []


def test_a_supervisor_that_died_idle_costs_nothing() -> None:
    with probing(best(), "return 1") as box:
        for _ in range(2):
            assert run_case(box).answers["found"].value == 1
            assert box._process is not None
            box._process.end()
            box._process.popen.wait()


def test_a_killed_supervisor_costs_one_case() -> None:
    """At level none the child can kill its supervisor, where no filter forbids it."""
    body = "os.kill(os.getppid(), 9); import time; time.sleep(60)"
    with probing(sandbox("none"), body) as box:
        for _ in range(2):
            run = run_case(box, Limits(seconds=10, memory_mb=1024, processes=True))
            assert run.end == "lost"


@walled_level()
def test_the_first_process_cannot_be_killed_from_inside(level: str) -> None:
    body = "[os.kill(1, n) for n in range(1, 32)]; return 1"
    with probing(sandbox(level), body) as box:
        run = run_case(box, Limits(seconds=10, memory_mb=1024, processes=True))
        assert (run.end, run.returned) == ("exited", True)


@each_level()
def test_the_scratch_folder_is_empty_for_every_case(level: str) -> None:
    body = """
seen = sorted(os.listdir("..")), os.listdir(".")
os.makedirs("a/b/c"); open("../left", "w").close()
os.symlink("/work", "link"); open("a/file", "w").close(); os.chmod("a/b", 0)
return [len(seen[0]), seen[1]]
"""
    with probing(sandbox(level), body) as box:
        for _ in range(3):
            run = run_case(box)
            assert run.answers["found"].value == [1, []]


def test_a_scratch_folder_that_resists_means_a_new_box() -> None:
    body = """
for _ in range(3000):
    os.mkdir("d"); os.chdir("d")
return 1
"""
    with probing(best(), body) as box:
        for _ in range(2):
            assert run_case(box).answers["found"].value == 1


@walled_level()
def test_the_scratch_folder_has_an_end(level: str) -> None:
    body = """
wrote = 0
try:
    for n in range(100):
        with open(str(n), "wb") as file:
            wrote += file.write(bytes(2**25))
except OSError:
    pass
return wrote >> 20
"""
    with probing(sandbox(level), body) as box:
        wrote = run_case(box).answers["found"].value
    assert isinstance(wrote, int)
    assert wrote <= 512


@each_level()
def test_another_thread_can_abort_a_job(level: str, scratch: Path) -> None:
    with probing(sandbox(level), "while True: pass") as box:
        box._ready_control()
        threading.Timer(0.3, box.abort).start()
        began = time.monotonic()
        run = run_case(box, Limits(seconds=30, memory_mb=1024))
        assert run.end == "lost"
        assert time.monotonic() - began < 10
        with pytest.raises(InterruptedError):
            run_case(box)
    assert not list(scratch.iterdir())


def test_an_interrupt_leaves_nothing_behind(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(listener.Listener, "listen", interrupted)
    with pytest.raises(KeyboardInterrupt), probing(best(), "return 1") as box:
        run_case(box)
    assert not list(scratch.iterdir())


def test_a_suite_that_does_not_load_is_the_graders_error() -> None:
    contents = Contents("hw0", {"x": b""}, {"cases.py": b"1 / 0"}, ("numpy",))
    with (
        Box(best(), contents) as box,
        pytest.raises(CourseError, match=r"(?s)did not start.*ZeroDivisionError"),
    ):
        box.run({"do": "case", "case": "x", "seed": "00" * 32}, Limits())


def test_a_missing_package_is_named() -> None:
    contents = Contents("hw0", {"x": b""}, None, ("no-such-package",))
    with Box(best(), contents) as box, pytest.raises(CourseError, match="pip install"):
        box.start()


def test_the_beginning_and_the_end_of_long_output_are_kept() -> None:
    body = "print('first'); print('x' * 200_000); print('last'); return 1"
    with probing(best(), body) as box:
        output = run_case(box).output
    assert output.startswith(b"first\n")
    assert output.endswith(b"last\n")
    assert len(output) < 3 * listener.KEEP_OUTPUT
    assert b"bytes ...]" in output


def test_costs_are_reported() -> None:
    body = "x = 0\nfor _ in range(3_000_000): x += 1\nreturn x"
    with probing(best(), body) as box:
        run = run_case(box)
    assert 0.02 < run.cpu_seconds <= run.wall_seconds + 0.1


def test_no_room_for_temporary_files_is_said(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with (
        pytest.raises(CourseError, match=r"No space left .* TMPDIR"),
        probing(best(), "return 1") as box,
    ):
        run_case(box)
    assert not list(scratch.iterdir())
