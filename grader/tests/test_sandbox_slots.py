"""Users for boxes: one at a time, clean before the next, given back by the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import gradebox
import pytest
from coursekit.errors import CourseError
from grader.sandbox import Spec, bwrap, full, orphans, processes, slots
from grader.sandbox.full import FullSandbox
from mini_box import probing, run_case

pytestmark = pytest.mark.skipif(bool(full.trouble()), reason=full.trouble())


@pytest.fixture(autouse=True)
def own_slots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Use two numbers that no grader of this machine takes, and a folder for them."""
    monkeypatch.setattr(slots, "FOLDER", tmp_path / "slots")
    monkeypatch.setattr(slots, "FIRST", 61100 + 2 * (os.getpid() % 40))
    monkeypatch.setattr(slots, "COUNT", 2)


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process of the first slot's user that nobody has ended."""
    with subprocess.Popen(["sleep", "98763"], user=slots.FIRST, cwd="/") as popen:
        yield popen
        popen.kill()


def test_slots_are_different_until_they_are_given_back() -> None:
    one, other = slots.take(), slots.take()
    assert [one.uid, other.uid] == [slots.FIRST, slots.FIRST + 1]
    one.release()
    assert slots.take(patience=0).uid == slots.FIRST
    other.release()


def test_when_all_are_taken_somebody_waits_and_is_told_in_the_end() -> None:
    taken = [slots.take(), slots.take()]
    began = time.monotonic()
    with pytest.raises(CourseError, match=r"all 2 users .* within 0.2 s"):
        slots.take(patience=0.2)
    assert time.monotonic() - began >= 0.2
    for slot in taken:
        slot.release()


def test_another_process_sees_the_lock_and_its_death_frees_it() -> None:
    code = (
        "import sys, time; from pathlib import Path; from grader.sandbox import slots\n"
        f"slots.FOLDER, slots.FIRST, slots.COUNT = Path({str(slots.FOLDER)!r}), "
        f"{slots.FIRST}, 2\n"
        "print(slots.take().uid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert int(other.stdout.readline()) == slots.FIRST
        mine = slots.take()
        assert mine.uid == slots.FIRST + 1
        other.kill()
        other.wait()
        assert (slots.FOLDER / str(slots.FIRST)).read_text().strip() == str(other.pid)
        assert slots.take(patience=0).uid == slots.FIRST
        mine.release()


def test_what_a_killed_grader_left_is_ended_before_its_user_serves_again(
    sleeper: subprocess.Popen[bytes],
) -> None:
    slots.take().release(clean=False)
    assert processes.owned_by(slots.FIRST) == [sleeper.pid]
    slots.take().release()
    assert sleeper.wait(5) == -9


def test_a_slot_that_cannot_be_cleaned_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slots.take().release(clean=False)
    monkeypatch.setattr(slots, "DYING", 0.0)
    monkeypatch.setattr(slots, "owned_by", lambda uid: [2**22 + 1])  # never ends
    assert slots.take().uid == slots.FIRST + 1


def test_a_number_with_an_account_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    known = slots.FIRST
    monkeypatch.setattr(slots, "_has_account", lambda uid: uid == known)
    assert slots.take().uid == known + 1


def test_a_link_in_place_of_a_lock_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    slots.FOLDER.mkdir()
    (slots.FOLDER / str(slots.FIRST)).symlink_to(victim)
    with pytest.raises(OSError, match="symbolic links"):
        slots.take()
    assert victim.read_text() == "precious"


def test_a_box_gives_its_slot_back_clean() -> None:
    with probing(FullSandbox(), "return os.getuid()") as box:
        for _ in range(2):
            assert run_case(box).answers["found"].value == slots.FIRST
            assert (slots.FOLDER / str(slots.FIRST)).read_text() == f"{os.getpid()}\n"
    assert (slots.FOLDER / str(slots.FIRST)).read_text() == ""
    assert processes.owned_by(slots.FIRST) == []


GRADER = """
import sys
from pathlib import Path
from mini_box import probing, run_case
from grader.sandbox import slots
from grader.sandbox.full import FullSandbox
from gradebox.limits import Limits

slots.FOLDER, slots.FIRST, slots.COUNT = Path(sys.argv[1]), int(sys.argv[2]), 2
body = '''
import time
if os.fork() == 0:  # the case itself leads a session, and could not begin another
    os.setsid()
for _ in range(2):
    os.fork()
time.sleep(60)
'''
with probing(FullSandbox(), body) as box:
    box._ready_control()
    print("ready", flush=True)
    run_case(box, Limits(seconds=60, memory_mb=512, processes=True))
"""


def test_a_killed_grader_leaves_no_process_and_its_slot_serves_again() -> None:
    command = [sys.executable, "-c", GRADER, str(slots.FOLDER), str(slots.FIRST)]
    path = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=path) as grader:
        assert grader.stdout is not None
        assert grader.stdout.readline() == b"ready\n"
        while len(processes.owned_by(slots.FIRST)) < 5:
            assert grader.poll() is None
            time.sleep(0.02)
        grader.kill()
        grader.wait()
    slot = slots.take()
    assert slot.uid == slots.FIRST
    assert processes.owned_by(slots.FIRST) == []
    slot.release()


def abandoned(errors: IO[bytes], kit: str) -> int:
    """Return a first process whose bubblewrap was killed while it made the box."""
    spec = Spec([], {kit: Path(gradebox.__file__).parent}, (), errors)
    command = [*bwrap.common_namespaces(), *bwrap.furnishing(spec), "--", "/bin/true"]
    popen, leader = bwrap.launch(command, spec)
    found = leader.pid()
    popen.kill()
    popen.wait()
    leader.over(clean=False)
    assert found is not None
    return found


def runs(pid: int) -> bool:
    """Tell whether a process is there and not just waiting to be taken note of."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def test_boxes_half_made_by_a_killed_grader_are_ended() -> None:
    with tempfile.TemporaryFile() as errors:
        theirs = [abandoned(errors, "/kit/another") for _ in range(8)]
        ours = [abandoned(errors, "/kit/gradebox") for _ in range(8)]
        assert any(map(runs, ours)), "none was caught half made"
        orphans.sweep.cache_clear()
        orphans.sweep()
        spared = [pid for pid in theirs if runs(pid)]
        assert not any(map(orphans.is_orphan, spared))
        for pid in spared:
            os.kill(pid, signal.SIGKILL)
    for _ in range(100):
        if not any(map(runs, ours)):
            break
        time.sleep(0.05)
    assert not any(map(runs, ours))
