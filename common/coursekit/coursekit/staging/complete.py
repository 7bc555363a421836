"""Say what a homework lacks before it may be given to students.

A rendering alone cannot tell: a question whose markers are gone renders well, and gives
its solution away.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from coursekit.errors import CourseError
from coursekit.globs import matches
from coursekit.staging.imports import dangling
from coursekit.staging.render import HANDOUT, Folder


def refuse_incomplete(folder: Folder) -> None:
    """Raise one CourseError that names everything the homework lacks."""
    lacks = [
        *_questions(folder),
        *_tests(folder),
        *_handout(folder),
        *_modules(folder),
        *_inputs(folder),
    ]
    if lacks:
        raise CourseError("\n  ".join(["nothing was written:", *lacks]))


def _questions(folder: Folder) -> Iterator[str]:
    owned = {region.owner for region in folder.regions}
    for question in folder.homework.questions:
        if question.id not in owned:
            yield (
                f"{_toml(folder)}: question {question.id} has no region: put its"
                f" solution between `BEGIN YOUR SOLUTION {question.id}` and `END YOUR"
                " SOLUTION`, else students get it"
            )


def _tests(folder: Folder) -> Iterator[str]:
    """Hold the public tests that exist against those that are listed."""
    written: dict[str, str] = {}
    for path, content in folder.files.items():
        name = PurePosixPath(path).name
        if path.startswith("tests/") and name.startswith("test_"):
            written.update(dict.fromkeys(_test_names(content), path))
    listed = {
        test: question
        for question in folder.homework.questions
        for test in question.tests
    }
    for test in listed.keys() - written.keys():
        yield (
            f"{_toml(folder)}: question {listed[test].id}, tests: no file"
            f" tests/**/test_*.py has a function {test}"
        )
    for test in written.keys() - listed.keys():
        yield (
            f"{folder.origins[written[test]]}: {test} belongs to no question: list it"
            " in homework.toml"
        )


def _test_names(content: bytes) -> Iterator[str]:
    """Yield the names of the tests in a file; one that is no Python has none."""
    try:
        nodes = list(ast.walk(ast.parse(content)))
    except (SyntaxError, ValueError):
        return
    for node in nodes:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name


def _handout(folder: Folder) -> Iterator[str]:
    where = f"common/{folder.homework.name}/{HANDOUT}"
    content = folder.files.get(HANDOUT)
    if content is None:
        yield f"{where}: there is no handout: write one, the notebook is made from it"
        return
    headings, targets = _read(content.decode())
    for question in folder.homework.questions:
        wanted = re.compile(re.escape(question.section) + r"(?!\w)")
        if not any(wanted.match(heading) for heading in headings):
            yield (
                f"{where}: no heading begins with {question.section!r}, which is the"
                f" section of {question.id}"
            )
    for line, target in targets:
        if target not in folder.files:
            yield f"{where}:{line}: {target} is not in the homework's folder"


def _modules(folder: Folder) -> Iterator[str]:
    for path, wanted in dangling(folder.files):
        yield (
            f"{folder.origins[path]}: imports {wanted}, which is not in the homework's"
            f" folder: list it in {_toml(folder)}, [carried]"
        )


def _inputs(folder: Folder) -> Iterator[str]:
    """What the grader's build takes from students has to be handed in by them."""
    inputs = [each for build in folder.homework.builds for each in build.inputs]
    for path in sorted(folder.files):
        if matches(path, inputs) and not matches(
            path, folder.homework.submission.files
        ):
            yield (
                f"{_toml(folder)}: build, inputs: {path} is not handed in (submission,"
                " files), so the grader would build without it"
            )


def _read(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the headings, and the local files that pictures and links name."""
    from markdown_it import MarkdownIt

    headings, targets = [], []
    before = ""
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "inline" and before == "heading_open":
            headings.append(token.content)
        line = token.map[0] + 1 if token.map else 1
        for child in token.children or ():
            address = child.attrGet("src") or child.attrGet("href")
            if address and (path := _local(str(address))):
                targets.append((line, path))
        before = token.type
    return headings, targets


def _local(address: str) -> str:
    """Return the path that an address names below the folder, else nothing."""
    parts = urlsplit(address)
    return "" if parts.scheme or parts.netloc else unquote(parts.path)


def _toml(folder: Folder) -> str:
    return f"common/{folder.homework.name}/homework.toml"
