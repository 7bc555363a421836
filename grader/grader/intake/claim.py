"""Read which homework a folder says it is; that is all it is asked."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from coursekit.staging.manifest import MANIFEST

from grader.intake.folder import FILE

MAX_MANIFEST = 2**20


def claimed_homework(path: Path) -> str:
    """Return the name in a submission's manifest, or an empty string."""
    try:
        descriptor = os.open(path / MANIFEST, FILE)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return ""
            said = json.loads(file.read(MAX_MANIFEST))
    except (OSError, ValueError, RecursionError):
        return ""
    name = said.get("homework") if isinstance(said, dict) else None
    return name if isinstance(name, str) else ""
