"""Compile a small .cu file together with the emulator that ``make`` has built."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

from explore.data import HOMEWORK
from explore.patience import NotYetError

PYTHON = HOMEWORK / "emulator" / "python"
MADE = HOMEWORK / "build" / "CMakeFiles"
SOURCE = "cell.cu"


def library(text: str) -> Path:
    """Return a shared library of a .cu file's text, which lies beside it.

    What was compiled before is not compiled again.
    """
    machine = machine_objects()
    find_emulator()
    newest = max(each.stat().st_mtime_ns for each in machine)
    mark = hashlib.sha256(f"{newest} {text}".encode()).hexdigest()[:12]
    folder = HOMEWORK / "build" / "explore" / f"cell-{mark}"
    target = folder / "cell.so"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SOURCE).write_text(text, "utf-8")
        _compile(folder / SOURCE, machine, target)
    return target


def machine_objects() -> list[Path]:
    """Return the compiled emulator, or wait until there is one.

    Of each source the newest: CMake leaves behind what it needs no longer.
    """
    sources = {each.name for each in (HOMEWORK / "emulator" / "src").glob("*.cc")}
    made = sorted(MADE.glob("emulator_*.dir/**/*.o"), key=lambda o: o.stat().st_mtime)
    found = {each.stem: each for each in made if each.stem in sources}
    if not found:
        raise NotYetError(
            "the emulator is not built here: run `make` (it needs Linux or WSL)."
        )
    return sorted(found.values())


def find_emulator() -> None:
    """Let Python find the package ``cuda_emulator`` of this homework."""
    if importlib.util.find_spec("elftools") is None:
        raise NotYetError(
            "reports need pyelftools: python3 -m pip install -r requirements.txt"
        )
    if str(PYTHON) not in sys.path:
        sys.path.append(str(PYTHON))


def _compile(source: Path, machine: list[Path], target: Path) -> None:
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
