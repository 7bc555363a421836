"""Parts of a long list of checks: every part is quick, all together are everything."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coursekit.errors import CourseError

_FORM = re.compile(r"(?P<part>[0-9]+|commit)/(?P<count>[0-9]+)")
MOST = 1000


@dataclass(frozen=True)
class Slice:
    """One of ``count`` parts; each name is in exactly one, the same one forever."""

    part: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Slice:
        """Read ``2/6``, ``commit/6`` (chosen by the commit checked out) or ``all``."""
        found = _FORM.fullmatch(text.strip())
        if text.strip() == "all":
            return cls(1, 1)
        if found is None:
            raise CourseError(
                f"{text!r} is not a slice: write 2/6 for the second of six, commit/6"
                " for the one that the commit chooses, or all"
            )
        count = int(found["count"])
        if not 1 <= count <= MOST:
            raise CourseError(f"{text!r}: there can be 1 to {MOST} slices")
        if found["part"] == "commit":
            return cls.of_commit(count)
        part = int(found["part"])
        if not 1 <= part <= count:
            raise CourseError(f"{text!r}: slices are numbered from 1 to {count}")
        return cls(part, count)

    @classmethod
    def of_commit(cls, count: int) -> Slice:
        """Return the slice that the commit chooses: in time, all have their turn."""
        return cls(number(commit(), count) + 1, count)

    def __contains__(self, name: object) -> bool:
        return number(str(name), self.count) == self.part - 1

    def __str__(self) -> str:
        return "all" if self.count == 1 else f"{self.part}/{self.count}"


ALL = Slice(1, 1)


def number(name: str, count: int) -> int:
    """Return a number from 0 to ``count`` - 1 that depends on the name alone."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % count


def chosen(names: Sequence[str]) -> str:
    """Return the one of the names that the commit chooses."""
    return names[number(commit(), len(names))]


@lru_cache(maxsize=1)
def commit() -> str:
    """Return the commit checked out; without one, always the same text."""
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "no commit"
