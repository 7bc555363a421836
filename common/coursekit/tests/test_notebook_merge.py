"""Tests of merging notebooks: a student's work stays, what they left alone follows."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from coursekit.notebook.build import encode
from coursekit.notebook.cells import Cell
from coursekit.notebook.document import DamagedNotebookError
from coursekit.notebook.merge import MergedNotebook, merge_notebooks
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MARK = "New in version 2; your own version of this cell is above."
OUTPUT = {"name": "stdout", "output_type": "stream", "text": ["0.93\n"]}


def made(*texts: str) -> bytes:
    """Return a notebook as `course` builds it; a text that begins with > is code."""
    cells = [
        Cell("code" if text.startswith(">") else "markdown", text.lstrip(">"))
        for text in texts
    ]
    return encode(cells, "hw1")


OLD = made("# Title", "Think about *this*.", ">train(1)", "## End of the road")


def opened(content: bytes) -> Any:
    return json.loads(content)


def written(notebook: Any) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def student(change, content: bytes = OLD) -> bytes:
    """Return a notebook after a student's change to its list of cells."""
    notebook = opened(content)
    change(notebook["cells"])
    return written(notebook)


def texts(content: bytes) -> list[str]:
    return ["".join(cell["source"]) for cell in opened(content)["cells"]]


def merge(ours: bytes, theirs: bytes, base: bytes = OLD) -> MergedNotebook:
    merged = merge_notebooks(base, ours, theirs, version="2")
    nbformat.validate(nbformat.reads(merged.content.decode(), as_version=4))
    return merged


def cell(text: str, kind: str = "markdown", **more: Any) -> dict[str, Any]:
    found = {"cell_type": kind, "id": f"own-{len(text)}", "metadata": {}}
    if kind == "code":
        found |= {"execution_count": None, "outputs": []}
    return {**found, "source": text.splitlines(keepends=True), **more}


NEW = made("# Title", "Think about *that*.", ">train(1)", "## End of the road", "More.")


def test_an_untouched_notebook_becomes_the_new_one():
    assert opened(merge(OLD, NEW).content) == opened(NEW)


def test_a_release_without_changes_changes_no_byte():
    mine = student(lambda cells: cells.insert(1, cell("My thoughts")))
    mine = mine.replace(b'\n "cells"', b'\n  "cells"')
    assert merge(mine, OLD).content == mine


def test_outputs_answers_and_added_cells_stay():
    def work(cells):
        cells[2]["outputs"], cells[2]["execution_count"] = [OUTPUT], 7
        cells.insert(3, cell("Because it *converges*."))
        cells.append(cell("print('mine')", "code"))

    merged = merge(student(work), NEW)
    assert texts(merged.content) == [
        "# Title",
        "Think about *that*.",
        "train(1)",
        "Because it *converges*.",
        "## End of the road",
        "More.",
        "print('mine')",
    ]
    assert opened(merged.content)["cells"][2]["outputs"] == [OUTPUT]
    assert opened(merged.content)["cells"][2]["execution_count"] == 7
    assert merged.conflicts == merged.orphans == ()


def test_outputs_stay_where_the_code_changes_and_it_counts_as_not_run():
    def run(cells):
        cells[2]["outputs"], cells[2]["execution_count"] = [OUTPUT], 7

    new = made("# Title", "Think about *this*.", ">train(2)", "## End of the road")
    after = opened(merge(student(run), new).content)["cells"][2]
    assert after["source"] == ["train(2)"]
    assert after["outputs"] == [OUTPUT]
    assert after["execution_count"] is None
    assert after["id"] == opened(new)["cells"][2]["id"]


def test_an_edited_cell_stays_where_the_release_has_not_changed_it():
    mine = student(lambda cells: cells[2].update(source=["train(1000)"]))
    merged = merge(mine, NEW)
    assert texts(merged.content)[2] == "train(1000)"
    assert merged.conflicts == ()


@pytest.mark.parametrize("at", [1, 2])
def test_a_cell_that_both_changed_is_followed_by_the_new_one_marked(at):
    def work(cells):
        cells[at]["source"] = [*cells[at]["source"], "\nmy = 'own answer'"]

    new = made("# Title", "Think about *that*.", ">train(2)", "## End of the road")
    mine = student(work)
    merged = merge(mine, new)
    after = opened(merged.content)["cells"]
    number = merged.conflicts[0]
    assert len(merged.conflicts) == 1
    assert after[number - 2] == opened(mine)["cells"][at]
    assert MARK in after[number - 1]["source"][0]
    assert "".join(after[number - 1]["source"]).endswith(texts(new)[at])
    assert after[number - 1]["metadata"]["course"] == {"update": "2"}
    assert len(after) == 5


def test_a_cell_magic_stays_the_first_line_of_a_marked_cell():
    base = made("# Title", ">%%bash\nmake all")
    new = made("# Title", ">%%bash\nmake all test")
    mine = student(lambda cells: cells[1].update(source=["%%bash\nmake it"]), base)
    after = texts(merge(mine, new, base).content)
    assert after[1:] == ["%%bash\nmake it", f"%%bash\nmake all test\n# {MARK}\n"]


def test_a_marked_cell_follows_the_next_release_and_stays_marked():
    mine = student(lambda cells: cells[1].update(source=["Think: my own answer."]))
    second = merge(mine, NEW).content
    third = made("# Title", "Think about *all*.", ">train(1)", "## End of the road")
    merged = merge_notebooks(NEW, second, third, version="3")
    after = texts(merged.content)
    assert after[1] == "Think: my own answer."
    assert after[2] == f"*{MARK.replace('2', '3')}*\n\nThink about *all*."
    assert merged.conflicts == ()


def test_a_removed_cell_goes_unless_it_was_edited():
    new = made("# Title", "## End of the road")
    mine = student(lambda cells: cells[1].update(source=["My answer to *this*."]))
    merged = merge(mine, new)
    expected = ["# Title", "My answer to *this*.", "## End of the road"]
    assert texts(merged.content) == expected
    assert merged.orphans == (2,)


def test_a_deleted_cell_stays_deleted_even_if_it_changed():
    mine = student(lambda cells: cells.pop(1))
    merged = merge(mine, NEW)
    assert texts(merged.content) == [
        "# Title",
        "train(1)",
        "## End of the road",
        "More.",
    ]


def test_cells_that_the_student_moved_stay_where_they_are():
    mine = student(lambda cells: cells.insert(0, cells.pop(2)))
    assert texts(merge(mine, NEW).content) == [
        "train(1)",
        "# Title",
        "Think about *that*.",
        "## End of the road",
        "More.",
    ]


def test_cells_that_the_release_moved_take_the_students_along():
    new = made("## End of the road", "# Title", "Think about *this*.", ">train(1)")
    mine = student(lambda cells: cells.insert(2, cell("My answer")))
    assert texts(merge(mine, new).content) == [
        "## End of the road",
        "# Title",
        "Think about *this*.",
        "My answer",
        "train(1)",
    ]


def test_what_both_added_is_there_once():
    mine = student(lambda cells: cells.append(cell("More.")))
    assert texts(merge(mine, NEW).content) == texts(NEW)


def test_cells_without_ids_are_found_by_their_text():
    def work(cells):
        for each in cells:
            del each["id"]
        cells[1]["source"] = ["Think about *this*. I did, and it converges."]
        cells.insert(3, {k: v for k, v in cell("Mine").items() if k != "id"})

    notebook = opened(student(work))
    notebook["nbformat_minor"] = 4
    new = made("# A title", "Think about *this*.", ">train(1)", "Then", "## End")
    merged = merge(written(notebook), new)
    assert opened(merged.content)["nbformat_minor"] == 4
    assert all("id" not in each for each in opened(merged.content)["cells"])
    assert texts(merged.content) == [
        "# A title",
        "Think about *this*. I did, and it converges.",
        "train(1)",
        "Then",
        "Mine",
        "## End",
    ]


def test_the_metadata_of_other_editors_stays():
    notebook = opened(student(lambda cells: cells[2].update(outputs=[OUTPUT])))
    notebook["metadata"]["kernelspec"]["display_name"] = "My Python 3.12"
    notebook["metadata"]["vscode"] = {"interpreter": {"hash": "abc"}}
    notebook["cells"][1]["metadata"] = {"id": "colab-id", "collapsed": True}
    after = opened(merge(written(notebook), NEW).content)
    assert after["metadata"] == notebook["metadata"]
    assert after["cells"][1]["metadata"] == {"id": "colab-id", "collapsed": True}
    assert "".join(after["cells"][1]["source"]) == "Think about *that*."


def test_what_the_release_says_about_a_cell_follows():
    folded = encode([Cell("code", "setup()", folded=True)], "hw1")
    plain = encode([Cell("code", "setup()")], "hw1")
    assert opened(merge(plain, folded, plain).content) == opened(folded)
    assert opened(merge(folded, plain, folded).content) == opened(plain)


def test_a_picture_pasted_into_a_cell_is_an_edit():
    def paste(cells):
        cells[1]["attachments"] = {"a.png": {"image/png": "aGVsbG8="}}

    merged = merge(student(paste), NEW)
    assert len(merged.conflicts) == 1
    assert "attachments" in opened(merged.content)["cells"][1]


@pytest.mark.parametrize("indent", [None, 1, 2, 4])
def test_the_file_is_written_as_it_was(indent):
    mine = json.dumps(opened(OLD), indent=indent, ensure_ascii=False).encode()
    merged = merge(mine, made("# Title", "Größer")).content
    expected = json.dumps(opened(merged), indent=indent, ensure_ascii=False)
    assert merged == expected.encode()


def test_a_copied_id_becomes_two():
    def paste_twice(cells):
        cells.insert(2, {**cells[1], "source": ["A copy I wrote in."]})

    after = opened(merge(student(paste_twice), NEW).content)["cells"]
    assert len({each["id"] for each in after}) == len(after)


def test_half_a_surrogate_pair_survives():
    mine = student(lambda cells: cells.append(cell("x")))
    mine = mine.replace(b'"x"', b'"half \\ud83d"')
    assert b"half \\ud83d" in merge_notebooks(OLD, mine, NEW, version="2").content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"<<<<<<< HEAD\n{}", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[]", "has no cells"),
        (b'{"cells": 1}', "has no cells"),
        (b'{"cells": [], "nbformat": 3}', "is of format 3"),
        (b'{"cells": [1], "nbformat": 4}', "a cell that is none, the 1th"),
        (b'{"cells": [{"cell_type": "raw"}], "nbformat": 4}', "a cell without text"),
        (b'{"cells": [{"source": ""}], "nbformat": 4}', "a cell of no kind"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_what_is_no_notebook_is_said_to_be_none(content, why):
    with pytest.raises(DamagedNotebookError, match=why):
        merge_notebooks(OLD, content, NEW, version="2")


PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.sampled_from(["", "# A", "one two", "one three", "x = 1", "x = 2", ">f()"])
RELEASES = st.lists(WORDS, max_size=6).map(lambda found: made(*found))


@st.composite
def student_notebooks(draw, base: bytes) -> bytes:
    """Draw what a student may make of a notebook: edit, add, delete, move, run."""
    notebook = opened(base)
    cells = notebook["cells"]
    for number in range(draw(st.integers(0, 5))):
        what = draw(st.sampled_from(["add", "edit", "delete", "move", "run", "copy"]))
        if what == "add" or not cells:
            at = draw(st.integers(0, len(cells)))
            cells.insert(at, cell(f"mine {number}", id=f"mine-{number}"))
            continue
        at = draw(st.integers(0, len(cells) - 1))
        if what == "edit":
            cells[at]["source"] = [*cells[at]["source"], f"\nmy line {number}"]
        elif what == "delete":
            del cells[at]
        elif what == "move":
            cells.insert(draw(st.integers(0, len(cells) - 1)), cells.pop(at))
        elif what == "copy":
            cells.insert(at, dict(cells[at]))
        elif cells[at]["cell_type"] == "code":
            cells[at]["outputs"] = [{**OUTPUT, "text": [f"out {number}"]}]
    if draw(st.booleans()):
        notebook["nbformat_minor"] = 4
        for each in cells:
            each.pop("id", None)
    return written(notebook)


@given(data=st.data(), base=RELEASES, theirs=RELEASES)
@settings(PATIENT, max_examples=150)
def test_nothing_a_student_wrote_is_lost(data, base, theirs):
    mine = data.draw(student_notebooks(base))
    merged = merge(mine, theirs, base)
    kept = texts(merged.content)
    released = texts(base)
    for text in texts(mine):
        if text not in released:
            assert text in kept, (texts(mine), kept)
    again = merge_notebooks(theirs, merged.content, theirs, version="2")
    assert again.content == merged.content


@given(base=RELEASES, theirs=RELEASES)
@settings(PATIENT, max_examples=60)
def test_laws_of_a_merge(base, theirs):
    assert opened(merge(base, theirs, base).content) == opened(theirs)
    assert merge(theirs, base, base).content == theirs
    assert opened(merge(theirs, theirs, base).content) == opened(theirs)
