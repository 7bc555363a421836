"""What hw3's notebook does with the emulator: launches, reports, counts, pictures."""

from __future__ import annotations

import linecache
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from coursekit.notebook.cells import split
from coursekit.staging import NONE
from kernel_kit import with_emulator
from notebook_kit import COURSE, notebook, rendered

HANDOUT = (COURSE.source("hw3") / "handout.md").read_text()
DOUBLE = """
__global__ void Double(const float *a, float *out, int size) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < size) out[i] = 2 * a[i];
}
"""
LAUNCH = "Double<<<2, 32>>>(a, out, 50)"


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    return with_emulator(tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="module")
def solved(reference) -> Iterator[ModuleType]:
    with notebook(reference, []) as names:
        yield names.explore


@pytest.fixture
def untouched(tmp_path) -> Iterator[ModuleType]:
    with notebook(rendered(tmp_path, "hw3", NONE), []) as names:
        yield names.explore


def test_a_launch_hands_back_what_is_in_the_arrays(solved, capsys):
    launched = solved.launch(DOUBLE, LAUNCH, a=range(50), out=50)
    assert capsys.readouterr().out == "The emulator has found nothing.\n"
    np.testing.assert_array_equal(launched["out"], 2 * np.arange(50))
    np.testing.assert_array_equal(launched["a"], np.arange(50))


def test_what_is_quiet_says_only_what_was_found(solved, capsys):
    solved.launch(DOUBLE, LAUNCH, quiet=True, a=range(50), out=50)
    assert capsys.readouterr().out == ""
    solved.launch(DOUBLE, LAUNCH, quiet=True, a=range(49), out=50)
    assert "reads a[49], and a has 49 elements" in capsys.readouterr().out


def test_what_nobody_writes_is_found(solved, capsys):
    solved.launch(DOUBLE, "Double<<<1, 32>>>(a, out, 50)", a=range(50), out=50)
    assert capsys.readouterr().out.startswith("never written")


def test_it_counts_and_draws_by_the_names_of_the_launch(solved):
    launched = solved.launch(DOUBLE, LAUNCH, quiet=True, a=range(50), out=50)
    assert launched.table.count("100% (") == 0  # 50 floats are no whole sectors
    assert launched.table.count("89% (7 sectors)") == 2
    assert "load of a, 4 bytes a thread" in launched.picture("load of a")._repr_svg_()
    with pytest.raises(KeyError, match="'load of a', 'store of out'"):
        launched.picture("load of b")


def test_what_does_not_compile_is_said_with_its_line(solved, capsys):
    assert solved.launch(DOUBLE + "nonsense;", LAUNCH, a=[1], out=1) is None
    out = capsys.readouterr().out
    assert out.startswith("Not yet: it does not compile.")
    assert re.search(r"cell\.cu:5:\d+: error: .*nonsense", out)


def test_an_order_has_to_exist(solved, capsys):
    assert solved.launch(DOUBLE, LAUNCH, order="backwards", a=[1], out=1) is None
    assert "forward, reversed, shuffled, not 'backwards'" in capsys.readouterr().out


def test_without_the_emulator_it_waits(untouched, capsys):
    assert untouched.launch(DOUBLE, LAUNCH, a=[1], out=1) is None
    untouched.count_kernels()
    said = capsys.readouterr().out.splitlines()
    assert [line[:44] for line in said] == [
        "Not yet: the emulator is not built here: run"
    ] * 2


def test_the_kernels_are_counted(solved, capsys):
    solved.count_kernels()
    head, *lines = capsys.readouterr().out.splitlines()
    module = sys.modules["explore.counting"]
    assert [line[:22].strip() for line in lines] == [work.name for work in module.WORKS]
    rows = {line[:22].strip(): line[22:].split() for line in lines}
    moved = 3 * 64 * 64 * 4
    assert rows["ewise_mul"] == ["1", "4096", f"{moved}", f"{moved}", "100%", "0", "-"]
    assert int(rows["matmul"][2]) < 64 * moved
    assert "bytes moved" in head


def test_kernels_that_are_missing_are_named(solved, monkeypatch, capsys):
    module = sys.modules["explore.counting"]
    monkeypatch.setattr(module, "call", lambda *_, **__: [("", "")] * 6)
    solved.count_kernels()
    assert capsys.readouterr().out.startswith("Not yet: ewise_mul; compact; ")


# -- what the handout says -------------------------------------------------------------


def hunted() -> list[str]:
    """Return the cells of the bug hunt, after the one that shows how it is right."""
    cells = [cell.source for cell in split(HANDOUT) if cell.kind == "code"]
    return [cell for cell in cells if "try_steps" in cell]


@pytest.fixture
def reports(solved, capsys) -> list[str]:
    names = {"np": np, "explore": solved}
    found = []
    for number, cell in enumerate(hunted()):
        name = f"<cell {number}>"
        linecache.cache[name] = (len(cell), None, cell.splitlines(True), name)
        exec(compile(cell, name, "exec"), names)
        found.append(capsys.readouterr().out)
    return found


def test_the_bug_hunt_is_as_the_handout_tells_it(reports):
    right, bounds, race, turned, divergent = reports
    assert right == "The emulator has found nothing.\nthe numbers are right: True\n"
    assert "reads a[100], and a has 100 elements" in bounds
    assert "Thread (36, 0) of block (1, 0)" in bounds
    assert race.startswith("race in Steps")
    assert "Thread (1, 0) of block (0, 0) reads piece[0]; thread (0, 0)" in race
    assert "no __syncthreads() comes between" in race
    assert race.endswith("the numbers are right: True\n")
    assert turned.startswith("race in Steps")
    assert turned.endswith("the numbers are right: False\n")
    assert divergent.startswith("divergent barrier")
    assert "36 threads of this block wait at a barrier, 28 have returned" in divergent


@pytest.fixture(scope="module")
def drawing() -> Iterator[tuple[ModuleType, ModuleType]]:
    """Return what counts hw3's tables, and what draws its figures of the device."""
    folder = str(COURSE.root / "docs" / "figures")
    sys.path.insert(0, folder)
    import hw3_device
    import hw3_tables

    yield hw3_tables, hw3_device
    sys.path.remove(folder)


@pytest.mark.slow
def test_the_tables_are_as_they_are_counted(drawing):
    tables, _ = drawing
    assert tables.copies() in HANDOUT
    assert tables.products() in HANDOUT


@pytest.mark.slow
def test_the_emulators_pictures_are_as_they_are_drawn(drawing):
    _, device = drawing
    for name in ("neighbours", "apart"):
        stored = COURSE.source("hw3") / "figures" / f"{name}.svg"
        assert getattr(device, name)() == stored.read_text()
