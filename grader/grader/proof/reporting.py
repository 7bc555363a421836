"""Run pytest on the folder one stands in, and write down a line for all that happens.

This is a process of its own, ``python -m grader.proof.reporting FD ORDER``: FD is where
the lines of JSON go, ORDER a file that names the tests to run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from coursekit.owners import owner_of

MAX_MESSAGE = 2000
ARGUMENTS = ["-q", "-p", "no:cacheprovider", "--continue-on-collection-errors"]


class Reporter:
    """A plugin that runs the tests ordered and tells of them as they happen."""

    def __init__(self, descriptor: int, order: dict[str, Any]) -> None:
        self._out = os.fdopen(descriptor, "w", encoding="utf-8", buffering=1)
        self._owners: dict[str, dict[str, str]] = order["owners"]
        self._questions = set(order["questions"])
        self._done = set(order["done"])
        self._until_failure = bool(order["until_failure"])
        self._outcome: dict[str, Any] = {}

    def tell(self, event: str, **fields: object) -> None:
        """Write one line."""
        self._out.write(json.dumps({"event": event, **fields}) + "\n")

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out files without a test that is ordered: to read one costs a while."""
        if collection_path.suffix != ".py":
            return None
        text = collection_path.read_text(encoding="utf-8", errors="replace")
        return None if any(name in text for name in self._owners) else True

    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Keep what is ordered and not done."""
        self._session = session
        items[:] = [item for item in items if self._question(item) in self._questions]
        for item in items:
            file, line, _ = item.location
            self.tell(
                "found",
                id=item.nodeid,
                name=_function(item),
                question=self._question(item),
                file=Path(file).as_posix(),
                line=(line or 0) + 1,
            )
        items[:] = [item for item in items if item.nodeid not in self._done]

    def _question(self, item: pytest.Item) -> str | None:
        parameters = item.name.partition("[")[2].removesuffix("]")
        return owner_of(self._owners.get(_function(item), {}), parameters)

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any]
    ) -> None:
        """Tell of a file that cannot be collected."""
        if isinstance(node, pytest.Collector) and call.excinfo is not None:
            error = call.excinfo.value.__cause__ or call.excinfo.value
            # By its name: one that is deep in a file has the name of the file.
            self.tell("refused", file=node.nodeid.split("::")[0], **_raised(error))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Tell which test begins: if it is the last line, it has taken us along."""
        self._outcome = {"status": "passed", "kind": "", "message": "", "at": ""}
        self.tell("started", id=nodeid)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[Any]) -> Iterator[None]:
        """Keep the first thing that went wrong in a test."""
        result = yield
        report = result.get_result()  # type: ignore[attr-defined]
        if self._outcome["status"] != "passed" or report.outcome == "passed":
            return
        failed = "failed" if call.when == "call" else "error"
        status = "skipped" if report.outcome == "skipped" else failed
        raised = _raised(call.excinfo.value) if call.excinfo else {}
        self._outcome = {**self._outcome, **raised, "status": status}

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Tell how a test ended."""
        self.tell("ended", id=nodeid, **self._outcome)
        if self._until_failure and self._outcome["status"] in ("failed", "error"):
            self._session.shouldstop = "one failure is enough"


def _function(item: pytest.Item) -> str:
    return str(getattr(item, "originalname", None) or item.name)


def _raised(error: BaseException) -> dict[str, str]:
    """Say what was raised, and the last place of the folder on the way there."""
    message = str(getattr(error, "msg", "") or error)
    return {
        "kind": type(error).__name__,
        "message": message[:MAX_MESSAGE],
        "at": _place(error),
    }


def _place(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return _below_here(error.filename, error.lineno or 1)
    place, trace = "", error.__traceback__
    while trace is not None:
        here = _below_here(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        place, trace = here or place, trace.tb_next
    return place


def _below_here(file: str, line: int) -> str:
    """Return ``file:line`` if the file lies below the working folder."""
    path = Path(file)
    if not path.is_relative_to(Path.cwd()):
        return ""
    return f"{path.relative_to(Path.cwd()).as_posix()}:{line}"


def main() -> None:
    """Run the tests; how they end is in the lines, not in the status."""
    descriptor, order = int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    folder = ["tests"] if Path("tests").is_dir() else []
    rootdir = f"--rootdir={Path.cwd()}"
    reporter = Reporter(descriptor, order)
    code = pytest.main([*ARGUMENTS, rootdir, *folder], plugins=[reporter])
    reporter.tell("over", code=int(code))


if __name__ == "__main__":
    main()
