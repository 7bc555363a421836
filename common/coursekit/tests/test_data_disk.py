"""A cache that cannot be written: full, forbidden, read-only, in the way, cut off."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from coursekit.data.get import get
from coursekit.data.places import cache_root
from coursekit.data.record import held
from coursekit.data.store import install, writing
from coursekit.data.take import take
from coursekit.errors import CourseError
from data_kit import LABELS, TEXT, Mirror, catalogued, python_path, serving, tiny_spec

# What each process below does: take in a file, say how it ended and what is left.
PROGRAM = """
import json, os, sys
from pathlib import Path
from data_kit import catalogued, tiny_spec
from coursekit.data.download import Silent
from coursekit.data.get import get
from coursekit.data.places import cache_root
from coursekit.data.record import held
from coursekit.data.take import take
from coursekit.errors import CourseError
error = ""
with catalogued(tiny_spec(os.environ.get("MIRROR", ""))) as spec:
    try:
        get(spec, Silent()) if "MIRROR" in os.environ else take([Path(sys.argv[1])])
    except CourseError as caught:
        error = str(caught)
    left = sorted(str(p.relative_to(cache_root())) for p in cache_root().rglob("*")
                  if p.is_file() and p.suffix != ".lock")
    print(json.dumps({"error": error, "left": left, "missing": held(spec).missing}))
"""


def outcome(arguments: list[str], **options) -> dict:
    """Run the program, possibly behind another command, and return what it tells."""
    env = {**os.environ, "PYTHONPATH": python_path(), **options.pop("env", {})}
    done = subprocess.run(
        arguments, env=env, text=True, capture_output=True, check=False, **options
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def program(path: Path) -> list[str]:
    return [sys.executable, "-c", PROGRAM, str(path)]


@pytest.fixture
def text_file(tmp_path) -> Path:
    path = tmp_path / "text"
    path.write_bytes(TEXT)
    return path


def test_a_limit_on_file_sizes(text_file):
    told = outcome(
        program(text_file),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )
    assert "the disk is full, or a limit on it is reached" in told["error"]
    assert "set COURSE_DATA" in told["error"]
    assert told["left"] == []


def test_a_limit_reached_while_fetching():
    with serving(Mirror()) as mirror:
        told = outcome(
            program(Path()),
            env={"MIRROR": mirror.url},
            preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_FSIZE, (50_000, 50_000)
            ),
        )
        requests = [path for path, _ in mirror.asked]
    assert "the disk is full, or a limit on it is reached" in told["error"]
    assert told["missing"] == ["tiny.txt"]
    assert not any(name.startswith(".fetching") for name in told["left"])
    assert requests.count("/tiny.txt") == 1, "a full disk is no reason to ask again"


def mounted(folder: Path, options: str) -> list[str]:
    """Return the command that runs another with a small disk of its own at a folder."""
    mount = f'mount -t tmpfs -o {options} none "{folder}" && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", mount, "sh"]


def can_mount() -> bool:
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("unshare"):
        return False
    probe = [*mounted(Path("/mnt"), "size=64k"), "true"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


needs_mount = pytest.mark.skipif(not can_mount(), reason="needs root and mount")


@needs_mount
def test_a_full_disk(tmp_path, text_file):
    small = tmp_path / "disk"
    small.mkdir()
    command = mounted(small, "size=64k") + program(text_file)
    told = outcome(command, env={"COURSE_DATA": str(small)})
    assert "the disk is full" in told["error"]
    assert "(92 kB were to be written)" in told["error"]
    assert told["left"] == []


@needs_mount
def test_a_read_only_disk(tmp_path, text_file):
    disk = tmp_path / "disk"
    disk.mkdir()
    told = outcome(
        mounted(disk, "ro") + program(text_file), env={"COURSE_DATA": str(disk)}
    )
    assert "cannot be written to (Read-only file system)" in told["error"]


@contextmanager
def another_user() -> Iterator[None]:
    """Be a user to whom root's folders are closed; nothing changes for others."""
    if os.geteuid() != 0:
        yield
        return
    import filelock  # noqa: F401  imported now: nobody may not read our packages

    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder everybody may look into, with a file of the set."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "text").write_bytes(TEXT)
        yield folder


def test_a_folder_of_somebody_else(open_folder, monkeypatch):
    cache = open_folder / "cache"
    cache.mkdir(mode=0o555)
    monkeypatch.setenv("COURSE_DATA", str(cache))
    with (
        catalogued(tiny_spec()),
        another_user(),
        pytest.raises(CourseError, match=r"cannot be written to .*of your own"),
    ):
        take([open_folder / "text"])


def test_a_file_that_may_not_be_read(open_folder):
    (open_folder / "text").chmod(0)
    with another_user():
        (reason,) = take([open_folder]).damaged.values()
    assert reason == "cannot be read (Permission denied)"
    (open_folder / "closed").mkdir(mode=0)
    with another_user(), pytest.raises(CourseError, match=r"cannot be read"):
        take([open_folder / "closed" / "text"])
    with another_user():
        assert "a folder that cannot be read" in take([open_folder]).damaged.values()


@pytest.mark.parametrize("place", ["", "tiny", ".locks", ".writing"])
def test_a_file_in_the_way(text_file, place):
    path = cache_root() / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("in the way")
    with (
        catalogued(tiny_spec()),
        pytest.raises(CourseError, match="something is in the way"),
    ):
        take([text_file])
    assert path.read_text() == "in the way"


def test_leftovers_of_a_killed_command_are_cleared(text_file):
    folder = cache_root() / ".writing"
    folder.mkdir(parents=True)
    (folder / "tiny-abcdef").write_bytes(b"half")
    (folder / "mnist-abcdef").write_bytes(b"another command writes this now")
    with catalogued(tiny_spec()):
        take([text_file])
    assert [path.name for path in folder.iterdir()] == ["mnist-abcdef"]


def test_a_failed_rename_leaves_the_old_file(monkeypatch, text_file):
    with catalogued(tiny_spec()) as spec, writing(spec):
        path = install(spec, spec.files[2], TEXT)

        def fail(self, target):
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(Path, "replace", fail)
        with pytest.raises(CourseError, match="cannot be written"):
            install(spec, spec.files[2], b"new")
        assert path.read_bytes() == TEXT
        assert list((cache_root() / ".writing").iterdir()) == []


def test_a_complete_set_needs_no_writing(text_file, monkeypatch):
    """A cache that an administrator filled and closed can be used."""
    with catalogued(tiny_spec()) as spec:
        take([text_file])

        def refuse(*_: object, **__: object):
            raise AssertionError("it wrote")

        monkeypatch.setattr("coursekit.data.take.writing", refuse)
        taken = take([text_file])
        assert taken.known == {"tiny": ["tiny.txt"]}
        assert held(spec).missing == spec.names[:2]


def test_a_changed_file_is_noticed(text_file, run_course, tmp_path):
    with catalogued(tiny_spec()) as spec:
        (tmp_path / "labels").write_bytes(LABELS)
        take([text_file, tmp_path / "labels"])
        path = held(spec).folder / "tiny.txt"
        path.write_bytes(TEXT[:-1] + b"?")
        assert run_course("data", "list", cwd=tmp_path).exit_code == 0
        result = run_course("data", "list", "--check", cwd=tmp_path)
        assert result.exit_code != 0
        assert "tiny: tiny.txt" in str(result.exception)
        assert "tiny.txt" in held(spec).missing
        with serving(Mirror()) as mirror:
            fetched = get(tiny_spec(mirror.url), Silence())
        assert fetched.complete
        assert path.read_bytes() == TEXT


class Silence:
    def note(self, text: str) -> None: ...
    def start(self, name: str, total: int | None) -> None: ...
    def at(self, name: str, done: int) -> None: ...


def test_a_file_that_shrank_no_longer_counts(text_file):
    with catalogued(tiny_spec()) as spec:
        take([text_file])
        path = held(spec).folder / "tiny.txt"
        path.write_bytes(TEXT[:100])
        assert "tiny.txt" in held(spec).missing
        take([text_file])
        assert path.read_bytes() == TEXT


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"files": 3}', '{"files": {"a": "b"}}']
)
def test_a_damaged_record_counts_as_empty(text_file, text):
    with catalogued(tiny_spec()) as spec:
        take([text_file])
        (held(spec).folder / ".files.json").write_text(text)
        assert held(spec).present == ()
        take([text_file])
        assert "tiny.txt" not in held(spec).missing
