"""A .cu file against what watches it: the emulator, the bindings, the compiler's box.

It runs in one process with the emulator, so one that sets out to can spoil what is
found about it. Here is what it cannot do in passing. That it reads nothing and reaches
nobody is the box's doing, tried in test_attacks.py.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from grader.result import CaseResult
from grader.sandbox import best
from small_hw3 import CUDA, graded, with_cuda

pytestmark = pytest.mark.timeout(900)  # the first builds the emulator

OPS = "ndarray_cuda_ops"
# Memory that is new here happens to hold zeros, so the products are right.
READS_FIRST = """
__global__ void ReadsFirst(const float *a, const float *b, float *out, std::size_t n) {
  const std::size_t i = ThreadNumber();
  if (i < n) out[i] = a[i] * b[i] + 0 * out[i];
}
"""
PRODUCTS = """
  ReadsFirst<<<Blocks(out->size), kThreads>>>(a.ptr, b.ptr, out->ptr, out->size);
  Check(cudaGetLastError(), "EwiseMul");
"""


@pytest.fixture(autouse=True)
def kept_builds(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests of this file share what the builds begin with."""
    monkeypatch.setenv("GRADER_HOME", str(shared_home))


def products(after: str = "") -> CaseResult:
    """Return what becomes of products whose kernel reads what nobody has written.

    Args:
        after: code at the end of the file.
    """
    files = with_cuda(READS_FIRST, after, EwiseMul=PRODUCTS)
    return graded(files, OPS)["cuda_products"]


def assert_found(case: CaseResult) -> None:
    assert case.status == "error", case
    assert "never written" in case.message


def test_a_mistake_is_found_though_the_numbers_are_right() -> None:
    assert_found(products())


TAKES = "namespace cuda_emulator { std::string TakeFindings(); }\n"
WEAKER = """
namespace cuda_emulator {
__attribute__((weak)) std::string TakeFindings() { return "[]"; }
}
extern "C" __attribute__((weak)) void __tsan_read4(void *) {}
"""
BESIDE = "namespace needle { namespace cuda { void ThrowFindings(const char *) {} } }\n"
LATER = """
__attribute__((constructor)) void Early() { cudaGetLastError(); }
__attribute__((destructor)) void Late() { std::quick_exit(0); }
"""


def test_functions_of_the_same_names_silence_nothing() -> None:
    """The linker takes ours, or nobody asks for theirs."""
    after = f"#include <cstdlib>\n#include <string>\n{WEAKER}{BESIDE}{LATER}"
    assert_found(products(after=after))


REFUSED = {
    "takes": (
        f"#include <string>\n{TAKES}"
        "std::string taken() { return cuda_emulator::TakeFindings(); }\n"
        'extern "C" const char *cuda_emulator_findings();\n'
        "const char *too() { return cuda_emulator_findings(); }\n"
        'extern "C" int PyRun_SimpleString(const char *);\n'
        'int imported = PyRun_SimpleString("import numpy");\n',
        ["TakeFindings", "cuda_emulator_findings", "PyRun_SimpleString"],
    ),
    "hooks": ('extern "C" void __tsan_read4(void *) {}\n', ["__tsan_read4"]),
    "findings": (
        "#include <string>\nnamespace cuda_emulator {\n"
        'std::string TakeFindings() { return "[]"; }\n}\n'
        'extern "C" void *PyInit_ndarray_backend_cuda_emulated() { return nullptr; }\n',
        ["TakeFindings", "PyInit_ndarray_backend_cuda_emulated"],
    ),
    "python": ("#include <Python.h>\n", ["Python.h: No such file"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_takes_the_place_of_ours_is_not_linked(name: str) -> None:
    after, words = REFUSED[name]
    case = products(after=after)
    assert case.status == "build_failed"
    text = "\n".join([case.message, *case.details])
    assert all(word in text for word in words)
    assert re.search(rf"{CUDA}:\d+:", case.message)
    assert ".cu.cc" not in text


TAKEN = """
#include "../emulator/src/machine.h"
namespace needle { namespace cuda {
void TakeAll() { cuda_emulator::Machine::Get().Found().Take(); }
} }
"""


@pytest.mark.slow
@pytest.mark.parametrize("one, status", [("1", "passed"), ("2", "wrong")])
def test_findings_taken_away_make_no_wrong_answer_right(one: str, status: str) -> None:
    """Whoever goes out of their way can hide a mistake that changes no number."""
    body = PRODUCTS.replace("Check(", "TakeAll();\n  Check(")
    kernel = READS_FIRST.replace("b[i] +", f"b[i] * {one} +")
    files = with_cuda(f"void TakeAll();\n{kernel}", TAKEN, EwiseMul=body)
    assert graded(files, OPS)["cuda_products"].status == status


WHEN_LOADED = """
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void Tell(const char *what, bool done) {
  fprintf(stderr, "%s: %s\\n", what, done ? "done" : "refused");
}

__attribute__((constructor)) static void Try() {
  Tell("read a secret", fopen("/etc/shadow", "r") != nullptr);
  Tell("write to the homework", fopen("/work/hw3/Makefile", "a") != nullptr);
  Tell("start a process", system("true") == 0);
  Tell("open a connection", socket(AF_INET, SOCK_STREAM, 0) >= 0);
  Tell("signal to the supervisor", kill(getppid(), 0) == 0);
}
"""


@pytest.mark.skipif(best().name == "none", reason="no walls here")
def test_what_runs_when_the_module_is_loaded_is_in_the_box() -> None:
    """Before any kernel, in the case's own process."""
    case = products(after=WHEN_LOADED)
    assert_found(case)
    assert re.findall(": (done|refused)$", case.output, re.MULTILINE) == ["refused"] * 5


SECRETS = [
    '#include "/etc/shadow"',
    '#include "/suite/hw3/cases.py"',
    '#include "../python/needle/__init__.py"',
    'asm(".incbin \\"/etc/shadow\\"");',
    '#include "/dev/zero"',
]


@pytest.mark.slow
@pytest.mark.skipif(best().name == "none", reason="no walls here")
@pytest.mark.parametrize("line", SECRETS)
def test_nothing_secret_is_there_when_it_is_compiled(line: str) -> None:
    case = products(after=f"{line}\n")
    assert case.status == "build_failed"
    text = "\n".join([case.message, *case.details])
    assert not re.search("root:|import |Question", text), text
