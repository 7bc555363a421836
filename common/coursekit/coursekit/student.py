"""Find the folder of a homework that a student works in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coursekit.course import Course, enclosing_root
from coursekit.errors import CourseError
from coursekit.homework import HOMEWORK_NAME
from coursekit.staging.manifest import MANIFEST, PRISTINE, Manifest


@dataclass(frozen=True)
class StudentFolder:
    """A rendered folder of one homework, with its manifest."""

    path: Path
    manifest: Manifest

    @property
    def homework(self) -> str:
        """The homework's name, such as ``hw0``."""
        return self.manifest.homework

    @property
    def is_copy(self) -> bool:
        """Whether this is a student's own copy, which has the pristine files."""
        return (self.path / PRISTINE).is_dir()

    @classmethod
    def at(cls, path: Path) -> StudentFolder | None:
        """Return the folder at ``path`` if it is a rendered one."""
        manifest = Manifest.of_folder(path)
        return None if manifest is None else cls(path.resolve(), manifest)

    @classmethod
    def find(
        cls, name_or_path: str | Path | None = None, start: Path | None = None
    ) -> StudentFolder:
        """Find the folder meant by a homework's name, by a path, or by where one is.

        A name means, in this order: the student's own copy that encloses the working
        folder, ``work/hwN`` of the clone, ``hwN`` of the clone, a folder of that name
        here, one beside the folder one stands in, and whatever rendered folder of that
        homework encloses this one. Outside a clone, that from which this package is
        installed comes after what is here and beside.
        ``start`` stands in for the working folder.
        """
        here = (start or Path.cwd()).resolve()
        if name_or_path is None:
            found = _enclosing(here)
            if found is None:
                raise CourseError(
                    f"{here}: not inside a homework's folder. Go into yours, or name"
                    " the homework (hw0) or its folder."
                )
            return found
        if HOMEWORK_NAME.fullmatch(str(name_or_path)):
            return _by_name(str(name_or_path), here, fixed=start is not None)
        return _by_path(here / name_or_path)


def _by_path(path: Path) -> StudentFolder:
    found = _enclosing(path) if path.is_dir() else None
    if found is None:
        what = (
            "is not a homework's folder" if path.exists() else "there is no such folder"
        )
        raise CourseError(
            f"{path}: {what}. Name the one you work in (it has {MANIFEST}), or make one"
            " with `course start`."
        )
    return found


def _by_name(name: str, here: Path, *, fixed: bool) -> StudentFolder:
    around = _enclosing(here)
    if around is not None and around.homework == name and around.is_copy:
        return around
    for path in _places(name, here, around, fixed=fixed):
        found = StudentFolder.at(path)
        if found is not None and found.homework == name:
            return found
    if around is not None and around.homework == name:
        return around
    raise CourseError(
        f"there is no folder of {name} here or in a clone around {here}. Make your"
        f" copy with `course start {name}`, or go into the unpacked bundle."
    )


def _places(
    name: str, here: Path, around: StudentFolder | None, *, fixed: bool
) -> list[Path]:
    """Return where a homework's folder may be, the likeliest place first."""
    near = [here / name]
    if around is not None:
        near.append(around.path.parent / name)
    inside = enclosing_root(here) is not None
    try:
        course = Course.find(here if fixed or inside else None)
        clone = [course.work(name), course.staged(name)]
    except CourseError:  # there is no clone, or it has no such homework
        return near
    # Outside every checkout, what is near goes before the one we are installed from.
    return [*clone, *near] if inside else [*near, *clone]


def _enclosing(here: Path) -> StudentFolder | None:
    for folder in (here, *here.parents):
        found = StudentFolder.at(folder)
        if found is not None:
            return found
    return None
