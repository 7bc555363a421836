"""Compile a small .cu file together with the emulator that ``make`` has built."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from explore.data import HOMEWORK
from explore.patience import NotYetError

PYTHON = HOMEWORK / "emulator" / "python"
MACHINE = HOMEWORK / "build" / "CMakeFiles" / "emulator_machine.dir"
SOURCE = "cell.cu"


def library(text: str) -> Path:
    """Return a shared library of a .cu file's text, which lies beside it.

    What was compiled before is not compiled again.
    """
    machine = machine_objects()
    mark = hashlib.sha256(text.encode())
    mark.update(
        "".join(f"{each} {each.stat().st_mtime_ns}" for each in machine).encode()
    )
    folder = HOMEWORK / "build" / "explore" / f"cell-{mark.hexdigest()[:12]}"
    target = folder / "cell.so"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SOURCE).write_text(text, "utf-8")
        _compile(folder / SOURCE, machine, target)
    return target


def machine_objects() -> list[Path]:
    """Return the compiled emulator, or wait until there is one."""
    sources = HOMEWORK / "emulator" / "src"
    found = sorted(
        each for each in MACHINE.rglob("*.o") if (sources / each.stem).exists()
    )
    if not found:
        raise NotYetError(
            "the emulator is not built here: run `make` (it needs Linux or WSL)."
        )
    return found


def find_emulator() -> None:
    """Let Python find the package ``cuda_emulator`` of this homework."""
    if str(PYTHON) not in sys.path:
        sys.path.append(str(PYTHON))


def _compile(source: Path, machine: list[Path], target: Path) -> None:
    find_emulator()
    from cuda_emulator.building import BuildError, compiler, kernel_flags
    from cuda_emulator.translate import TranslationError, translate_file

    with tempfile.TemporaryDirectory(dir=source.parent) as made:
        translated, part = Path(made, "cell.cc"), Path(made, "cell.o")
        unfinished = Path(made, target.name)
        try:
            command = compiler()
            translate_file(source, translated)
            _run([*command, *kernel_flags(command), "-c", translated, "-o", part])
        except (BuildError, TranslationError) as error:
            raise NotYetError(f"it does not compile.\n{error}") from None
        # The machine comes first: what both have is to be the machine's.
        _run([*command, "-shared", "-o", unfinished, *machine, part, "-ldl"])
        unfinished.replace(target)


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotYetError(f"it does not compile.\n{done.stderr.strip()}")
