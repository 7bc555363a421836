"""Update a folder: refuse what makes no sense, plan, and carry the plan out."""

from __future__ import annotations

from dataclasses import dataclass

from coursekit.errors import CourseError
from coursekit.staging.folder import failed
from coursekit.staging.swap import exclusive
from coursekit.student import StudentFolder
from coursekit.update.incoming import Release
from coursekit.update.plan import Plan, plan_update
from coursekit.update.transaction import Done, is_unfinished, perform, recover
from coursekit.versions import is_older


@dataclass(frozen=True)
class Updated:
    """What an update did, or would do."""

    old: str
    new: str
    plan: Plan
    done: Done | None  # None: nothing was to do, or only tried
    recovered: Done | None = None


def update_folder(
    folder: StudentFolder, release: Release, *, force: bool = False, dry: bool = False
) -> Updated:
    """Bring the release into the folder, all of it or nothing; lose nothing."""
    with exclusive(folder.path):
        recovered = end_interrupted(folder, dry=dry)
        if recovered is not None:
            folder = _again(folder)
        _refuse(folder, release, force=force)
        old, new = folder.manifest, release.manifest
        try:
            plan = plan_update(folder.path, old, release)
        except OSError as error:
            raise failed(folder.path, error) from error
        done = None
        if plan.changes and not dry:
            title = f"{old.version} -> {new.version}"
            done = perform(folder.path, plan.changes, kind="update", title=title)
        return Updated(old.version, new.version, plan, done, recovered)


def end_interrupted(folder: StudentFolder, *, dry: bool) -> Done | None:
    """End what an interrupted run had begun; a trial run refuses to."""
    if dry:
        if is_unfinished(folder.path):
            raise CourseError(
                f"{folder.path}: an update was interrupted. Run `course update"
                f" {folder.homework}`, which ends it; nothing is lost."
            )
        return None
    return recover(folder.path)


def _again(folder: StudentFolder) -> StudentFolder:
    found = StudentFolder.at(folder.path)
    if found is None:
        raise CourseError(f"{folder.path}: is no longer a homework's folder")
    return found


def _refuse(folder: StudentFolder, release: Release, *, force: bool) -> None:
    old, new = folder.manifest, release.manifest
    if new.homework != old.homework:
        raise CourseError(
            f"{release.origin}: is {new.homework}, and {folder.path} is"
            f" {old.homework}. Nothing was changed."
        )
    if old.course != new.course and old.course and new.course and not force:
        raise CourseError(
            f"{release.origin}: is of the course {new.course!r}, and {folder.path} of"
            f" {old.course!r}. Nothing was changed; --force merges it all the same."
        )
    if old.solved:
        raise CourseError(
            f"{folder.path}: shows solutions, so it is no folder to work in. Make your"
            f" own with `course start {old.homework}`."
        )
    if is_older(new.version, old.version) and not force:
        raise CourseError(
            f"{release.origin}: is version {new.version}, older than the"
            f" {old.version} in {folder.path}. Nothing was changed; --force goes back"
            " to it all the same."
        )
