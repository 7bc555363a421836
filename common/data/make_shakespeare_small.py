"""Make shakespeare-small from tiny Shakespeare, or check it with --check."""

from __future__ import annotations

import sys
from pathlib import Path

from coursekit.data import find
from coursekit.data.shakespeare import ptb_files

HERE = Path(__file__).parent / "shakespeare-small"
LINES = 7600


def make() -> dict[str, bytes]:
    """Return the three files, made from the first lines of the full text."""
    text = (find("shakespeare").folder / "input.txt").read_text(encoding="ascii")
    return ptb_files("\n".join(text.splitlines()[:LINES]))


def main() -> int:
    """Write the files; with --check compare them with what is there."""
    wrong = 0
    for name, content in make().items():
        if "--check" not in sys.argv:
            (HERE / name).write_bytes(content)
        elif (HERE / name).read_bytes() != content:
            wrong += 1
            sys.stderr.write(f"{HERE / name} differs from what the recipe makes\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
