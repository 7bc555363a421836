"""Compare a rendered folder on disk with what the sources say."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coursekit.staging.folder import executable_among
from coursekit.staging.refresh import files_below
from coursekit.staging.sources import is_output

LINES_A_FILE = 40
LINES_IN_ALL = 200


@dataclass(frozen=True)
class Difference:
    """One file that is not what the sources say, and in what way."""

    path: str
    state: str  # changed, missing, extra, mode
    diff: tuple[str, ...] = ()


def differences(files: Mapping[str, bytes], dest: Path) -> list[Difference]:
    """Return how the folder differs from the rendering, sorted by path.

    Files of a run (built, downloaded, hidden) are nobody's edit and do not count.
    """
    present = set(files_below(dest)) if dest.is_dir() else set()
    extra = {p for p in present - files.keys() if not is_output(PurePosixPath(p))}
    found = [Difference(path, "extra") for path in extra]
    executable = executable_among(files)
    for path, content in files.items():
        if path not in present:
            found.append(Difference(path, "missing"))
            continue
        file = dest / path
        actual = b"" if file.is_symlink() else file.read_bytes()
        if file.is_symlink() or actual != content:
            diff = tuple(_diff(dest.name, path, actual, content))
            found.append(Difference(path, "changed", diff))
        elif bool(file.stat().st_mode & 0o111) != (path in executable):
            found.append(Difference(path, "mode"))
    return sorted(found, key=lambda each: each.path)


def report(name: str, found: Iterable[Difference]) -> Iterator[str]:
    """Yield lines that show the differences, not too many of them."""
    left = LINES_IN_ALL
    for each in found:
        yield f"{name}/{each.path}: {_WORDS[each.state]}"
        shown = each.diff[: min(LINES_A_FILE, left)]
        yield from shown
        if len(each.diff) > len(shown):
            yield f"... {len(each.diff) - len(shown)} more lines of this file"
        left -= len(shown)


_WORDS = {
    "changed": "edited by hand, or not rendered since its source changed",
    "missing": "missing",
    "extra": "not in common/",
    "mode": "executable here and not in common/, or the reverse",
}


def _diff(name: str, path: str, actual: bytes, wanted: bytes) -> Iterator[str]:
    here, there = _text(actual), _text(wanted)
    if here is None or there is None:
        yield f"binary: {len(actual)} bytes here, {len(wanted)} rendered"
        return
    yield from difflib.unified_diff(
        here.splitlines(),
        there.splitlines(),
        f"{name}/{path} (here)",
        f"{name}/{path} (rendered from common/)",
        lineterm="",
    )


def _text(content: bytes) -> str | None:
    try:
        return None if b"\0" in content else content.decode()
    except UnicodeDecodeError:
        return None
