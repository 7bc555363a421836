"""Decide what becomes of one file: the release's, the student's, or both merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from coursekit.merge import (
    differ_in_layout_alone,
    line_after,
    merge_file,
    read_regions,
)
from coursekit.notebook.document import DamagedNotebookError
from coursekit.notebook.merge import merge_notebooks
from coursekit.staging.manifest import digest

What: TypeAlias = Literal[
    "same",  # as the release has it, or as the student wants it
    "updated",  # untouched by the student: the release's new version
    "added",
    "restored",  # was missing
    "removed",  # no longer in the release, untouched by the student
    "kept",  # no longer in the release, edited by the student
    "merged",
    "conflict",  # merged, and some places are for a person to decide
    "beside",  # the student's stays; the release's is put beside it
    "aside",  # the release's; the student's is kept under another name
]
YOURS = "yours"


@dataclass(frozen=True)
class File:
    """One file in its versions; None where there is none.

    ``was`` is the digest of the old release's, ``base`` its content where it is known.
    """

    path: str
    was: str | None
    base: bytes | None
    mine: bytes | None
    new: bytes | None
    editable: bool = False


@dataclass(frozen=True)
class Decision:
    """What happens to a file, what it holds then, and what to tell about it."""

    what: What
    content: bytes | None
    notes: tuple[str, ...] = ()
    places: tuple[int, ...] = field(default=())  # of conflicts: lines, or cells


def decide(file: File, version: str) -> Decision:
    """Compare the versions; merge where both release and student changed the file."""
    mine, new = file.mine, file.new
    edited = mine is not None and digest(mine) != file.was
    if new is None:
        if edited and file.was is not None:
            return Decision("kept", mine)
        return Decision("removed" if mine is not None else "same", None)
    if mine is None:
        return Decision("added" if file.was is None else "restored", new)
    if mine == new or (edited and digest(new) == file.was):
        return Decision("same", mine)
    return _merge(file, mine, new, version) if edited else Decision("updated", new)


def _merge(file: File, mine: bytes, new: bytes, version: str) -> Decision:
    if file.was is None:
        return Decision("aside", new, ("you have a file of that name already",))
    if file.path.endswith(".ipynb"):
        return _merge_notebook(file, mine, new, version)
    if any(b"\0" in content for content in (file.base or b"", mine, new)):
        return _apart(file, mine, new, "it is not text")
    if file.base is None:
        return _apart(file, mine, new, "the copy to compare it with is missing")
    return _merge_text(file.path, file.base, mine, new, version)


def _apart(file: File, mine: bytes, new: bytes, why: str) -> Decision:
    """Keep both: in place stands what one needs to go on working."""
    note = (f"could not be merged: {why}",)
    if file.editable:
        return Decision("beside", mine, note)
    return Decision("aside", new, note)


def _merge_notebook(file: File, mine: bytes, new: bytes, version: str) -> Decision:
    if file.base is None:
        return _apart(file, mine, new, "the copy to compare it with is missing")
    try:
        merged = merge_notebooks(file.base, mine, new, version=version)
    except DamagedNotebookError as error:
        return _apart(file, mine, new, f"it {error}")
    notes = [
        f"cell {number}: no longer in the handout; kept, since you edited it"
        for number in merged.orphans
    ]
    notes += [
        f"cell {number}: the new version of the cell above it, which you edited"
        for number in merged.conflicts
    ]
    return Decision("merged", merged.content, tuple(notes))


def _merge_text(
    path: str, base: bytes, mine: bytes, new: bytes, version: str
) -> Decision:
    # What is not UTF-8 comes back as it was.
    old, ours, theirs = (
        each.decode("utf-8", "surrogateescape") for each in (base, mine, new)
    )
    written = _written(path, old, ours)
    merged = merge_file(
        path,
        old,
        ours,
        theirs,
        take=lambda name, owner: "ours" if name in written else "theirs",
        labels=(YOURS, version),
    )
    notes = tuple(
        f"line {line_after(each.line, ours, merged.text)}: {each.message}"
        for each in merged.troubles
    )
    return Decision(
        "conflict" if merged.conflicts else "merged",
        merged.text.encode("utf-8", "surrogateescape"),
        notes,
        tuple(each.line for each in merged.conflicts),
    )


def _written(path: str, base: str, ours: str) -> set[str]:
    """Return the regions that the student has filled in: no new stub is for them."""
    stubs = read_regions(path, base).found
    here = read_regions(path, ours, base).found
    return {
        name
        for name, region in here.items()
        if name in stubs and not differ_in_layout_alone(region.plain, stubs[name].plain)
    }
