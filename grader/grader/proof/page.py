"""The page ``docs/proof.md``: tables that proofs write, between markers.

A block begins with ``<!-- generated: NAME digest -->``. The digest is of everything
that the table describes, so that a page which has fallen behind is noticed without
proving anything anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from coursekit.course import Course
from coursekit.errors import CourseError

from grader import digest

PAGE = Path("docs/proof.md")
DIGITS = 16


def write_block(course: Course, name: str, sources: str, text: str) -> None:
    """Replace the block of this name on the page by a text about these sources."""
    page = course.root / PAGE
    if not page.is_file():
        raise CourseError(f"{page} is missing: tables are written between its markers")
    block = f"{_begin(name, sources)}\n\n{text.strip()}\n\n{_end(name)}"
    old = page.read_text(encoding="utf-8")
    new, count = _pattern(name).subn(lambda _: block, old)
    if count == 0:
        new = f"{old.rstrip()}\n\n{block}\n"
    draft = page.with_name(f".{page.name}.part")
    draft.write_text(new, encoding="utf-8")
    draft.replace(page)


def is_current(course: Course, name: str, sources: str) -> bool:
    """Tell whether the page has a block of this name, written from these sources."""
    page = course.root / PAGE
    return page.is_file() and _begin(name, sources) in page.read_text("utf-8")


def sources_of(course: Course, paths: Iterable[str], *parts: str) -> str:
    """Return the digest of files below these paths of the checkout, and of more.

    Whatever git would not keep (built files, caches) has no part in it.
    """
    files: dict[str, bytes] = {}
    for path in paths:
        files.update(_files(course.root, course.root / path))
    return digest.digest_of(digest.digest_files(files), *parts)


def _files(root: Path, path: Path) -> Mapping[str, bytes]:
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return {
        each.relative_to(root).as_posix(): each.read_bytes()
        for each in found
        if each.is_file()
        and not any(
            part.startswith((".", "__pycache__"))
            for part in each.relative_to(root).parts
        )
        and each.suffix not in {".so", ".pyc"}
    }


def _begin(name: str, sources: str) -> str:
    return f"<!-- generated: {name} {sources[:DIGITS]} -->"


def _end(name: str) -> str:
    return f"<!-- end generated: {name} -->"


def _pattern(name: str) -> re.Pattern[str]:
    start = rf"<!-- generated: {re.escape(name)} [0-9a-f]+ -->"
    return re.compile(f"{start}.*?{re.escape(_end(name))}", re.DOTALL)
