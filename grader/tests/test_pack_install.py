"""``grader install``: a pack is there whole or not at all, whatever happens."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from grader.pack import installed
from pack_kit import leave_checkout, mini_pack, reindexed
from running import Shell

INSTALL = [sys.executable, "-c", "from grader.cli import main; main()", "install"]


@pytest.fixture
def packs(tmp_path: Path) -> dict[str, Path]:
    """Return the files of three packs, by version."""
    found = {}
    for version in ("1.0", "1.1", "1.10"):
        found[version] = tmp_path / f"hw0-grading-{version}.zip"
        found[version].write_bytes(mini_pack(tmp_path / version, version))
    return found


@pytest.fixture
def grader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    shell = Shell(tmp_path / "records", monkeypatch, capsys)
    leave_checkout(monkeypatch, tmp_path)
    shell.go(tmp_path)
    return shell


def kept(grader: Shell) -> dict[str, bytes]:
    folder = grader.home / "packs"
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_pack_comes_is_replaced_and_goes(
    grader: Shell, packs: dict[str, Path]
) -> None:
    assert "No grading pack is installed." in grader("install", "--list").out
    first = grader("install", packs["1.0"])
    assert first.code == 0
    assert "Installed the grading pack of hw0, version 1.0: 3 hidden" in first.out
    assert f"SHA-256: {digest(packs['1.0'])}" in first.out
    assert kept(grader) == {"hw0.zip": packs["1.0"].read_bytes()}

    again = grader("install", packs["1.0"], "--json").json
    assert (again["change"], again["version"]) == ("same", "1.0")
    newer = grader("install", packs["1.10"])
    assert "version 1.10, in place of 1.0." in newer.out
    assert "older" not in newer.out
    older = grader("install", packs["1.1"])
    assert "in place of 1.10. It is older than that one." in older.out
    assert kept(grader) == {"hw0.zip": packs["1.1"].read_bytes()}

    assert "another course" not in newer.out + older.out

    row = grader("install", "--list", "--json").json["packs"][0]
    assert (row["homework"], row["version"], row["cases"]) == ("hw0", "1.1", 3)
    assert row["sha256"] == digest(packs["1.1"])
    assert "hw0  1.1 " in grader("install", "--list").out

    assert grader("install", "--remove", "hw0").code == 0
    assert kept(grader) == {}
    gone = grader("install", "--remove", "hw0")
    assert gone.code == 1
    assert "no installed pack of hw0; installed: none" in gone.err


def test_the_pack_of_another_course_is_replaced_and_that_is_said(
    grader: Shell, packs: dict[str, Path], tmp_path: Path
) -> None:
    other = tmp_path / "other.zip"
    data = reindexed(packs["1.0"].read_bytes(), lambda i: i.update(course="Elsewhere"))
    other.write_bytes(data)
    grader("install", other)
    done = grader("install", packs["1.0"])
    assert "in place of 1.0. That one was of another course, Elsewhere." in done.out


def test_the_published_digest_is_asked_for(
    grader: Shell, packs: dict[str, Path]
) -> None:
    wrong = grader("install", packs["1.1"], "--sha256", digest(packs["1.0"]))
    assert wrong.code == 1
    assert "is not the pack that was published" in wrong.err
    assert digest(packs["1.1"]) in wrong.err
    assert not (grader.home / "packs" / "hw0.zip").exists()
    right = digest(packs["1.1"]).upper()
    assert grader("install", packs["1.1"], "--sha256", right).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name one pack's FILE"),
        (["--list", "--remove", "hw0"], "name one pack's FILE"),
        (["missing.zip"], "missing.zip is not a file"),
        (["."], "is not a file. Name the pack's zip archive"),
        (["--list", "--sha256", "0"], "goes together with the FILE"),
        (["--remove", "../../hw0"], "is not the name of a homework"),
    ],
)
def test_wrong_words(grader: Shell, words: list[str], said: str) -> None:
    done = grader("install", *words)
    assert done.code == 1
    assert said in done.err


def test_what_is_refused_leaves_everything_as_it_was(
    grader: Shell, packs: dict[str, Path], tmp_path: Path
) -> None:
    grader("install", packs["1.0"])
    broken = tmp_path / "broken.zip"
    data = packs["1.1"].read_bytes()
    for content in (data[:-40], b"", reindexed(data, lambda i: i.update(format=7))):
        broken.write_bytes(content)
        assert grader("install", broken).code == 1
        assert kept(grader) == {"hw0.zip": packs["1.0"].read_bytes()}


def test_a_damaged_installation_is_said_and_mended(
    grader: Shell, packs: dict[str, Path]
) -> None:
    grader("install", packs["1.0"])
    place = grader.home / "packs" / "hw0.zip"
    place.write_bytes(place.read_bytes()[:-40])
    assert "not a sound grading pack" in grader("install", "--list").out
    assert "problem" in grader("install", "--list", "--json").json["packs"][0]
    mended = grader("install", packs["1.0"])
    assert "in place of one that was damaged" in mended.out
    assert kept(grader) == {"hw0.zip": packs["1.0"].read_bytes()}


def test_a_pack_under_another_homeworks_name_is_not_taken(
    grader: Shell, packs: dict[str, Path]
) -> None:
    grader("install", packs["1.0"])
    place = grader.home / "packs" / "hw0.zip"
    place.rename(place.with_name("hw1.zip"))
    assert "is the pack of hw0" in grader("install", "--list").out
    place.with_name("notes.zip").write_bytes(b"")
    assert installed.names() == ["hw1"]


def test_a_full_or_forbidden_disk_is_one_line(
    grader: Shell, packs: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    grader("install", packs["1.0"])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.files.os.fsync", full)
    done = grader("install", packs["1.1"])
    assert done.code == 1
    assert "No space left on device" in done.err
    assert kept(grader) == {"hw0.zip": packs["1.0"].read_bytes()}


def test_many_at_once_leave_one_that_is_whole(
    grader: Shell, packs: dict[str, Path]
) -> None:
    running = [
        subprocess.Popen([*INSTALL, str(path)], stdout=subprocess.DEVNULL)
        for path in [*packs.values(), packs["1.1"]]
    ]
    assert [process.wait(timeout=120) for process in running] == [0] * 4
    whole = [path.read_bytes() for path in packs.values()]
    (name, content), *others = kept(grader).items()
    assert name == "hw0.zip"
    assert content in whole
    assert others == []


STOPPED = """
import os, signal, sys
from grader import files
from grader.pack import installed
from pathlib import Path

def stop(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[2] == "write":
    files.os.fsync = stop
else:
    Path.replace = stop
installed.install(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("moment", ["write", "rename"])
def test_killed_in_the_middle_the_old_one_stays(
    moment: str, grader: Shell, packs: dict[str, Path]
) -> None:
    grader("install", packs["1.0"])
    command = [sys.executable, "-c", STOPPED, str(packs["1.1"]), moment]
    killed = subprocess.run(command, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert kept(grader)["hw0.zip"] == packs["1.0"].read_bytes()
    assert installed.load("hw0").index.version == "1.0"
    left = [path for path in (grader.home / "packs").iterdir() if path.suffix != ".zip"]
    assert len(left) == 1  # what it had begun to write, which nobody takes for a pack
    assert installed.names() == ["hw0"]

    assert grader("install", packs["1.1"]).code == 0
    assert left[0].exists()  # young enough to be somebody's who is at it
    long_ago = time.time() - 2 * installed.STALE_SECONDS
    os.utime(left[0], (long_ago, long_ago))
    assert grader("install", packs["1.10"]).code == 0
    assert list(kept(grader)) == ["hw0.zip"]


def test_a_file_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "hw0.zip"
    path.write_bytes(b"")
    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(CourseError, match=r"cannot read .*hw0.zip: Permission denied"):
        installed.install(path)
