"""The helpers of the hw3 notebook: they measure, look into code, and wait politely."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from coursekit.staging import NONE
from kernel_kit import with_kernels
from notebook_kit import is_picture, notebook, rendered


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    """Return a solved folder, with the kernels of the library's own tree."""
    return with_kernels(tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="module")
def starter(tmp_path_factory) -> Path:
    return rendered(tmp_path_factory.mktemp("starter"), "hw3", NONE)


@pytest.fixture
def solved(reference) -> Iterator[ModuleType]:
    with notebook(reference, []) as names:
        yield names.explore


@pytest.fixture
def untouched(starter) -> Iterator[ModuleType]:
    with notebook(starter, []) as names:
        yield names.explore


# What cells hand over to `explore.run`; names as in the process in which they run.
# ruff: noqa: F821, T201


def sum_on_the_cpu():
    a = nd.array(np.arange(6).reshape(2, 3), device=nd.cpu())
    print("sums:", a.sum(axis=1).numpy())
    return a.numpy() + helper(1)


def helper(x):
    return x * 100


def nothing_of_ours():
    return sorted(name for name in globals() if not name.startswith("__"))


def end_the_process():
    import os

    os.kill(os.getpid(), 11)


def never_end():
    while True:
        time.sleep(0.1)


def divide_by_zero():
    return 1 / 0


def permute():
    return nd.array([[1, 2]]).permute((1, 0))


def use_the_cpu():
    return nd.array([1], device=nd.cpu())


# -- kernels in a process of their own -------------------------------------------------


def test_a_function_runs_apart_with_its_helpers(solved, capsys):
    found = solved.run(sum_on_the_cpu, helper)
    assert capsys.readouterr().out.splitlines() == ["sums: [ 3. 12.]"]
    np.testing.assert_array_equal(found, np.arange(6).reshape(2, 3) + 100)


def test_it_sees_what_the_handout_says_and_nothing_else(solved):
    assert solved.run(nothing_of_ours) == ["nd", "nothing_of_ours", "np", "time"]


def test_a_crash_ends_that_process_only(solved, capsys):
    assert solved.run(end_the_process) is None
    out = capsys.readouterr().out
    assert out.startswith("Not yet: the kernels ended their process (SIGSEGV)")


def test_a_loop_without_an_end_is_stopped(solved, capsys):
    assert solved.run(never_end, seconds=3) is None
    assert "stopped after 3 seconds" in capsys.readouterr().out


def test_a_mistake_is_shown_with_its_line(solved, capsys):
    assert solved.run(divide_by_zero) is None
    out = capsys.readouterr().out
    assert "ZeroDivisionError" in out
    assert "return 1 / 0" in out


def test_what_is_not_written_or_not_built_is_said_in_a_line(untouched, capsys):
    for function, words in (
        (permute, "Not yet: hw3.ndarray_python_ops: NDArray.permute is yours"),
        (use_the_cpu, "Not yet: cpu() cannot be used: its kernels are not built yet"),
    ):
        assert untouched.run(function) is None
        out = capsys.readouterr().out
        assert out.startswith(words)
        assert out.count("\n") == 1


# -- the machine -----------------------------------------------------------------------


@pytest.fixture
def caches(solved) -> ModuleType:
    return sys.modules["explore.caches"]


@pytest.mark.parametrize("places, apart", [(1, 1), (2, 16), (100, 16)])
def test_a_random_way_leads_through_every_place_once(caches, places, apart):
    chain, at, seen = caches.circle(places, apart), 0, []
    for _ in range(places):
        seen.append(at)
        at = int(chain[at])
    assert at == 0
    assert sorted(seen) == [apart * place for place in range(places)]


def test_large_memory_is_slower_than_small(caches):
    assert caches.latency(1 << 14) < caches.latency(1 << 26)


def test_the_ladder_has_a_row_for_the_smallest_and_the_largest(solved, capsys):
    picture = solved.memory_ladder(largest=1)
    lines = capsys.readouterr().out.splitlines()
    assert is_picture(picture)
    assert lines[1].split()[:2] == ["4", "KB"]
    assert lines[-1].split()[:2] == ["1", "MB"]


def test_rows_are_faster_than_columns(solved, capsys):
    solved.two_orders(1024, 2048)
    rates = re.findall(r"([\d.]+) GFLOP/s", capsys.readouterr().out)
    columns, rows = map(float, rates)
    assert rows > 2 * columns


def test_walking_prints_a_line_for_each_step(solved, capsys):
    solved.walk_by_steps(strides=(1, 16))
    assert len(capsys.readouterr().out.splitlines()) == 3


# -- the kernels -----------------------------------------------------------------------


@pytest.fixture
def roofline(solved, monkeypatch) -> ModuleType:
    module = sys.modules["explore.roofline"]
    monkeypatch.setattr(module, "LENGTH", 1 << 16)
    monkeypatch.setattr(module, "SIDE", 64)
    return module


def test_every_kernel_is_below_the_roof(roofline, capsys):
    assert is_picture(roofline.roofline())
    out = capsys.readouterr().out
    assert "Not yet" not in out
    for kernel in roofline.KERNELS:
        assert f"  {kernel.name} " in out


def test_kernels_that_are_missing_are_named(roofline, monkeypatch, capsys):
    times = dict.fromkeys((kernel.name for kernel in roofline.KERNELS), None)
    times["ewise_add"] = 1.0
    monkeypatch.setattr(roofline, "call", lambda source, name: times)
    assert is_picture(roofline.roofline())
    assert "Not yet: ewise_mul, reduce_sum, matmul," in capsys.readouterr().out


def test_the_peak_is_a_peak(roofline):
    side = 256
    x = np.ones((side, side), dtype=np.float32)
    rate = 2 * side**3 / min(_seconds(lambda: x @ x) for _ in range(20))
    assert roofline.peak_rate() > 0.5 * rate  # of one core; NumPy may have taken two


def _seconds(run) -> float:
    from time import perf_counter

    begun = perf_counter()
    run()
    return perf_counter() - begun


def test_the_compiled_kernels_are_read(solved, capsys):
    if shutil.which("objdump") is None:
        pytest.skip("there is no objdump here")
    solved.disassemble()
    rows = {
        line[:38].strip(): list(map(int, line[38:].split()))
        for line in capsys.readouterr().out.splitlines()[1:]
    }
    assert {"EwiseAdd", "ScalarMul", "ReduceSum"} <= set(rows)
    assert rows["EwiseAdd"][1] >= 1
    assert rows["EwiseAdd"][2] in (4, 8, 16)
    # A sum in order is one chain, which no compiler may take apart.
    assert rows["row_times_matrix_by_columns"][0] >= 1
    assert rows["row_times_matrix_by_rows"][1] > rows["row_times_matrix_by_columns"][1]
    solved.disassemble("Scalar")
    shown = capsys.readouterr().out.splitlines()[1:]
    assert shown
    assert all(line.startswith("Scalar") for line in shown)


def test_without_tools_it_waits(solved, monkeypatch, capsys):
    module = sys.modules["explore.compiler"]
    for cached in (module.machine, module.built):
        cached.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    for call, words in (
        (solved.build, "there is no C++ compiler"),
        (solved.two_orders, "there is no C++ compiler"),
        (solved.disassemble, "there is no objdump"),
    ):
        assert call() is None
        assert capsys.readouterr().out.startswith(f"Not yet: {words}")


@pytest.mark.parametrize(
    "line, width",
    [
        ("\tvaddps (%rdx),%zmm1,%zmm0", 16),
        ("\tvfmadd231ps %ymm1,%ymm2,%ymm0", 8),
        ("\taddps  %xmm1,%xmm0", 4),
        ("\tvfnmadd132ss %xmm1,%xmm2,%xmm0", 1),
        ("\tvcmpltps %zmm0,%zmm1,%k1", 16),
        ("\tvaddsd %xmm1,%xmm0,%xmm0", 1),
        ("\tvaddpd (%rax),%ymm1,%ymm0", 4),
        ("\tvucomiss (%rcx,%rax,4),%xmm0", 1),
        ("\tvunpcklps %xmm2,%xmm1,%xmm0", 0),
        ("\tvinsertf128 $0x1,%xmm8,%ymm4,%ymm4", 0),
        ("\tvpermt2ps %ymm1,%ymm2,%ymm3", 0),
        ("\tvalignd $0x1,%ymm1,%ymm1,%ymm1", 0),
        ("\tshufps $0x55,%xmm1,%xmm1", 0),
        ("\tfmla v0.4s, v1.4s, v2.4s", 4),
        ("\tfadd s0, s1, s2", 1),
        ("\tfcmp s0, s1", 1),
        ("\tfadd v0.2d, v1.2d, v2.2d", 2),
        ("\tfcmge v0.4s, v1.4s, v2.4s", 4),
        ("\tzip1 v0.4s, v1.4s, v2.4s", 0),
        ("\tmov v0.s[1], v1.s[0]", 0),
        ("\tmov v0.16b, v1.16b", None),
        ("\tvmovups (%rsi),%zmm0", None),
        ("\taddq $1,%rax", None),
    ],
)
def test_instructions_are_told_apart(solved, line, width):
    module = sys.modules["explore.disassembly"]
    listing = ["0 <needle::cpu::Kernel(int)>:", f"  1:{line}"]
    found = module.count(listing, module.KERNELS)
    if width is None:
        assert not found
    else:
        one, several, widest, shuffles = found["Kernel"]
        assert (one, several, shuffles) == (width == 1, width > 1, width == 0)
        assert widest == (width if width > 1 else 0)


def test_a_build_that_fails_shows_what_the_compiler_says(solved, monkeypatch, capsys):
    said = "\n".join(f"file.cc:{n}:1: error: no" for n in range(50))
    done = subprocess.CompletedProcess([], 2, "", said)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert solved.build() is None
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "file.cc:0:1: error: no"
    assert lines[30] == "... 20 more lines"
    assert lines[-1].startswith("Not yet: it does not build")
