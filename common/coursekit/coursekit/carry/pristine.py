"""The files of a student's copy as they were given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from coursekit.console import shown
from coursekit.course import Course, enclosing_root
from coursekit.errors import CourseError
from coursekit.staging.manifest import PRISTINE, digest
from coursekit.student import StudentFolder


class Pristine:
    """The originals, each as the manifest says that it was.

    They are in ``.course/pristine`` of a student's copy. A folder that is edited in
    place in a clone has none, and there they are rendered anew.
    """

    def __init__(self, folder: StudentFolder) -> None:
        self.folder = folder

    def content(self, path: str) -> bytes:
        """Return the original of a file, or raise with what to do."""
        expected = self.folder.manifest.files.get(path)
        file = self.folder.path / PRISTINE / path
        content = file.read_bytes() if file.is_file() else self._rendered.get(path)
        if content is not None and digest(content) == expected:
            return content
        what = "is not what was given" if file.is_file() else "is missing"
        raise CourseError(
            f"{shown(file)}: {what}, so what you wrote cannot be told from what was"
            f" given. Make a new copy of {self.folder.homework} in another folder"
            " (`course start`, or unpack the bundle), copy your files over those in"
            " it, and carry with that folder."
        )

    @cached_property
    def _rendered(self) -> Mapping[str, bytes]:
        from coursekit.staging import NONE, render  # heavy, and rarely needed

        root = enclosing_root(self.folder.path)
        if root is None:
            return {}
        try:
            return render(Course(root), self.folder.homework, NONE)
        except CourseError:
            return {}
