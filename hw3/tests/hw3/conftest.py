"""Put the homework's code and its test support on the path, wherever pytest starts."""

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
_FOLDERS = (_ROOT / "python", _ROOT / "apps", _HERE.parent / "support", _HERE)
sys.path[:0] = [str(folder) for folder in _FOLDERS]


def pytest_pycollect_makemodule() -> None:
    """Say what is missing, in place of an ImportError from deep inside."""
    if find_spec("hypothesis") is None:
        raise pytest.Collector.CollectError(
            "these tests need the package hypothesis, which is not installed here:"
            " python3 -m pip install -r requirements.txt"
        )


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to try kernels that are not there, or not those of the sources.

    A process that xdist has started cannot stop the others: there each test says so.
    """
    if session.config.option.collectonly or hasattr(session.config, "workerinput"):
        return
    kernels = [item for item in session.items if item.get_closest_marker("kernels")]
    if kernels:
        from devices import why_none_runs, why_not_ready

        why = why_not_ready(_ROOT) or why_none_runs(item.name for item in kernels)
        if why:
            raise pytest.UsageError(why)
