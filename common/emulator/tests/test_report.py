"""A report names the mistake, the threads, the arrays and the lines of the .cu file."""

from __future__ import annotations

import ctypes
import math
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cuda_emulator import build
from cuda_emulator.advice import kinds
from cuda_emulator.building import EMULATOR
from cuda_emulator.findings import Array, Finding, Witness, findings, leaks
from cuda_emulator.places import Line, Places
from cuda_emulator.report import element, leak_report, one_line, report

SOURCE = Path(__file__).resolve().parent / "forms" / "mistakes.cu"
Mistakes = Callable[..., list[Finding]]


def line_of(text: str) -> int:
    """Return the number of the line of the source that has a comment."""
    lines = SOURCE.read_text("utf-8").splitlines()
    (number,) = [i for i, line in enumerate(lines, 1) if line.endswith(f"// {text}")]
    return number


@pytest.fixture(scope="module", params=["-gdwarf-5", "-gdwarf-4"])
def library(
    request: pytest.FixtureRequest,
    cxx: str,
    tmp_path_factory: pytest.TempPathFactory,
    objects: Path,
) -> Path:
    target = tmp_path_factory.mktemp("mistakes") / "mistakes.so"
    return build([SOURCE], target, objects=objects, flags=[request.param])


@pytest.fixture
def mistakes(library: Path, monkeypatch: pytest.MonkeyPatch) -> Mistakes:
    """Return a function that makes a mistake and returns what was found."""
    monkeypatch.chdir(SOURCE.parent)
    loaded = ctypes.CDLL(str(library))
    loaded.cuda_emulator_findings.restype = ctypes.c_char_p

    def make(name: str) -> list[Finding]:
        getattr(loaded, name)()
        text: bytes = loaded.cuda_emulator_findings()
        return findings(text.decode(), library)

    return make


def test_race_is_told_with_both_lines(mistakes: Mistakes) -> None:
    made = [each for each in mistakes("race") if each.kind == "race"]
    (found,) = [each for each in made if each.access and not each.access.write]
    assert (
        report([found])
        == f"""\
race in space::Turn<float>, mistakes.cu:{line_of("race")}
    out[x] = tile[y][15 - x];  // race
  Thread (8, 0) of block (0, 0) reads tile[0][7]; thread (7, 0) of the same block \
wrote it in line {line_of("race before")}, and no __syncthreads() comes between.
    mistakes.cu:{line_of("race before")}: tile[y][x] = x;  // race before
  tile: 1024 bytes of shared memory, declared in mistakes.cu:{line_of("tile")}.
  This happened 8 times; it is the first.
  Put __syncthreads() between the two, where all threads of the block come by, or let \
each element belong to one thread.
"""
    )
    assert one_line(found).startswith(
        f"mistakes.cu:{line_of('race')}: race in space::Turn<float>: thread (8, 0) of"
    )


def test_access_beyond_an_array_names_the_parameter(mistakes: Mistakes) -> None:
    (found,) = mistakes("beyond")
    assert (
        report([found])
        == f"""\
out of bounds in Apply, mistakes.cu:{line_of("apply")}
    numbers[threadIdx.x] = f(threadIdx.x);  // apply
  Thread (4, 0) of block (0, 0) writes numbers[4], and numbers has 4 elements.
  numbers: 16 bytes, allocated in mistakes.cu:{line_of("made")}.
  The kernel was stopped here.
  Compare the index with the size before the access, as in `if (i < n)`.
"""
    )


def test_inlined_functions_are_told_with_their_calls(mistakes: Mistakes) -> None:
    (found,) = mistakes("inlined")
    assert [line.number for line in found.now.lines] == [
        line_of("inlined"),
        line_of("call"),
        line_of("outermost"),
    ]
    assert [line.function for line in found.now.lines] == ["Last", "Ends", "Reads"]
    assert f"    called in mistakes.cu:{line_of('call')}: Last(list, n);" in report(
        [found]
    )
    assert found.array and found.array.name == "list"


def test_race_of_blocks_is_no_matter_of_barriers(mistakes: Mistakes) -> None:
    (found,) = mistakes("blocks")
    text = report([found])
    assert "writes numbers[0]; thread (0, 0) of block (0, 0) wrote it in line" in text
    assert "blocks run in any order.\n" in text
    assert "cannot wait for each other" in text


def test_dynamic_memory_has_no_name(mistakes: Mistakes) -> None:
    (found,) = mistakes("unwritten")
    assert "element 0 (4 bytes each) of the dynamic shared memory" in one_line(found)


def test_freed_memory_is_told_with_where(mistakes: Mistakes) -> None:
    *_, found = mistakes("freed")
    assert one_line(found).endswith(
        f"writes out[0], which was freed in mistakes.cu:{line_of('freed')}"
    )


@pytest.mark.parametrize("name", ["refused", "host"])
def test_mistakes_of_the_host_have_lines(mistakes: Mistakes, name: str) -> None:
    (found,) = mistakes(name)
    assert one_line(found).startswith(f"mistakes.cu:{line_of(name)}: {found.kind}: ")
    assert not found.now.device


def test_leaks_are_told_with_where(library: Path) -> None:
    loaded = ctypes.CDLL(str(library))
    loaded.cuda_emulator_leaks.restype = ctypes.c_char_p
    loaded.leak()
    text: bytes = loaded.cuda_emulator_leaks()
    assert re.search(
        rf"\(20 bytes, allocated in .*mistakes\.cu:{line_of('made')}\) was never",
        leak_report(leaks(text.decode(), library)),
    )
    assert leak_report([]) == ""


# -- with less to go by --------------------------------------------------------------


def finding(**changed: Any) -> Finding:
    """Return a finding of which only the machine's words are known."""
    nowhere = Witness(True, (1, 0, 0), (2, 3, 4), ())
    given: dict[str, Any] = {
        "kind": "crash",
        "text": "it broke",
        "kernel": "K",
        "now": nowhere,
        "before": None,
        "access": None,
        "access_before": None,
        "array": None,
        "fatal": False,
        "times": 1,
    }
    return Finding(**given | changed)


def test_finding_without_lines_is_told() -> None:
    assert one_line(finding()) == (
        "crash in K: thread (2, 3, 4) of block (1, 0): it broke"
    )
    assert report([finding(kind="new")]) == (
        "new in K\n  Thread (2, 3, 4) of block (1, 0): it broke.\n"
    )


def test_report_is_short() -> None:
    text = report([finding()] * 7, most=2)
    assert text.count("it broke") == 2
    assert "... and 5 more." in text


@pytest.mark.parametrize(
    ("extents", "offset", "name"),
    [
        ((2, 3, 4), 4 * 23, "a[1][2][3]"),
        ((2, 3, 4), 4 * 24, "a[2][0][0]"),
        ((5,), 4 * 5, "a[5]"),
        ((5,), -4, "a[-1]"),
        ((2, 3), -4, "a[-1][2]"),
        ((), 0, "a"),
    ],
)
def test_elements_are_named_as_in_the_kernel(
    extents: tuple[int, ...], offset: int, name: str
) -> None:
    size = 4 * math.prod(extents)
    array = Array("a", "shared", 0, size, offset, 4, extents, None)
    assert element(array) == name


def test_every_kind_has_advice() -> None:
    """Of those that the machine's sources name."""
    text = "".join(p.read_text("utf-8") for p in (EMULATOR / "src").glob("*.cc"))
    named = re.findall(r'kind = (?:.*?\? *)?"([a-z ]+)"', text)
    named += re.findall(r'(?:About|Report)\(\s*"([a-z ]+)"', text)
    assert len(set(named)) > 15
    assert set(named) <= kinds()


def test_library_without_debug_information_has_no_lines(
    library: Path, tmp_path: Path
) -> None:
    if shutil.which("strip") is None:
        pytest.skip("there is no strip")
    stripped = tmp_path / "stripped.so"
    subprocess.run(["strip", "-o", stripped, library], check=True)
    assert Places(stripped).lines(0x1000) == ()
    assert Places(stripped).parameters("Turn", 0x1000) == []


@pytest.mark.parametrize("content", [b"", b"\x7fELF nothing else", b"text" * 99])
def test_file_that_is_no_library_has_no_lines(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "none.so"
    file.write_bytes(content)
    assert Places(file).lines(0x1000) == ()


def test_line_of_a_file_that_is_gone_is_empty(tmp_path: Path) -> None:
    assert Line(tmp_path / "gone.cu", 3).text() == ""
    (tmp_path / "short.cu").write_text("one\n")
    assert Line(tmp_path / "short.cu", 1).text() == "one"
    assert Line(tmp_path / "short.cu", 2).text() == ""
