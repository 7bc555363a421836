"""The process that `explore.run` starts: ``python -m explore.apart_there FILE NAME``.

It reads source code, runs it, calls the function of that name, and writes what this
returns to a file.
"""

from __future__ import annotations

import linecache
import pickle
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import numpy as np

from explore.data import HOMEWORK

CELL = "<cell>"


def main() -> None:
    """Run what stands at the standard input."""
    answer, name = sys.argv[1:]
    source = sys.stdin.read()
    linecache.cache[CELL] = (len(source), None, source.splitlines(True), CELL)
    sys.path.insert(0, str(HOMEWORK / "python"))
    try:
        result = call(source, name)
    except Exception as error:
        if not waits(error):
            traceback.print_exc()
            sys.exit(1)
        result = NotImplementedError(str(error))
    Path(answer).write_bytes(pickle.dumps(result))


def call(source: str, name: str) -> Any:
    """Run the code, and return what the function of that name returns."""
    from needle import backend_ndarray as nd

    names: dict[str, Any] = {"np": np, "nd": nd, "time": time}
    exec(compile(source, CELL, "exec"), names)
    return names[name]()


def waits(error: Exception) -> bool:
    """Return whether something is only not written, or not built, yet."""
    return isinstance(error, NotImplementedError) or (
        isinstance(error, RuntimeError) and "not built" in str(error)
    )


if __name__ == "__main__":
    main()
