"""Finding sets: stand-ins, notes, shipped sets, and a light import."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from coursekit.data import find, identify
from coursekit.data.catalog import SETS, by_digest, named
from coursekit.data.check import damaged_files
from coursekit.data.link import link_into
from coursekit.data.places import cache_root, shipped_root
from coursekit.data.record import held
from coursekit.data.shakespeare import ptb_files
from coursekit.data.take import take
from coursekit.errors import CourseError
from data_kit import LABELS, TEXT, catalogued, tiny_spec


def test_a_stand_in_says_what_it_is():
    found = find("mnist", fallback="fashion-small")
    assert found.name == "fashion-small"
    assert found.describe() == (
        "fashion-small (6000 + 1000 Fashion-MNIST images shipped with the course; "
        "stands in for MNIST)"
    )
    assert (found.folder / "train-images-idx3-ubyte.gz").is_file()


def test_without_a_stand_in_it_says_how_to_get_it():
    with pytest.raises(CourseError) as caught:
        find("mnist")
    message = str(caught.value)
    assert "course data get mnist" in message
    assert "course data add PATH" in message
    assert "fashion-small stands in" in message


def test_an_unknown_name_lists_the_names():
    with pytest.raises(CourseError, match="Did you mean mnist") as caught:
        find("mnits")
    assert all(name in str(caught.value) for name in SETS)


def test_some_batches_of_a_set_are_found_and_named(tmp_path):
    batches = type(tiny_spec())(**{**vars(tiny_spec()), "unit": "batches"})
    with catalogued(batches) as spec:
        (tmp_path / "x").write_bytes(TEXT)
        (tmp_path / "y").write_bytes(LABELS)
        take([tmp_path])
        found = find("tiny", fallback="fashion-small")
        assert found.name == "tiny"
        assert "only 2 of 3 batches" in found.note
        assert found.folder == cache_root() / spec.name


def test_pictures_without_labels_are_of_no_use(tmp_path):
    with catalogued(tiny_spec()):
        (tmp_path / "x").write_bytes(TEXT)
        take([tmp_path])
        assert find("tiny", fallback="fashion-small").name == "fashion-small"
        with pytest.raises(CourseError, match="only 1 of 3 files of it are on this"):
            find("tiny")


def test_a_generated_set_is_made_when_asked_for():
    found = find("cifar10", fallback="synthetic-cifar")
    assert "stands in for CIFAR-10" in found.note
    assert held(named("synthetic-cifar")).complete
    assert damaged_files(held(named("synthetic-cifar"))) == []


def test_names_are_forgiving():
    assert find("Fashion_Small").name == "fashion-small"


def test_a_linked_folder_is_identified_by_content(tmp_path):
    link_into(held(named("fashion-small")), tmp_path)
    found = identify(tmp_path / "data")
    assert found is not None
    assert found.name == "fashion-small"
    assert identify(tmp_path) is None
    labels = tmp_path / "data" / "t10k-labels-idx1-ubyte.gz"
    labels.unlink()
    labels.write_bytes(gzip.compress(LABELS))
    assert identify(tmp_path / "data") is None


def test_the_import_is_light():
    program = (
        "import sys, coursekit.data as d; d.find('mnist', fallback='fashion-small');"
        "print([m for m in ('numpy', 'requests', 'rich', 'pydantic', 'filelock')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], text=True, capture_output=True, check=True
    )
    assert done.stdout.strip() == "[]"


def read(folder: Path, part: str) -> tuple[np.ndarray, np.ndarray]:
    images = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
    x = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 784)
    return x, np.frombuffer(labels, np.uint8, offset=8)


@pytest.mark.parametrize(("part", "each"), [("train", 600), ("t10k", 100)])
def test_fashion_small_is_balanced_and_learnable(part, each):
    folder = find("fashion-small").folder
    x, y = read(folder, part)
    assert np.bincount(y).tolist() == [each] * 10
    x, y = x[:500], y[:500]
    train, marks = read(folder, "train")
    centres = np.stack([train[marks == c].mean(0) for c in range(10)])
    distance = ((x.astype(float)[:, None] - centres) ** 2).sum(-1)
    assert (distance.argmin(1) == y).mean() > 0.6


@pytest.mark.parametrize("name", ["fashion-small", "shakespeare-small"])
def test_shipped_sets_are_what_the_catalogue_says(name):
    holding = held(named(name))
    assert holding.complete
    assert damaged_files(holding) == []


def test_shipped_sets_are_small_and_licensed():
    files = [path for path in shipped_root().rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4_000_000
    licence = (shipped_root() / "fashion-small" / "LICENSE").read_text()
    assert "Zalando" in licence
    assert "Permission is hereby granted" in licence


def test_shakespeare_reads_like_the_treebank():
    folder = find("ptb", fallback="shakespeare-small").folder
    text = (folder / "train.txt").read_text("ascii")
    assert all(line[0] == " " and line[-1] == " " for line in text.splitlines())
    words = set(text.split())
    assert "<unk>" in words
    assert text == text.lower()
    assert 1000 < len(words) < 5000
    for part in ("valid", "test"):
        assert set((folder / f"{part}.txt").read_text("ascii").split()) <= words


def test_speakers_are_left_out_and_rare_words_replaced():
    play = "ROMEO:\nIs love a tender thing?\nThus:\n\nJULIET:\nLove a love.\n" * 10
    files = ptb_files(play + "\nROMEO:\nUnheard-of 'tis!\n")
    assert files["train.txt"].startswith(b" is love a tender thing \n thus \n love a")
    assert b"juliet" not in files["train.txt"]
    assert files["test.txt"].endswith(b" <unk> <unk> <unk> \n")


def test_no_two_sets_share_a_file():
    assert len(by_digest()) == sum(len(spec.files) for spec in SETS.values())


@pytest.mark.slow
def test_the_wheel_carries_the_shipped_sets(tmp_path):
    project = Path(__file__).parents[1]
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "-w",
            tmp_path,
            project,
        ],
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = (
        "from coursekit.data import find; s = find('mnist', fallback='fashion-small');"
        "print(s.folder); import coursekit.notebook.setup as n;"
        "n.setup_cell(homework='hw0', version='1', bundle_url='', build=[])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path)},
        text=True,
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(str(tmp_path / "site" / "coursekit"))


@pytest.mark.network
@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "ptb", "shakespeare"])
def test_the_real_mirrors(name, run_course, tmp_path):
    result = run_course("data", "get", name, cwd=tmp_path)
    assert result.exit_code == 0, result.output
    assert damaged_files(held(named(name))) == []
