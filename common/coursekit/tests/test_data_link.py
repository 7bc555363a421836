"""Linking a set into a homework: the original's layout, nobody's file replaced."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from coursekit.data.catalog import named
from coursekit.data.find import find
from coursekit.data.link import link_into
from coursekit.data.record import held
from coursekit.data.take import take
from coursekit.errors import CourseError
from data_kit import LABELS, PICTURES, TEXT, catalogued, tiny_spec


@pytest.fixture
def tiny(tmp_path):
    with catalogued(tiny_spec()) as spec:
        for name, content in {"a": PICTURES, "b": LABELS, "c": TEXT}.items():
            (tmp_path / name).write_bytes(content)
            take([tmp_path / name])
        yield held(spec)


@pytest.fixture
def homework(tmp_path) -> Path:
    folder = tmp_path / "hw0"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        (
            "fashion-small",
            ["data/train-images-idx3-ubyte.gz", "data/t10k-labels-idx1-ubyte.gz"],
        ),
        ("shakespeare-small", ["data/shakespeare/train.txt"]),
        (
            "synthetic-cifar",
            [
                "data/cifar-10-batches-py/data_batch_5",
                "data/cifar-10-batches-py/batches.meta",
            ],
        ),
    ],
)
def test_the_layout_is_the_originals(homework, name, paths, run_course):
    result = run_course("data", "get", name, "--into", homework, "--json", cwd=homework)
    assert result.exit_code == 0, result.output
    (entry,) = json.loads(result.output)
    assert entry["complete"]
    for path in paths:
        assert (homework / path).is_symlink()
        assert (homework / path).stat().st_size > 100
    assert Path(entry["into"]) == (homework / paths[0]).parent


@pytest.mark.parametrize(
    ("name", "into"),
    [("mnist", "data"), ("cifar10", "data/cifar-10-batches-py"), ("ptb", "data/ptb")],
)
def test_the_full_sets_go_where_the_original_has_them(name, into):
    assert named(name).into == into


def test_a_students_file_stops_everything(homework, tiny):
    mine = homework / "data" / "tiny.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(CourseError, match="nothing was changed") as caught:
        link_into(tiny, homework)
    assert str(mine) in str(caught.value)
    assert mine.read_text() == "mine"
    assert [path.name for path in mine.parent.iterdir()] == ["tiny.txt"]


def test_a_students_link_stops_everything(homework, tiny, tmp_path):
    mine = homework / "data" / "tiny.txt"
    mine.parent.mkdir()
    mine.symlink_to(tmp_path / "nowhere")
    with pytest.raises(CourseError, match="nothing was changed"):
        link_into(tiny, homework)
    assert mine.readlink() == tmp_path / "nowhere"


def test_a_copy_of_the_same_file_stays(homework, tiny):
    mine = homework / "data" / "tiny.txt"
    mine.parent.mkdir()
    mine.write_bytes(TEXT)
    link_into(tiny, homework)
    assert not mine.is_symlink()
    assert (homework / "data" / "tiny-images-idx3-ubyte.gz").is_symlink()


def test_a_stand_in_gives_way_to_the_set_and_back(homework, tmp_path):
    """Links of ours are replaced; none of the other set is left behind."""
    small = held(named("fashion-small"))
    link_into(small, homework)
    spec = type(small.spec)(**{**vars(small.spec), "name": "two", "origin": "fetched"})
    folder = tmp_path / "home" / "two"
    folder.mkdir(parents=True)
    part = type(small)(spec, small.folder, small.present[:2])
    link_into(part, homework)
    names = sorted(path.name for path in (homework / "data").iterdir())
    assert names == sorted(file.name for file in small.present[:2])


def test_again_is_harmless(homework, tiny):
    first = link_into(tiny, homework)
    before = {path: path.lstat().st_mtime_ns for path in first.iterdir()}
    assert link_into(tiny, homework) == first
    assert {path: path.lstat().st_mtime_ns for path in first.iterdir()} == before


def test_copies_where_links_fail(homework, tiny, monkeypatch):
    def fail(self, target):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", fail)
    target = link_into(tiny, homework)
    assert not (target / "tiny.txt").is_symlink()
    assert (target / "tiny.txt").read_bytes() == TEXT
    assert sorted(p.name for p in target.iterdir()) == sorted(tiny.spec.names)


def test_a_file_named_data(homework, tiny):
    (homework / "data").write_text("mine")
    with pytest.raises(CourseError, match="something is in the way"):
        link_into(tiny, homework)
    assert (homework / "data").read_text() == "mine"


def test_a_folder_that_is_not_there(homework, tiny):
    with pytest.raises(CourseError, match="there is no such folder"):
        link_into(tiny, homework / "hw9")


def test_original_code_reads_what_was_linked(homework):
    """The path and the format are those the original homework opens."""
    import gzip

    link_into(held(named("fashion-small")), homework)
    name = homework / "data" / "t10k-images-idx3-ubyte.gz"
    with gzip.open(name, "rb") as stream:
        assert int.from_bytes(stream.read(4), "big") == 2051
        assert int.from_bytes(stream.read(4), "big") == 1000
    assert find("fashion-small").folder.joinpath(name.name).samefile(name)
