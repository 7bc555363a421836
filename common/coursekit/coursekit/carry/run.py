"""Carry: read all folders, plan, and change the target as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

from coursekit.carry.check import in_order, refuse_undecided
from coursekit.carry.copy import Copy
from coursekit.carry.extras import plan_extras
from coursekit.carry.offer import Offer
from coursekit.carry.plan import Plan, plan_carry
from coursekit.carry.record import RECORD
from coursekit.merge.text import Lined
from coursekit.staging.folder import plain_mode
from coursekit.staging.swap import exclusive
from coursekit.student import StudentFolder
from coursekit.update.run import end_interrupted
from coursekit.update.transaction import Change, Done, perform

KIND = "carry"
LEFT = ".course/not-carried"  # bodies for which the target has no region


@dataclass(frozen=True)
class Carry:
    """What a carry did, or would do."""

    target: Copy
    sources: tuple[Copy, ...]
    plan: Plan
    dry: bool
    done: Done | None  # None: nothing was to do, or only tried


def carry_into(
    sources: Sequence[StudentFolder],
    target: StudentFolder,
    *,
    helpers: bool = False,
    dry: bool = False,
) -> Carry:
    """Take what was written in the sources into the target, all of it or nothing.

    ``helpers`` takes along what was written outside the regions, as far as bodies that
    are carried name it, and new files.
    """
    ordered = in_order(sources, target)
    with exclusive(target.path):
        end_interrupted(target, dry=dry)
        copies = tuple(Copy.read(source) for source in ordered)
        here = Copy.read(target)
        refuse_undecided(copies, here)
        plan = plan_carry(copies, here)
        plan_extras(plan, copies, here, take=helpers)
        changes = [*_changes(plan, here)]
        done = None
        if changes and not dry:
            names = ", ".join(copy.homework for copy in copies)
            title = f"{names} -> {target.homework}"
            done = perform(target.path, changes, kind=KIND, title=title)
        return Carry(here, copies, plan, dry, done)


def _changes(plan: Plan, target: Copy) -> Iterator[Change]:
    wanted: dict[str, bytes] = {
        path: text.encode() for path, text in plan.texts.items()
    }
    wanted |= plan.files
    wanted |= _left(plan.gone)
    if plan.carried != target.carried:
        wanted[RECORD] = plan.carried.to_bytes()
    for path, content in wanted.items():
        file = target.folder.path / path
        before = file.read_bytes() if file.is_file() else None
        if before != content:
            yield Change(path, before, content, _mode(file))


def _left(gone: Sequence[Offer]) -> Mapping[str, bytes]:
    """Return a file for each file of a source, with the regions that are gone here."""
    texts: dict[str, str] = {}
    for offer in gone:
        path = f"{LEFT}/{offer.copy.homework}/{offer.file.path}"
        lines = Lined.of(offer.file.text).lines
        region = "\n".join(lines[offer.region.begin - 1 : offer.region.end])
        texts[path] = texts.get(path, "") + region + "\n"
    return {path: text.encode() for path, text in texts.items()}


def _mode(file: Path) -> int:
    return S_IMODE(file.stat().st_mode) if file.is_file() else plain_mode() & 0o666
