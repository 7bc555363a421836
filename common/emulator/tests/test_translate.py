"""The translation leaves everything where it was, and says what it cannot do."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cuda_emulator import BuildError
from cuda_emulator.building import EMULATOR
from cuda_emulator.translate import TranslationError, translate
from hypothesis import given
from hypothesis import strategies as st

Compile = Callable[..., ctypes.CDLL]


def by_line(translated: str) -> dict[int, str]:
    """Return the text of each line of the .cu file, as the compiler counts them."""
    lines: dict[int, str] = {}
    number = 0
    for line in translated.splitlines(keepends=True):
        directive = re.match(r"#line (\d+)", line)
        if directive:
            number = int(directive[1])
        else:
            lines[number] = lines.get(number, "") + line
            number += 1
    return lines


# -- what is not CUDA stays ----------------------------------------------------------

PLAIN = [
    "int x = a << 2 >> 1;",
    "std::vector<std::vector<std::vector<int>>> v;",
    "// kernel<<<1, 2>>>(a); __shared__ int b;",
    "// goes on \\\nkernel<<<1, 2>>>(a);",
    "/* kernel<<<1, 2>>>(a);\n __shared__ */",
    "f(\"kernel<<<1, 2>>>(a); __shared__ \\\" \", '\"', '\\'');",
    'g(R"x(kernel<<<1, 2>>>(a);\n __shared__ )" )x", u8R"(" __shared__)", L"<<<");',
    "#define PLAIN(a, b) a##b /* __shared__\n kernel<<<1, 2>>>(a) */ + #a",
    "#define LINES(a) \\\n  a + 1'000",
    '#include <a//b.h> // "',
    "#if 0\nit's __shared__ and <<<\n#if 1\n<<<\n#endif\n<<<\n#endif",
    "#if 0 // never\n__shared__\n#elif 1\nint y;\n#endif",
    "os.operator<<<char>('a');",
    "#pragma unroll\nfor (;;) {}",
    "auto größe = 0x1p-3 + 1'000.5e+3f;",
    "\tint tab;\r",
    "",
]
CUDA = [
    "kernel<<<1, 2>>>(a);",
    "if (x) space::kernel<T, 3><<<grid,\n    block>>>(a,\n b);",
    "__shared__ float s[3][T];",
    "extern __shared__ int d[];",
    "#define RUN(k) k<<<1, \\\n  2>>>(a)",
]


@given(
    st.lists(st.sampled_from([(0, each) for each in PLAIN] + [(1, c) for c in CUDA]))
)
def test_everything_else_is_left_alone(parts: list[tuple[int, str]]) -> None:
    body = "".join(f"{text}\n" for _, text in parts)
    translated = by_line(translate(f"void f() {{\n{body}}}\n", "k.cu"))
    assert translated[1] == "void f() {\n"
    number = 2
    for kind, text in parts:
        for line in text.split("\n"):
            if kind == 0:
                assert translated[number] == f"{line}\n"
            number += 1
    assert translated[number] == "}\n"
    assert len(translated) == number


@pytest.mark.parametrize("text", CUDA)
def test_nothing_of_cuda_remains(text: str) -> None:
    translated = translate(f"void f() {{\n{text}\n}}\n", "k.cu")
    assert not re.search(r"<<<|>>>|__shared__", translated)
    assert translated.count("{") == translated.count("}")


def test_lines_that_end_as_on_windows_stay_so() -> None:
    text = "void f() {\r\n  k<<<1, 2>>>(a);\r\n  // b \\\r\n  c<<<\r\n}\r\n"
    translated = by_line(translate(text, "k.cu"))
    assert translated[3] + translated[4] == "  // b \\\r\n  c<<<\r\n"
    assert translated[2].endswith("(a);\r\n")


def test_name_of_the_file_is_quoted() -> None:
    assert translate("", 'a "b"\\c.cu') == '#line 1 "a \\"b\\"\\\\c.cu"\n'


# -- what cannot be translated -------------------------------------------------------

WRONG = {
    "\n k<<<1, 2;": (2, "`<<<` without `>>>`"),
    "\n\n k<<<1, 2>>>;": (3, "no `(` after `>>>`"),
    "k<<<>>>(a);": (1, "nothing between"),
    "x = <<<1, 2>>>(a);": (1, "no kernel before"),
    "k<<<1, 2>>>(a, b,\n {1, 2});": (2, "name its type"),
    "return <<<1, 2>>>(a);": (1, "no kernel before"),
    "f();\n#define A b \\\n c \\\n k<<<1, 2": (4, "in a macro, all of it"),
    "#define SHARED __shared__": (1, "no name after"),
    "__shared__ int x = 3;": (1, "assign one in the kernel"),
    "\n__shared__ int x[2] = {1, 2};": (2, "assign one in the kernel"),
    "__shared__ int x{3};": (1, "assign one in the kernel"),
    "__shared__ int x": (1, "no `;`"),
    "extern __shared__ int x;": (1, "`extern __shared__ float x[];`"),
    "}\n__shared__ int x[2];": (2, "outside of all functions"),
    "}\nnamespace a::b {\n__shared__ int x[2];": (3, "outside of all functions"),
    '}\nextern "C" {\n__shared__ int x[2];': (3, "outside of all functions"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_translated_is_told_with_its_line(text: str) -> None:
    line, message = WRONG[text]
    with pytest.raises(TranslationError, match=re.escape(message)) as raised:
        translate(f"void f() {{ {text}\n", "k.cu")
    assert raised.value.line == line
    assert str(raised.value).startswith(f"line {line}: ")


# -- what the compiler says ----------------------------------------------------------

KERNEL = "#include <cuda_runtime.h>\n__global__ void Kernel(int *out) {}\n"
REFUSED = {
    "void f() {\n\tif (1)  Kernel<<<1, nothing>>>(0);\n}": "4:29",
    "void f() { Kernel<<<1,\n  2>>>(nothing); }": "4:8",
    "void f() { Kernel<<<1, 2>>>(nullptr); int x = nothing; }": "3:47",
    "__global__ void K() { __shared__ float a[3], b[nothing]; }": "3:48",
    "__global__ void K() {\n  static __shared__ nothing a; }": "4:",
    '__global__ void K() {\n  int x; asm volatile("mov %0, 1;" : "=r"(x)); }': "4:",
}


@pytest.mark.parametrize("text", REFUSED)
def test_compiler_names_line_and_column(compile_cuda: Compile, text: str) -> None:
    expected = rf"kernels\.cu:{REFUSED[text]}.* error: .*(nothing|PTX)"
    with pytest.raises(BuildError, match=expected):
        compile_cuda(KERNEL + text)


# -- files ---------------------------------------------------------------------------


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Translate as a build does."""
    return subprocess.run(
        [sys.executable, "-m", "cuda_emulator", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(EMULATOR / "python")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_headers_are_translated_too(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    (folder / "k.cu").write_text('#include "k.cuh"\n#include "no.h"\n', "utf-8")
    (folder / "k.cuh").write_text('#include "plain.h"\nvoid f() { k<<<1, 2>>>(); }\n')
    (folder / "plain.h").write_text("int x;\n")
    target = tmp_path / "k.cu.cc"
    done = run(folder / "k.cu", target)
    assert done.returncode == 0, done.stderr
    header = tmp_path / "k.cu.cc.1.k.cuh"
    assert f'#include "{header}"\n#include "no.h"\n' in target.read_text("utf-8")
    assert f'#include "{folder}/plain.h"\n' in header.read_text("utf-8")
    assert "cuda_emulator::Launch" in header.read_text("utf-8")
    needed = (tmp_path / "k.cu.cc.d").read_text("utf-8")
    escaped = str(folder).replace(" ", "\\ ")
    assert needed == f"{target}: {escaped}/k.cu {escaped}/k.cuh\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\n k<<<1", r"k\.cu:2: error: `<<<` without"),
        (b"\xff\xfe", r"k\.cu:1: error: not UTF-8"),
        (None, r"No such file.*k\.cu"),
    ],
)
def test_command_says_what_is_wrong(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "k.cu").write_bytes(content)
    done = run(tmp_path / "k.cu", tmp_path / "k.cc")
    assert done.returncode == 1
    assert re.search(message, done.stderr) and "Traceback" not in done.stderr
    assert not (tmp_path / "k.cc").exists()


def test_byte_order_mark_is_no_letter(tmp_path: Path) -> None:
    (tmp_path / "k.cu").write_bytes(b"\xef\xbb\xbfint x;\r\n")
    assert run(tmp_path / "k.cu", tmp_path / "k.cc").returncode == 0
    assert (tmp_path / "k.cc").read_bytes().endswith(b'k.cu"\nint x;\r\n')


def test_bracket_that_a_macro_leaves_open_is_no_endless_search() -> None:
    translated = translate("#define OPEN extern __shared__ int x[\n", "k.cu")
    assert "int *const x" in translated
