"""A submission's archive: read in memory, no trick of the format believed."""

from __future__ import annotations

import random
import stat
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from grader.submission import Submission
from mini_homework import mini_model

HOMEWORK = mini_model()


def make(path: Path, entries: dict[str, bytes], **options: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = options.get(name, 0o644 | stat.S_IFREG) << 16
            archive.writestr(info, data)
    return path


def take(path: Path) -> Submission:
    return Submission.from_zip(path, HOMEWORK)


def test_the_same_files_make_the_same_submission(tmp_path: Path) -> None:
    folder = tmp_path / "hw0"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "mini.py").write_text("x = 1")
    entries = {"src/mini.py": b"x = 1", "README.md": b"hello"}
    archive = take(make(tmp_path / "a.zip", entries))
    assert archive == Submission.from_folder(folder, HOMEWORK)


def test_a_packed_folder_is_unwrapped(tmp_path: Path) -> None:
    entries = {
        "my work/src/mini.py": b"x",
        "my work/Makefile": b"y",
        "__MACOSX/my work/src/._mini.py": b"clutter",
        ".DS_Store": b"clutter",
    }
    assert take(make(tmp_path / "a.zip", entries)).files == {"src/mini.py": b"x"}


@pytest.mark.parametrize(
    "name",
    ["../src/mini.py", "/src/mini.py", "src/../src/mini.py", "src/../../mini.py"],
)
def test_names_that_leave_the_folder(name: str, tmp_path: Path) -> None:
    entries = {name: b"evil", "src/good.py": b"x"}
    assert list(take(make(tmp_path / "a.zip", entries)).files) == ["src/good.py"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_entries_that_are_no_files(kind: int, tmp_path: Path) -> None:
    entries = {"src/mini.py": b"/etc/passwd", "src/good.py": b"x"}
    path = make(tmp_path / "a.zip", entries, **{"src/mini.py": kind | 0o777})
    taken = take(path)
    assert list(taken.files) == ["src/good.py"]
    assert "not a regular file" in taken.notes[0]


def test_a_bomb_is_stopped_by_what_it_gives_not_by_what_it_claims(
    tmp_path: Path,
) -> None:
    path = make(tmp_path / "a.zip", {"src/mini.py": b"0" * 50_000_000})
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(CourseError, match="larger than 1,000,000 bytes"):
            take(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000
    # The same, claiming to be small: central directory and local header both lie.
    data = path.read_bytes().replace(
        (50_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    )
    path.write_bytes(data)
    try:
        taken = take(path)
    except CourseError:
        return
    assert sum(map(len, taken.files.values())) <= 1_000_000


def test_too_many_entries(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", {f"x{n}": b"" for n in range(5001)})
    with pytest.raises(CourseError, match="more than 5000 entries"):
        take(path)


def test_the_same_name_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("src/mini.py", b"one")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("src/mini.py", b"two")
    taken = take(path)
    assert taken.files == {"src/mini.py": b"one"}
    assert "already" in taken.notes[0]


def test_a_file_cannot_be_a_folder_as_well(tmp_path: Path) -> None:
    deep = HOMEWORK.submission.model_copy(update={"files": ["src/**/*.py"]})
    homework = HOMEWORK.model_copy(update={"submission": deep})
    entries = {"src/a.py": b"x", "src/a.py/b.py": b"y", "src/c/d.py": b"z"}
    taken = Submission.from_zip(make(tmp_path / "a.zip", entries), homework)
    assert list(taken.files) == ["src/a.py", "src/c/d.py"]
    assert "would have to be a folder" in taken.notes[0]


def test_a_file_below_the_name_of_a_given_one_is_left_out() -> None:
    files = {"src/mini.py": b"x", "src/given.py/a.py": b"y"}
    submission = Submission.from_files(files, ["a note"])
    taken = submission.beside(["src/given.py", "Makefile"])
    assert taken.files == {"src/mini.py": b"x"}
    assert taken.notes[0] == "a note"
    assert "src/given.py/a.py was left out: another file would" in taken.notes[1]


def test_damage_is_an_error_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"not a zip at all")
    with pytest.raises(CourseError, match="not a sound zip"):
        take(path)
    whole = make(tmp_path / "b.zip", {"src/mini.py": b"x" * 1000}).read_bytes()
    for cut in (10, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:cut])
        with pytest.raises(CourseError, match="not a sound zip"):
            take(path)
    with pytest.raises(CourseError, match="cannot read"):
        take(tmp_path / "nothing.zip")


def test_any_byte_may_be_wrong(tmp_path: Path) -> None:
    whole = make(tmp_path / "b.zip", {"src/mini.py": b"x = 1\n" * 20}).read_bytes()
    path = tmp_path / "a.zip"
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            taken = take(path)
        except CourseError:
            continue
        assert set(taken.files) <= {"src/mini.py"}


def test_damaged_archives_are_refused_in_words(tmp_path: Path) -> None:
    """Bytes are changed, cut and added; about every third archive stays readable."""
    rng = random.Random(1)
    whole = make(tmp_path / "a.zip", {"src/mini.py": b"x = 1" * 9, "src/b.py": b"y"})
    data, refused = whole.read_bytes(), 0
    for _ in range(3000):
        damaged = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            at, count = rng.randrange(len(damaged)), rng.randint(0, 4)
            damaged[at : at + count] = rng.choice(
                [b"\0", b"\xff", rng.randbytes(count)]
            )
        (tmp_path / "b.zip").write_bytes(damaged)
        try:
            take(tmp_path / "b.zip")
        except CourseError:
            refused += 1
    assert 100 < refused < 3000
