"""What a student wrote outside the regions: helpers in the files, and new files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from coursekit.carry.copy import Copy, MarkedFile, Remark
from coursekit.carry.helpers import Added, Helper, added_to, words
from coursekit.carry.place import put
from coursekit.carry.plan import Extra, Fate, Outcome, Plan
from coursekit.carry.record import CarriedFile, CarriedRegion
from coursekit.globs import matches
from coursekit.merge import line_after, read_regions
from coursekit.staging.manifest import digest
from coursekit.staging.refresh import files_below
from coursekit.staging.sources import is_output


def plan_extras(
    plan: Plan, sources: Sequence[Copy], target: Copy, *, take: bool
) -> None:
    """Add helpers and new files to the plan; with ``take`` they come along."""
    texts = plan.texts if take else dict(plan.texts)
    new: dict[str, tuple[Copy, bytes]] = {}  # the latest homework's, as of regions
    for source in sources:
        for file in source.files.values():
            _plan_file(plan, texts, source, file, target, take=take)
        new |= {path: (source, content) for path, content in _new_files(source)}
    for path, (source, content) in new.items():
        _plan_new_file(plan, source, path, content, target, take=take)
    plan.outcomes = [_renumbered(each, plan, target) for each in plan.outcomes]
    plan.remarks = [_moved(each, plan, target) for each in plan.remarks]


def _moved(remark: Remark, plan: Plan, target: Copy) -> Remark:
    """Return a remark about a file of the target with the line there afterwards."""
    for path, text in plan.texts.items():
        if remark.line is not None and remark.path == target.shown(path):
            line = line_after(remark.line, target.files[path].text, text)
            return replace(remark, line=line)
    return remark


def _renumbered(outcome: Outcome, plan: Plan, target: Copy) -> Outcome:
    """Return the outcome with the line where its region stands below new helpers."""
    text = plan.texts.get(outcome.path)
    if text is None or outcome.settled.conflicts:
        return outcome
    pristine = target.files[outcome.path].pristine
    region = read_regions(outcome.path, text, pristine).found.get(outcome.region)
    line = region.begin if region else outcome.settled.line
    return replace(outcome, settled=replace(outcome.settled, line=line))


def _plan_file(
    plan: Plan,
    texts: dict[str, str],
    source: Copy,
    file: MarkedFile,
    target: Copy,
    *,
    take: bool,
) -> None:
    added = added_to(file)
    shown = source.shown(file.path)
    if added.changed:
        plan.remarks.append(_changed(shown, added.changed))
    users = [each for each in plan.outcomes if each.choice.taken.file is file]
    found: set[Helper] = set()
    for path in dict.fromkeys(each.path for each in users):
        needed = _needed(added, (each for each in users if each.path == path))
        found |= needed.keys()
        for helper, names in sorted(needed.items(), key=_in_order):
            what = _settle(plan, texts, target, path, helper)
            if what in ("carried", "updated", "same") and take:
                record = CarriedRegion(source=source.homework, body=helper.lines)
                _remember_helper(plan, _key(path, helper), record)
            elif what in ("carried", "updated"):
                what = "offered"
            place = target.shown(path)
            extra = Extra(helper.title, shown, helper.line, what, names, place)
            plan.extras.append(extra)
    for helper in added.helpers:
        if helper not in found:
            plan.extras.append(Extra(helper.title, shown, helper.line, "unused"))


def _in_order(needed: tuple[Helper, tuple[str, ...]]) -> int:
    """Order C++ as it stood: what it uses comes first. Python is put before its use."""
    helper, _ = needed
    return helper.line if helper.before else 0


def _changed(path: str, lines: Sequence[int]) -> Remark:
    """Name the given code that was changed in a file: the first places of many."""
    first, *more = lines
    named = ", ".join(map(str, more[:4])) + (" and further down" if more[4:] else "")
    also = f" (and in lines {named})" if more else ""
    message = f"you changed given code here{also}, which is not carried"
    return Remark(path, first, message)


def _needed(added: Added, users: Iterable[Outcome]) -> dict[Helper, tuple[str, ...]]:
    """Return the helpers that bodies name, then those that these helpers name."""
    needed: dict[Helper, tuple[str, ...]] = {}
    uses = {each.region: words(each.choice.taken.body) for each in users}
    while uses:
        found = {
            helper: tuple(name for name, used in uses.items() if used & helper.names)
            for helper in added.helpers
            if helper not in needed
        }
        found = {helper: names for helper, names in found.items() if names}
        needed |= found
        uses = {helper.title: helper.words() for helper in found}
    return needed


def _settle(
    plan: Plan, texts: dict[str, str], target: Copy, path: str, helper: Helper
) -> Fate:
    """Decide about a helper, and put it into the text of the target's file."""
    if not helper.can_move:
        return "no place"
    if any(each.path == path and each.settled.conflicts for each in plan.outcomes):
        return "later"
    file = target.files[path]
    before = target.carried.helpers.get(_key(path, helper))
    text = texts.get(path, file.text)
    done = put(path, text, file.pristine, helper, before.body if before else ())
    if done.text != text:
        texts[path] = done.text
    return done.what


def _key(path: str, helper: Helper) -> str:
    return f"{path}::{helper.within or ''}::{','.join(sorted(helper.names))}"


def _remember_helper(plan: Plan, key: str, record: CarriedRegion) -> None:
    helpers = {**plan.carried.helpers, key: record}
    plan.carried = plan.carried.model_copy(update={"helpers": helpers})


def _new_files(source: Copy) -> Iterator[tuple[str, bytes]]:
    """Yield the files that the student added and that may be handed in."""
    manifest = source.folder.manifest
    for path in sorted(files_below(source.folder.path)):
        file = source.folder.path / path
        if (
            path not in manifest.files
            and matches(path, manifest.submission)
            and not is_output(PurePosixPath(path))
            and not file.is_symlink()
        ):
            yield path, file.read_bytes()


def _plan_new_file(
    plan: Plan, source: Copy, path: str, content: bytes, target: Copy, *, take: bool
) -> None:
    stem = PurePosixPath(path).stem
    used_by = tuple(
        each.region
        for each in plan.outcomes
        if each.source == source.homework and stem in words(each.choice.taken.body)
    )
    what = _fate(plan, target, path, content)
    if what in ("carried", "updated") and not take:
        what = "offered"
    elif what in ("carried", "updated", "same") and take:
        record = CarriedFile(source=source.homework, digest=digest(content))
        files = {**plan.carried.files, path: record}
        plan.carried = plan.carried.model_copy(update={"files": files})
        plan.files[path] = content
    shown = target.shown(path) if what != "not taken" else None
    title = f"the file {PurePosixPath(path).name}"
    plan.extras.append(Extra(title, source.shown(path), None, what, used_by, shown))


def _fate(plan: Plan, target: Copy, path: str, content: bytes) -> Fate:
    """Compare a new file with what the target has under its name."""
    manifest, file = target.folder.manifest, target.folder.path / path
    if path in manifest.files:
        return "clash"
    if manifest.submission and not matches(path, manifest.submission):
        return "not taken"
    if not file.is_file():
        return "carried"
    there = digest(file.read_bytes())
    before = plan.carried.files.get(path)
    if there == digest(content):
        return "same"
    if before is not None and before.digest == digest(content):
        return "kept"
    return "updated" if before is not None and before.digest == there else "clash"
