"""Taking in copies: layouts, subsets, damage, and archives that mean harm."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from coursekit.data import unpack
from coursekit.data.places import cache_root
from coursekit.data.record import held
from coursekit.data.take import take
from data_kit import LABELS, PICTURES, TEXT, catalogued, packed, tiny_spec

RAW = {
    "tiny-images-idx3-ubyte": PICTURES,
    "tiny-labels-idx1-ubyte": LABELS,
    "some/where/text.md": TEXT,
}


@pytest.fixture(autouse=True)
def tiny():
    with catalogued(tiny_spec()) as spec:
        yield spec


def tar(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


GZIPPED = {f"{name}.gz": packed(content) for name, content in RAW.items()}
LAYOUTS = {
    "plain.tar": tar(RAW, "w"),
    "tiny.tar.gz": tar(RAW),
    "tiny.tgz": tar(GZIPPED),
    "tiny.tar.xz": tar(RAW, "w:xz"),
    "tiny.tar.bz2": tar(RAW, "w:bz2"),
    "tiny.zip": zipped(RAW),
    "gz-in.zip": zipped(GZIPPED),
    "tar-in.zip": zipped({"inner.tar.gz": tar(RAW)}),
    "no-suffix-at-all": tar(RAW),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_archives_of_every_layout(tmp_path, tiny, name):
    (tmp_path / name).write_bytes(LAYOUTS[name])
    taken = take([tmp_path / name])
    assert taken.damaged == {}
    assert held(tiny).complete
    images = (held(tiny).folder / "tiny-images-idx3-ubyte.gz").read_bytes()
    assert gzip.decompress(images) == PICTURES


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress, bytes])
def test_single_files_under_any_name(tmp_path, tiny, pack):
    (tmp_path / "whatever").write_bytes(pack(LABELS))
    assert take([tmp_path / "whatever"]).new == {"tiny": ["tiny-labels-idx1-ubyte.gz"]}


def test_the_published_gzip_form_is_kept(tmp_path, tiny):
    content = gzip.compress(LABELS, 1, mtime=12345)
    (tmp_path / "labels.gz").write_bytes(content)
    take([tmp_path])
    assert (held(tiny).folder / "tiny-labels-idx1-ubyte.gz").read_bytes() == content


def test_a_folder_with_strangers(tmp_path, tiny, run_course):
    for name, content in RAW.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "README").write_text("hello")
    (tmp_path / "other.npz").write_bytes(zipped({"a.npy": b"1", "b.npy": b"2"}))
    other = bytes([0, 0, 8, 1, 0, 0, 0, 2, 1, 2])
    (tmp_path / "other-idx1-ubyte").write_bytes(other)
    result = run_course("data", "add", tmp_path, cwd=tmp_path)
    assert result.exit_code == 0, result.output
    assert "tiny: complete (3 new files)" in result.output
    assert "README (not a file of a known set)" in result.output
    assert "other.npz (none of its 2 files is of a known set)" in result.output
    assert "an IDX file of shape (2,), but of no set known here" in result.output


def test_a_subset_is_named_as_such(tmp_path, tiny, run_course):
    (tmp_path / "x").write_bytes(LABELS)
    result = run_course("data", "add", tmp_path / "x", cwd=tmp_path)
    assert result.exit_code == 0
    assert "tiny: 1 of 3 files" in result.output
    assert "missing: tiny-images-idx3-ubyte.gz, tiny.txt" in result.output


def test_adding_again_changes_nothing(tmp_path, tiny):
    (tmp_path / "x.zip").write_bytes(zipped(RAW))
    take([tmp_path])
    before = (held(tiny).folder / "tiny.txt").stat().st_mtime_ns
    taken = take([tmp_path])
    assert taken.new == {}
    assert sorted(taken.known["tiny"]) == sorted(tiny.names)
    assert (held(tiny).folder / "tiny.txt").stat().st_mtime_ns == before


def test_nothing_known_is_an_error(tmp_path, run_course):
    (tmp_path / "x.txt").write_text("hello")
    result = run_course("data", "add", tmp_path / "x.txt", cwd=tmp_path)
    assert result.exit_code != 0
    assert "no file of a known set was found" in str(result.exception)


def test_a_missing_path_is_an_error(tmp_path, run_course):
    result = run_course("data", "add", tmp_path / "nowhere", cwd=tmp_path)
    assert "nowhere: there is no such file" in str(result.exception)


DAMAGED = {
    "labels.gz": (packed(PICTURES)[:-9], "damaged or cut off"),
    "images.gz": (b"\x1f\x8b\x08\0" + b"garbage" * 9, "damaged or cut off"),
    "set.tar.xz": (tar({"x": TEXT}, "w:xz")[:-40], "damaged or cut off"),
    "set.zip": (zipped(RAW)[:-30], "damaged or cut off"),
    "a-idx3-ubyte": (PICTURES[:-1], "cut off: its header says 58 bytes"),
    "b-idx3-ubyte": (PICTURES + b"!", "too long: its header says 58 bytes"),
    "c-idx3-ubyte": (PICTURES[:10], "cut off inside its header"),
    "d-idx3-ubyte.gz": (packed(b"GIF89a" + PICTURES), "begins with 47 49 46 38"),
    "tiny-labels-idx1-ubyte": (LABELS[:-1] + b"\7", "wrong checksum"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_named_and_stays_out(tmp_path, name, run_course):
    content, reason = DAMAGED[name]
    (tmp_path / name).write_bytes(content)
    result = run_course("data", "add", tmp_path / name, "--json", cwd=tmp_path)
    assert result.exit_code != 0
    assert name in str(result.exception)
    assert reason in str(result.exception)
    assert json.loads(result.output)["new"] == {}
    assert not list(cache_root().glob("*/*"))


def test_a_good_file_beside_a_damaged_one_is_taken(tmp_path, tiny, run_course):
    (tmp_path / "a.gz").write_bytes(packed(PICTURES)[:-9])
    (tmp_path / "b.gz").write_bytes(packed(LABELS))
    result = run_course("data", "add", tmp_path, cwd=tmp_path)
    assert result.exit_code != 0
    assert "a.gz" in str(result.exception)
    assert held(tiny).missing == ["tiny-images-idx3-ubyte.gz", "tiny.txt"]


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("name", ["../../evil", "/tmp/evil", "a/../../../evil"])
@pytest.mark.parametrize("form", [tar, zipped])
def test_names_in_archives_lead_nowhere(tmp_path, tiny, name, form):
    inside = tmp_path / "deep" / "deeper"
    inside.mkdir(parents=True)
    (inside / "x.bin").write_bytes(form({name: LABELS}))
    before = everything(tmp_path)
    assert take([inside]).new == {"tiny": ["tiny-labels-idx1-ubyte.gz"]}
    assert everything(tmp_path) == before
    assert not Path("/tmp/evil").exists()


def test_links_in_archives_are_passed_over(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(LABELS)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for kind, goal in ((tarfile.SYMTYPE, str(secret)), (tarfile.LNKTYPE, "secret")):
            member = tarfile.TarInfo("tiny-labels-idx1-ubyte")
            member.type, member.linkname = kind, goal
            archive.addfile(member)
        fifo = tarfile.TarInfo("pipe")
        fifo.type = tarfile.FIFOTYPE
        archive.addfile(fifo)
    (tmp_path / "x.tgz").write_bytes(out.getvalue())
    taken = take([tmp_path / "x.tgz"])
    assert taken.new == {}
    assert "none of its 3 files" in taken.ignored[str(tmp_path / "x.tgz")]


@pytest.fixture
def small_limits(monkeypatch):
    monkeypatch.setattr(unpack, "LARGEST", 1 << 20)
    monkeypatch.setattr(unpack, "MOST_BYTES", 8 << 20)
    monkeypatch.setattr(unpack, "MOST_MEMBERS", 50)


def peak_of(path: Path) -> tuple[object, int]:
    tracemalloc.start()
    try:
        taken = take([path])
        return taken, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def zeros(count: int, size: int) -> dict[str, bytes]:
    return {f"{i}": bytes(size) for i in range(count)}


BOMBS = {
    "one.gz": (lambda: gzip.compress(bytes(64 << 20)), "larger than"),
    "one.xz": (lambda: lzma.compress(bytes(64 << 20)), "larger than"),
    "one.tar.gz": (lambda: tar(zeros(1, 64 << 20)), "unpacks to more than"),
    "many.tar.gz": (lambda: tar(zeros(40, 1 << 19)), "unpacks to more than"),
    "one.zip": (lambda: zipped(zeros(1, 64 << 20)), "larger than"),
    "many.zip": (lambda: zipped(zeros(40, 1 << 20)), "unpacks to more than"),
    "crowd.tar": (lambda: tar(zeros(60, 0), "w"), "more than 50 files"),
    "crowd.zip": (lambda: zipped(zeros(60, 0)), "more than 50 files"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_put_out(tmp_path, small_limits, name):
    path = tmp_path / name
    make, expected = BOMBS[name]
    path.write_bytes(make())
    taken, peak = peak_of(path)
    assert taken.new == {}
    reasons = [*taken.damaged.values(), *taken.ignored.values()]
    assert len(reasons) == 1
    assert expected in reasons[0]
    assert peak < 12 << 20


def test_a_zip_that_lies_about_sizes_is_bounded(tmp_path, small_limits):
    size = 16_777_301
    content = zipped({"zeros": bytes(size)})
    real = size.to_bytes(4, "little")
    assert content.count(real) == 2
    lie = content.replace(real, (1000).to_bytes(4, "little"))
    (tmp_path / "x.zip").write_bytes(lie)
    taken, peak = peak_of(tmp_path / "x.zip")
    assert taken.new == {}
    assert peak < 8 << 20


def test_archives_in_archives_end_somewhere(tmp_path):
    content = tar({"labels": LABELS})
    for _ in range(5):
        content = zipped({"inner": content})
    (tmp_path / "x.zip").write_bytes(content)
    assert take([tmp_path]).new == {}
