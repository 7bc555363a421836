"""What accesses cost is counted as the hardware does, and told by table and picture."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from cuda_emulator import build
from cuda_emulator.counts import Counted, Kernel, counts, table
from cuda_emulator.pictures import picture
from cuda_emulator.places import Line

SOURCE = Path(__file__).resolve().parent / "forms" / "counted.cu"
Count = Callable[[int, int], Kernel]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def library(cxx: str, tmp_path_factory: pytest.TempPathFactory, objects: Path) -> Path:
    target = tmp_path_factory.mktemp("counted") / "counted.so"
    return build([SOURCE], target, objects=objects)


@pytest.fixture
def count(library: Path, monkeypatch: pytest.MonkeyPatch) -> Count:
    monkeypatch.chdir(SOURCE.parent)
    loaded = ctypes.CDLL(str(library))
    loaded.cuda_emulator_counts.restype = ctypes.c_char_p
    assert loaded.cuda_emulator_configure(b"forward", ctypes.c_uint64(0), 1) == 1

    def run(kernel: int, stride: int) -> Kernel:
        assert loaded.run(kernel, stride) == 0
        text: bytes = loaded.cuda_emulator_counts()
        (counted,) = counts(text.decode(), library)
        return counted

    return run


def at(kernel: Kernel, text: str) -> Counted:
    """Return what was counted at the line with a comment."""
    (found,) = [p for p in kernel.places if p.line and p.line.text().endswith(text)]
    return found


@pytest.mark.parametrize(
    ("stride", "sectors", "percent"),
    [(1, 4, 100), (2, 8, 50), (8, 32, 12.5), (0, 1, 12.5)],
)
def test_global_memory_moves_in_sectors(
    count: Count, stride: int, sectors: int, percent: float
) -> None:
    load = at(count(0, stride), "// load")
    assert (load.act, load.shared, load.traffic.requests) == ("load", False, 1)
    assert load.traffic.sectors == sectors
    assert load.traffic.efficiency == percent / 100
    assert load.sample.offsets == tuple(4 * stride * lane for lane in range(32))


@pytest.mark.parametrize(
    ("stride", "passes"), [(1, 1), (2, 2), (3, 1), (16, 16), (31, 1), (32, 32), (0, 1)]
)
def test_banks_give_one_word_at_a_time(count: Count, stride: int, passes: int) -> None:
    load = at(count(1, stride), "// bank")
    assert load.shared
    assert load.traffic.passes == passes
    assert load.traffic.conflicts == passes


def test_table_has_a_row_for_each_access(count: Count) -> None:
    text = table([count(0, 2), count(1, 32)])
    rows = [
        [cell.strip() for cell in line.strip("|\n").split(" | ")]
        for line in text.splitlines()
    ]
    assert len({len(line) for line in text.splitlines()}) == 1
    number = at(count(0, 2), "// load").line
    assert number
    assert rows[2] == [
        "Copy",
        f"counted.cu:{number.number}",
        "global load",
        "1",
        "128",
        "50% (8 sectors)",
    ]
    assert rows[-2][2:] == ["shared load", "1", "128", "32.0 passes instead of 1"]
    assert rows[4][5] == "no conflicts"
    assert table([]) == "No kernel has accessed any memory.\n"


# -- pictures ------------------------------------------------------------------------


def boxes(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(f"{SVG}rect"))


def words(svg: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize(("stride", "rows"), [(1, 1), (2, 2), (8, 8)])
def test_picture_shows_what_is_moved_for_what_is_asked(
    count: Count, stride: int, rows: int
) -> None:
    svg = picture(at(count(0, stride), "// load"))
    fills = [box.get("fill") for box in boxes(svg)]
    assert len(fills) == 32 * rows
    assert fills.count("#dcebfb") == 32  # asked for
    assert fills.count("none") == 0  # all sectors of these rows are moved
    assert f"{128 * rows} bytes are moved, 128 are asked for: {100 // rows}%" in svg
    lanes = [text for text in words(svg) if text.isdigit() and len(text) < 3]
    assert [*map(int, lanes)][-32 // rows :] == [*range(32)][-32 // rows :]


def test_picture_shows_conflicts_of_banks(count: Count) -> None:
    svg = picture(at(count(1, 16), "// bank"))
    fills = [box.get("fill") for box in boxes(svg)]
    assert fills.count("#ffe6cf") == 32
    assert "different words of one bank: 16 passes, not 1" in svg
    svg = picture(at(count(1, 0), "// bank"))
    assert "#ffe6cf" not in svg and "no two threads want" in svg
    assert "0+" in words(svg)  # one word for all


def test_picture_serves_wide_accesses_in_parts_of_a_warp(count: Count) -> None:
    load = at(count(1, 1), "// bank")
    sample = replace(load.sample, size=8, offsets=tuple(range(0, 256, 8)))
    svg = picture(replace(load, sample=sample))
    assert "#ffe6cf" not in svg and "no two threads want" in svg
    sample = replace(sample, offsets=tuple(range(0, 512, 16)))
    assert "one bank: 4 passes, not 2" in picture(replace(load, sample=sample))


def test_picture_says_what_it_leaves_out(count: Count) -> None:
    load = at(count(0, 8), "// load")
    sample = replace(load.sample, offsets=tuple(lane * 4096 for lane in range(32)))
    svg = picture(replace(load, sample=sample))
    assert "... 31 rows untouched" in words(svg)
    wide = replace(
        sample,
        size=16,
        lanes=tuple(range(32)),
        offsets=tuple(lane * 1000 for lane in range(32)),
    )
    assert ElementTree.fromstring(picture(replace(load, sample=wide))) is not None
    many = replace(sample, size=8192, offsets=(0,) * 32)
    assert "... and 32 more rows" in words(picture(replace(load, sample=many)))


def test_picture_escapes_names(count: Count) -> None:
    load = at(count(0, 1), "// load")
    sample = replace(load.sample, array="<script>\x00&\"'")
    named = Line(Path('/<b>/\x1b[1m&".cu'), 3)
    svg = picture(replace(load, sample=sample, line=named))
    assert "<script" not in svg and "<b>" not in svg
    assert "\x00" not in svg and "\x1b" not in svg
    ElementTree.fromstring(svg)
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
