"""Merge a student's notebook with a newer release of it, cell by cell.

Nothing a student wrote is changed: their cells, answers and outputs stay. A cell of the
handout follows the release where the student has not edited it; where both have, the
student's stays and the release's new one comes after it, marked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from coursekit.notebook.arrange import Node, arrange
from coursekit.notebook.document import (
    NotebookCell,
    NotebookFile,
    Raw,
    read_notebook,
    source_like,
)
from coursekit.notebook.marks import mark_of, marked, unmarked

LONGEST_ID = 64  # characters, says the format


@dataclass(frozen=True)
class MergedNotebook:
    """The merged file, and the numbers of the cells a person should look at."""

    content: bytes
    conflicts: tuple[int, ...]  # new versions put after cells that were edited here
    orphans: tuple[int, ...]  # edited here, no longer in the release


@dataclass
class _Result:
    cells: list[Raw] = field(default_factory=list)
    conflicts: list[int] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)

    def add(self, raw: Raw) -> int:
        self.cells.append(raw)
        return len(self.cells)


def merge_notebooks(
    base: bytes, ours: bytes, theirs: bytes, *, version: str
) -> MergedNotebook:
    """Bring what changed from ``base`` to ``theirs`` into ``ours``.

    Raises DamagedNotebookError where one of them is none. ``version`` is what the marks
    of new cells call the release.
    """
    was, here, new = (read_notebook(content) for content in (base, ours, theirs))
    result = _Result()
    for node in arrange(was.cells, here.cells, new.cells):
        _resolve(node, result, version)
    _settle_ids(result.cells, here)
    metadata = _follow(*(_metadata(each) for each in (was, here, new)))
    if result.cells == here.raw["cells"] and metadata == _metadata(here):
        content = ours
    else:
        content = here.with_cells(result.cells, metadata)
    return MergedNotebook(content, tuple(result.conflicts), tuple(result.orphans))


def _resolve(node: Node, result: _Result, version: str) -> None:
    base, ours, theirs = node.base, node.ours, node.theirs
    if ours is None:
        if base is None and theirs is not None:  # else the student deleted it
            result.add(dict(theirs.raw))
        return
    edited = base is None or not unmarked(ours).same_text(base) or _pasted(ours, base)
    if theirs is None:
        if edited:
            number = result.add(dict(ours.raw))
            if base is not None:
                result.orphans.append(number)
        return
    if base is None or theirs.same_text(base) or unmarked(ours).same_text(theirs):
        result.add(_relabelled(ours, base, theirs))
    elif not edited:
        result.add(_updated(ours, base, theirs, version))
    else:
        result.add(dict(ours.raw))
        result.conflicts.append(result.add(marked(theirs, version)))


def _pasted(ours: NotebookCell, base: NotebookCell) -> bool:
    """Whether pictures were pasted into a text cell."""
    return bool(ours.raw.get("attachments") != base.raw.get("attachments"))


def _relabelled(
    ours: NotebookCell, base: NotebookCell | None, theirs: NotebookCell
) -> Raw:
    """Return the student's cell, under the release's new id where that changed."""
    raw = dict(ours.raw)
    was = base.id if base is not None else None
    if theirs.id != was and ours.id is not None:
        raw["id"] = theirs.id
    old = base.metadata if base is not None else {}
    if "metadata" in raw:
        raw["metadata"] = _follow(old, ours.metadata, theirs.metadata)
    return raw


def _updated(
    ours: NotebookCell, base: NotebookCell, theirs: NotebookCell, version: str
) -> Raw:
    """Return the release's new text in the student's cell; its outputs stay."""
    raw = _relabelled(ours, base, theirs)
    text = theirs.text
    if mark_of(ours) is not None:
        again = marked(theirs, version)
        text = "".join(again["source"])
        raw["metadata"] = {**raw["metadata"], "course": again["metadata"]["course"]}
    raw["source"] = source_like(ours.raw, text)
    if "execution_count" in raw:
        raw["execution_count"] = None  # this text has not been run
    return raw


def _settle_ids(cells: list[Raw], here: NotebookFile) -> None:
    """Give every cell an id of its own, or none where the format has none."""
    seen: set[Any] = set()
    for cell in cells:
        if not here.has_ids:
            if "id" in cell and cell not in here.raw["cells"]:
                del cell["id"]
            continue
        if (name := cell.get("id")) is None:
            continue
        number = 1
        while cell["id"] in seen:
            number += 1
            cell["id"] = f"{name[: LONGEST_ID - 8]}-{number}"
        seen.add(cell["id"])


def _metadata(notebook: NotebookFile) -> Raw:
    found = notebook.raw.get("metadata")
    return found if isinstance(found, dict) else {}


def _follow(base: Raw, ours: Raw, theirs: Raw) -> Raw:
    """Return our entries; where only the release changed one, the release's."""
    merged = dict(ours)
    for key in [*theirs, *(key for key in base if key not in theirs)]:
        if base.get(key) == theirs.get(key) or ours.get(key) != base.get(key):
            continue
        if key in theirs:
            merged[key] = theirs[key]
        else:
            merged.pop(key, None)
    return merged
