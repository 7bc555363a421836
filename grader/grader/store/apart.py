"""A desk in a process of its own, so that a command need not wait for the database.

Importing the database's library takes as long as starting a sandbox. Done in a second
process, both go on at once. The two exchange pickles over pipes that nobody else has;
when the command dies, the pipe ends and this process with it.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import subprocess
import sys
from typing import IO, TYPE_CHECKING, Any

from coursekit.errors import CourseError

from grader import own_process
from grader.store import worker
from grader.store.facts import Arrival, Counts, Score

if TYPE_CHECKING:
    from types import TracebackType

    from grader.result import GradeResult
    from grader.store.desk import Again


class Apart:
    """A desk over there; used like :class:`grader.store.desk.Here`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            own_process.command("grader.store.apart", worker.me()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl-C is for the command, which then says here what is to be recorded.
            start_new_session=True,
        )
        self._number: int | None = None
        self._trouble: CourseError | None = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        to, back = self._pipes
        to.close()
        self._process.wait()
        back.close()

    def arrive(self, what: Arrival | Again) -> None:
        """Send the arrival; its number comes when it is on the disk."""
        self._send("arrive", what)

    def arrived(self) -> bool:
        """Return whether the answer to :meth:`arrive` is there."""
        _, back = self._pipes
        if self._number is not None or self._trouble is not None:
            return True
        return bool(select.select([back], [], [], 0)[0])

    def number(self) -> int:
        """Wait for the submission's number."""
        if self._trouble is not None:
            raise self._trouble  # there is only one answer to wait for
        if self._number is None:
            try:
                self._number = int(self._receive())
            except CourseError as error:
                self._trouble = error
                raise
        return self._number

    def finish(self, result: GradeResult) -> None:
        """Record the verdicts."""
        self.number()
        self._send("finish", result)
        self._receive()

    def fail(self, said: str) -> None:
        """Record why there are no verdicts."""
        self.number()
        self._send("fail", said)
        self._receive()

    def scores(self, homework: str, student: str, counts: Counts) -> list[Score]:
        """Return what counts for a student so far."""
        self._send("scores", homework, student, counts)
        found: list[Score] = self._receive()
        return found

    @property
    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def _send(self, name: str, *arguments: object) -> None:
        to, _ = self._pipes
        try:
            pickle.dump((name, arguments), to)
            to.flush()
        except BrokenPipeError:
            raise _gone() from None

    def _receive(self) -> Any:
        _, back = self._pipes
        try:
            worked, value = pickle.load(back)
        except EOFError:
            raise _gone() from None
        if not worked:
            raise CourseError(value)
        return value


def _gone() -> CourseError:
    return CourseError(
        "the process that writes the gradebook has ended before its work; what it said "
        "stands above. Run the command again."
    )


def serve(by: str, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Do what the command asks, until it has no more to ask."""
    from grader.store.database import Store
    from grader.store.desk import Here

    desk: Here | None = None
    while True:
        try:
            name, arguments = pickle.load(requests)
        except EOFError:
            return
        try:
            desk = desk or Here(Store.open(), by)
            reply = (True, _do(desk, name, arguments))
        except CourseError as error:
            reply = (False, str(error))
        pickle.dump(reply, replies)
        replies.flush()


def _do(desk: Any, name: str, arguments: tuple[Any, ...]) -> Any:
    value = getattr(desk, name)(*arguments)
    return desk.number() if name == "arrive" else value


if __name__ == "__main__":
    gc.disable()  # it lives for a second and makes little garbage
    serve(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
    # All is written and acknowledged; taking the interpreter down would only cost time.
    os._exit(0)
