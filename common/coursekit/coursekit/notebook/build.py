"""Build a homework's notebook from its handout."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from coursekit.notebook.cells import Cell, split
from coursekit.notebook.setup import setup_cell

if TYPE_CHECKING:
    from coursekit.course import Course
    from coursekit.homework import Homework

# As in a terminal. The grader's command may ask for another module beside it, and each
# change between the two builds everything anew.
STUDENTS_BUILD = ("make", "PYTHON={python}")
FORMAT = (4, 5)  # the first version of the format in which a cell has an id


def build(course: Course, homework: Homework, handout_text: str, version: str) -> bytes:
    """Return the notebook as the bytes of an ``.ipynb`` file.

    The bytes depend on the arguments alone: cell ids are hashes, there are no outputs,
    keys are sorted. The first cell sets up the folder the notebook works in; Jupyter
    shows it folded, because a handout should not begin with a page of code.
    """
    first = setup_cell(
        homework=homework.name,
        version=version,
        bundle_url=course.config.release.bundle_url,
        build=STUDENTS_BUILD if homework.builds else (),
        needs=homework.testing.packages,
    )
    return encode(
        [Cell("code", first, folded=True), *split(handout_text)], homework.name
    )


def encode(cells: list[Cell], name: str) -> bytes:
    """Write cells as nbformat JSON, the same bytes for the same cells."""
    seen: Counter[Cell] = Counter()
    out: list[dict[str, Any]] = []
    for cell in cells:
        entry: dict[str, Any] = {
            "cell_type": cell.kind,
            "id": _cell_id(cell, seen[cell]),
            "metadata": {"jupyter": {"source_hidden": True}} if cell.folded else {},
            "source": cell.source.splitlines(keepends=True),
        }
        if cell.kind == "code":
            entry |= {"execution_count": None, "outputs": []}
        seen[cell] += 1
        out.append(entry)
    notebook = {
        "cells": out,
        "metadata": _metadata(name),
        "nbformat": FORMAT[0],
        "nbformat_minor": FORMAT[1],
    }
    text = json.dumps(notebook, sort_keys=True, indent=1, ensure_ascii=False)
    return (text + "\n").encode()


def _cell_id(cell: Cell, repeat: int) -> str:
    """Hash a cell's text, so that an edit elsewhere leaves its id alone."""
    key = f"{cell.kind}\0{repeat}\0{cell.source}"
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _metadata(name: str) -> dict[str, Any]:
    """Name the kernel and the homework."""
    return {
        "colab": {"name": f"{name}.ipynb", "provenance": []},
        "course": {"homework": name},
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
