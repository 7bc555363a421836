"""The process that `explore.run` starts: ``python -m explore.apart_there FILE NAME``.

It reads source code, runs it, calls the function of that name, and writes what this
returns to a file.
"""

from __future__ import annotations

import linecache
import pickle
import sys
import time
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
    result: Any
    try:
        from needle import backend_ndarray as nd

        names: dict[str, Any] = {"np": np, "nd": nd, "time": time}
        exec(compile(source, CELL, "exec"), names)
        result = names[name]()
    except NotImplementedError as error:
        result = NotImplementedError(str(error))
    except RuntimeError as error:
        if "not built" not in str(error):
            raise
        result = NotImplementedError(str(error))
    Path(answer).write_bytes(pickle.dumps(result))


if __name__ == "__main__":
    main()
