"""Write files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from coursekit.errors import CourseError


def write_whole(path: Path, content: str) -> None:
    """Write UTF-8 text with LF line ends, so that a cut leaves the old file or none."""
    write_whole_bytes(path, content.encode("utf-8", "backslashreplace"))


def write_whole_bytes(path: Path, content: bytes) -> None:
    """Write bytes likewise."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    except OSError as error:
        raise _cannot(path, error) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes files for their owner alone; give this one what umask allows.
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _cannot(path, error) from None
        raise


def _cannot(path: Path, error: OSError) -> CourseError:
    return CourseError(
        f"cannot write {path}: {error.strerror}. Choose another place and run the "
        "command again."
    )
