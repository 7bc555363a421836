"""Cut a run short at any of its file operations, as a power cut would."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

FILE_EVENTS = {"open", "os.link", "os.rename", "os.mkdir", "os.chmod", "os.rmdir"}
FILE_EVENTS |= {"os.remove", "os.symlink", "os.listdir", "os.scandir", "shutil.rmtree"}


def cut_at(event: int, action: Callable[[], object]) -> bool:
    """Run something in a child that dies at its n-th file operation; True if done."""
    child = os.fork()
    if child == 0:
        count = 0

        def cut(name: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            count += name in FILE_EVENTS
            if count == event:
                os._exit(9)

        sys.addaudithook(cut)
        try:
            action()
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 9)
    return status == 0
