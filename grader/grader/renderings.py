"""A homework's folder as students get it, solved, or solved in part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

from grader import digest
from grader.cache import cache_folder, load, save

if TYPE_CHECKING:
    from coursekit.course import Course
    from coursekit.homework import Homework

Files = dict[str, bytes]
Partial = Callable[[frozenset[str]], Files]

# What a box does not need: reading matter and public tests.
NOT_IN_BOX = (".course/", "figures/", "tests/", "handout.md", "requirements.txt")
TESTS = "tests/"
KEPT = 64


class Renderings(NamedTuple):
    """The files a box needs, with stubs and with solutions, and the public tests."""

    pristine: Mapping[str, bytes]
    reference: Mapping[str, bytes]
    editable: frozenset[str]
    tests: Mapping[str, bytes] = MappingProxyType({})


class Renderer:
    """Render a homework of a checkout; each folder once a source."""

    def __init__(self, course: Course, homework: Homework) -> None:
        self._course = course
        self._homework = homework
        self._source = _source_digest(course, homework)

    def both(self) -> Renderings:
        """Return the folder with its stubs and the solved one."""
        path = cache_folder("rendered") / self._source
        kept = load(path)
        if isinstance(kept, tuple) and len(kept) == 4:  # our own file, saved below
            pristine, reference, editable, tests = cast(
                tuple[Files, Files, list[str], Files], kept
            )
            return Renderings(pristine, reference, frozenset(editable), tests)
        found = self._both()
        save(path, (*found[:2], sorted(found.editable), found.tests), keep=KEPT)
        return found

    def partial(self, solved: frozenset[str]) -> Files:
        """Return the folder with the solutions of some questions in it."""
        name = digest.digest_of(self._source, *sorted(solved))
        path = cache_folder("rendered") / name
        kept = load(path)
        if isinstance(kept, dict):
            return cast(Files, kept)
        from coursekit.staging import render

        files = boxed(render(self._course, self._homework, solved))
        save(path, files, keep=KEPT)
        return files

    def _both(self) -> Renderings:
        from coursekit.staging import ALL, NONE, Manifest, render

        files = render(self._course, self._homework, NONE)
        editable = Manifest.from_bytes(files[".course/manifest.json"]).editable
        pristine = boxed(files)
        return Renderings(
            pristine,
            boxed(render(self._course, self._homework, ALL)),
            frozenset(editable) & set(pristine),
            tests={path: data for path, data in files.items() if is_test(path)},
        )


def boxed(files: Mapping[str, bytes]) -> Files:
    """Return the files that a box needs."""
    return {
        path: data
        for path, data in files.items()
        if not path.startswith(NOT_IN_BOX) and not path.endswith(".ipynb")
    }


def is_test(path: str) -> bool:
    """Tell whether a file of a homework's folder belongs to the public tests."""
    return path.startswith(TESTS) and path.endswith(".py")


def _source_digest(course: Course, homework: Homework) -> str:
    """Return the digest of all that a rendering depends on, our own code included."""
    import coursekit
    from coursekit.staging.sources import collect

    own = Path(coursekit.__file__).parent
    files = {
        str(path.relative_to(own)): path.read_bytes()
        for path in own.rglob("*.py")
        if path.parent.name in {"staging", "coursekit"}
    }
    sources = {
        path: source.content for path, source in collect(course, homework).items()
    }
    return digest.digest_of(
        homework.model_dump_json(),
        course.version,
        digest.digest_files(files),
        digest.digest_files(sources),
    )
