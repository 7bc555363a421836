"""Compile .cu files together with the emulator, into a library that runs on this CPU.

Kernels and machine are compiled with different flags (folder ``flags``, shared with
CMake): only what a .cu file says is watched.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cuda_emulator.translate import TranslationError, translate_file

EMULATOR = Path(__file__).resolve().parents[2]
FLAGS = EMULATOR / "flags"


class BuildError(Exception):
    """What a compiler or the translation had to say, with files and lines."""


def compiler() -> list[str]:
    """Return the command of the C++ compiler: CXX, or the first that is found.

    Raises:
        BuildError: if there is none.
    """
    chosen = shlex.split(os.environ.get("CXX", ""))
    names = chosen[:1] or ["g++", "clang++", "c++"]
    for name in names:
        if shutil.which(name):
            return chosen or [name]
    raise BuildError(f"no C++ compiler ({', '.join(names)}): install g++ or clang++")


def kernel_flags(command: Sequence[str]) -> list[str]:
    """Return the flags with which a compiler compiles a translated .cu file."""
    version = _run([*command, "--version"])
    kind = "clang" if "clang" in version else "gcc"
    return [*_flags("kernels"), *_flags(f"kernels_{kind}"), f"-I{EMULATOR / 'include'}"]


def build(
    sources: Sequence[Path],
    target: Path,
    *,
    objects: Path | None = None,
    flags: Sequence[str] = (),
) -> Path:
    """Compile .cu (watched) and .cc files into a shared library; return its path.

    The machine's own object goes to ``objects``, where it is found the next time;
    ``flags`` are added to those for the sources, as ``-DSIZE=3``.

    Raises:
        BuildError: with the compiler's or the translation's messages.
    """
    command = compiler()
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        folder = Path(made)
        # The machine comes first: of a function that several objects have, as those of
        # std::vector, the linker takes the first, and nobody may watch the machine.
        parts = [machine(command, objects or folder)]
        for number, source in enumerate(sources):
            part = folder / f"{number}.o"
            parts.append(part)
            _compile(command, source.resolve(), part, flags)
        library = folder / target.name
        _run([*command, "-shared", "-o", str(library), *map(str, parts), "-ldl"])
        library.replace(target)
    return target


def machine(command: Sequence[str], objects: Path) -> Path:
    """Return one object of all of the machine's sources, compiled when they change."""
    sources = sorted((EMULATOR / "src").glob("*.cc"))
    texts = [*sources, *(EMULATOR / "src").glob("*.h")]
    texts += [*(EMULATOR / "include").glob("*.h"), FLAGS / "machine.txt"]
    state = hashlib.sha256(" ".join(command).encode())
    for text in sorted(texts):
        state.update(text.read_bytes())
    target = objects / f"machine-{state.hexdigest()[:16]}.o"
    if target.is_file():
        return target
    objects.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=objects) as made:
        parts = [Path(made) / f"{source.stem}.o" for source in sources]
        includes = [f"-I{EMULATOR / 'include'}", f"-I{EMULATOR / 'src'}"]
        for source, part in zip(sources, parts, strict=True):
            plain = [*_flags("machine"), *includes]
            _run([*command, *plain, "-c", str(source), "-o", str(part)])
        whole = Path(made) / target.name
        _run([*command, "-r", "-nostdlib", "-o", str(whole), *map(str, parts)])
        whole.replace(target)
    return target


def _compile(
    command: Sequence[str], source: Path, part: Path, flags: Sequence[str]
) -> None:
    """Compile one file, a .cu file after its translation."""
    near = f"-I{source.parent}"
    if source.suffix != ".cu":
        plain = [*_flags("machine"), f"-I{EMULATOR / 'src'}", near]
        _run([*command, *plain, *flags, "-c", str(source), "-o", str(part)])
        return
    translated = part.with_suffix(".cc")
    try:
        translate_file(source, translated)
    except TranslationError as error:
        raise BuildError(str(error)) from None
    watched = [*kernel_flags(command), near, *flags]
    _run([*command, *watched, "-c", str(translated), "-o", str(part)])


def _flags(name: str) -> list[str]:
    return (FLAGS / f"{name}.txt").read_text("utf-8").split()


def _run(command: Sequence[str]) -> str:
    """Run a command; return what it writes, or raise that."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(f"{shlex.join(command)}\n{done.stderr or done.stdout}")
    return done.stdout
