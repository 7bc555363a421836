"""Grading packs for tests: sound ones, and ones with something done to them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from coursekit.course import Course
from grader.pack.make import make_pack
from mini_course import write_course

Files = dict[str, bytes]


def whole_course(folder: Path, version: str = "1.0") -> Course:
    """Write the mini course with a handout, so that it may be given out."""
    write_course(folder)
    handout = "# Small\n\n## Question 1\n\n## Question 2\n"
    (folder / "common" / "hw0" / "handout.md").write_text(handout)
    path = folder / "course.toml"
    path.write_text(path.read_text().replace('"1.0"', f'"{version}"'))
    return Course(folder)


def mini_pack(folder: Path, version: str = "1.0") -> bytes:
    """Return the pack of the mini course's homework."""
    return make_pack(whole_course(folder, version), "hw0")


def files_of(data: bytes) -> Files:
    """Return the files of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def archive_of(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive of the files, whatever they are called."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return out.getvalue()


def reindexed(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return a pack whose table of contents was changed."""
    files = files_of(data)
    index = json.loads(files["pack.json"])
    change(index)
    return archive_of({**files, "pack.json": json.dumps(index).encode()})


def with_file(data: bytes, path: str, content: bytes) -> bytes:
    """Return a pack with a file put in, or changed, that its index knows of."""

    def list_it(index: dict[str, Any]) -> None:
        index["files"][path] = hashlib.sha256(content).hexdigest()

    return reindexed(archive_of({**files_of(data), path: content}), list_it)


def leave_checkout(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    """Let the packages be installed as from wheels: no checkout is around them."""
    for module in ("coursekit.course", "grader.commands.opening"):
        monkeypatch.setattr(f"{module}.__file__", str(nowhere / "x" / "module.py"))


def verdict(result: Any) -> Any:
    """Return a result's JSON without what no two runs share: times, and the walls."""
    if isinstance(result, list):
        return [verdict(each) for each in result]
    if not isinstance(result, dict):
        return result
    return {
        key: verdict(value)
        for key, value in result.items()
        if not key.endswith("_seconds") and key not in ("started_at", "sandbox")
    }
