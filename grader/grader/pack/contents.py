"""What a pack holds: the layout of its files, and the way back to material."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from coursekit.errors import CourseError

from grader.material import Material
from grader.pack.archive import read_files
from grader.pack.index import INDEX, Index
from grader.renderings import Files, is_test
from grader.suite import check_cases
from grader.text import line

# Folders of the archive. The last two hold only what differs from `pristine`.
PRISTINE, SUITE, REFERENCE, BEFORE = "pristine/", "suite/", "reference/", "before/"


@dataclass(frozen=True)
class Pack:
    """A pack that was read and found whole."""

    index: Index
    files: Mapping[str, bytes]
    sha256: str  # of the archive

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> Pack:
        """Read an archive; ``name`` is what errors call it."""
        try:
            files = read_files(data)
            index = _index(files)
            _refuse_other_files(index, files)
            check_cases(index.homework, index.cases, INDEX)
        except CourseError as error:
            raise CourseError(f"{name} is not a sound grading pack: {error}.") from None
        return cls(index, files, sha256(data))

    def material(self) -> Material:
        """Return what the homework is graded with; no line of the suite is run."""
        index, given = self.index, self._below(PRISTINE)
        pristine = {path: data for path, data in given.items() if not is_test(path)}
        return Material(
            index.homework,
            index.version,
            pristine=pristine,
            reference={**pristine, **self._below(REFERENCE)},
            editable=frozenset(index.editable),
            suite_files=self._below(SUITE),
            cases=tuple(index.cases),
            tests={path: data for path, data in given.items() if is_test(path)},
            earlier={key: frozenset(ids) for key, ids in index.earlier.items()},
            policy=index.policy,
            partial=lambda solved: self._partial(pristine, solved),
        )

    def _partial(self, pristine: Mapping[str, bytes], solved: frozenset[str]) -> Files:
        for question, earlier in self.index.earlier.items():
            if solved == set(earlier):
                return {**pristine, **self._below(f"{BEFORE}{question}/")}
        raise CourseError(
            f"the grading pack of {self.index.homework.name} has no folder with just "
            f"these solved: {', '.join(sorted(solved))}"
        )

    def _below(self, folder: str) -> Files:
        return {
            path.removeprefix(folder): data
            for path, data in self.files.items()
            if path.startswith(folder)
        }


def pack_files(material: Material) -> Files:
    """Return the files of a pack by path, all but its index."""
    files = {PRISTINE + path: data for path, data in material.pristine.items()}
    files.update({PRISTINE + path: data for path, data in material.tests.items()})
    files.update({SUITE + path: data for path, data in material.suite_files.items()})
    files.update(_overlay(REFERENCE, material.reference, material.pristine))
    for question in material.homework.questions:
        partial = material.rendered(material.before(question.id))
        folder = f"{BEFORE}{question.id}/"
        files.update(_overlay(folder, partial, material.pristine))
    return files


def sha256(data: bytes) -> str:
    """Return the digest as instructors publish it."""
    return hashlib.sha256(data).hexdigest()


def _overlay(
    folder: str, files: Mapping[str, bytes], base: Mapping[str, bytes]
) -> Files:
    return {
        folder + path: data for path, data in files.items() if data != base.get(path)
    }


def _index(files: Mapping[str, bytes]) -> Index:
    if INDEX not in files:
        raise CourseError(
            f"it has no {INDEX}; `grader pack hwN` writes hwN-grading-VERSION.zip, and"
            " hwN.zip is the bundle for students"
        )
    return Index.from_bytes(files[INDEX])


def _refuse_other_files(index: Index, files: Mapping[str, bytes]) -> None:
    """Refuse files that were changed, taken out or put in."""
    found = {path: sha256(data) for path, data in files.items() if path != INDEX}
    for path in sorted(found.keys() | index.files.keys()):
        if path not in found:
            raise CourseError(f"{line(path, 120)} is missing")
        if path not in index.files:
            raise CourseError(f"{line(path, 120)} does not belong to it")
        if found[path] != index.files[path]:
            raise CourseError(f"{line(path, 120)} is not as it was packed")
