"""Translate a .cu file for the compiler: ``python -m cuda_emulator k.cu k.cu.cc``.

Beside the target goes ``k.cu.cc.d``, for make: what the translation depends on.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cuda_emulator.translate import TranslationError, translate_file


def main(arguments: list[str]) -> str | None:
    """Translate a file; return what is wrong, if anything is."""
    if len(arguments) != 2:
        return "usage: python -m cuda_emulator SOURCE.cu TARGET.cc"
    source, target = map(Path, arguments)
    try:
        read = translate_file(source, target)
    except (TranslationError, OSError) as error:
        return str(error)
    needed = " ".join(str(path).replace(" ", "\\ ") for path in read)
    target.with_name(f"{target.name}.d").write_text(f"{target}: {needed}\n", "utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
