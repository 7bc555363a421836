"""What an update says: lines for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coursekit.console import argument, shown, subject
from coursekit.student import StudentFolder
from coursekit.update.decide import What
from coursekit.update.plan import Outcome
from coursekit.update.run import Updated
from coursekit.update.transaction import Done

_WHAT: dict[What, str] = {
    "updated": "updated",
    "added": "new",
    "restored": "back",
    "removed": "removed",
    "kept": "kept",
    "merged": "merged",
    "conflict": "CONFLICT",
    "beside": "kept",
    "aside": "replaced",
}
_WHY: dict[What, str] = {
    "restored": "it was missing",
    "kept": "no longer part of the homework, but you edited it",
    "merged": "with what you changed",
    "beside": "the new one is {other}",
    "aside": "yours is {other}",
}

_BUILT_FROM = (".cpp", ".h", ".cc", ".cu", "Makefile", "CMakeLists.txt")


def lines(
    folder: StudentFolder, done: Updated, *, dry: bool, in_clone: bool
) -> Iterator[str]:
    """Yield the report of an update for a terminal."""
    if done.recovered is not None:
        yield "An update that was interrupted has been brought to its end."
        yield from _put_aside(done.recovered)
    touched = done.plan.touched
    if not touched:
        where = " with this clone" if in_clone else ""
        hint = " `git pull` fetches what is newer." if in_clone else ""
        yield f"{folder.homework} is up to date{where}: version {done.new}.{hint}"
        return
    would = "would go" if dry else "went"
    yield f"{subject(folder.path)} {would} from version {done.old} to {done.new}:"
    for outcome in touched:
        yield from _about(outcome)
    if done.done is not None:
        yield from _put_aside(done.done)
        yield (
            f"What these files were is in {shown(done.done.backup)};"
            f" `course update --undo {argument(folder.path)}` brings it back."
        )
    if not dry:
        yield from _next(folder.path, done)


def as_json(folder: StudentFolder, done: Updated, *, dry: bool) -> dict[str, Any]:
    """Return the report of an update for a program."""
    return {
        "homework": folder.homework,
        "folder": str(folder.path),
        "from": done.old,
        "to": done.new,
        "changed": done.done is not None,
        "dry_run": dry,
        "recovered": done.recovered is not None,
        "conflicts": done.plan.conflicts,
        "files": [
            {
                "path": each.path,
                "what": each.what,
                "other": each.other,
                "conflict_lines": list(each.places),
                "notes": list(each.notes),
            }
            for each in done.plan.touched
        ],
        "backup": None if done.done is None else str(done.done.backup),
    }


def _about(outcome: Outcome) -> Iterator[str]:
    why = _WHY.get(outcome.what, "").format(other=outcome.other)
    yield f"  {_WHAT.get(outcome.what, ''):9} {outcome.path}" + (
        f": {why}" if why else ""
    )
    for line in outcome.places:
        yield f"{'':12}{outcome.path}:{line}: yours and the release's, both"
    for note in outcome.notes:
        yield f"{'':12}{note}"


def _put_aside(done: Done) -> Iterator[str]:
    for path, name in done.aside.items():
        yield f"  {path} was edited in the meantime; that version is {name}"


def _next(folder: Path, done: Updated) -> Iterator[str]:
    """Yield what to do because of what changed."""
    if done.plan.conflicts:
        places = (
            "1 place" if done.plan.conflicts == 1 else f"{done.plan.conflicts} places"
        )
        yield f"Decide the {places} above, between <<<<<<< and >>>>>>>, in your editor."
    changed = {each.path for each in done.plan.touched if each.what != "kept"}
    if "requirements.txt" in changed:
        yield (
            "The required packages changed: in that folder run"
            " `python -m pip install -r requirements.txt`."
        )
    if any(path.startswith("wheels/") for path in changed):
        # pip takes a wheel of the same version for the same wheel.
        yield (
            "The course's own packages changed: in that folder run"
            " `python -m pip install --force-reinstall --no-deps wheels/*.whl`."
        )
    if any(path.endswith(_BUILT_FROM) for path in changed):
        yield "Sources of native code changed: in that folder run `make`."
    if any(path.endswith(".ipynb") for path in changed):
        yield "The notebook changed on disk: if it is open, load it again."
