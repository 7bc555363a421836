"""Tests of ``course carry`` from folders in which not everything is what it seems."""

from __future__ import annotations

import json
import os
import sys

import pytest
from carry_kit import Student, make_chain
from coursekit.carry.run import carry_into
from coursekit.errors import CourseError
from coursekit.staging.manifest import MANIFEST

OPS = "python/lib/ops.py"


@pytest.fixture
def students(mini, tmp_path):
    chain = make_chain(type(mini), tmp_path / "chain")
    places = ((name, tmp_path / "work" / name) for name in ("hw1", "hw2"))
    return [Student.start(chain.course, name, place) for name, place in places]


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_what_is_no_file_is_not_read(students, kind):
    """A pipe or a device would be read for ever."""
    hw1, hw2 = students
    path = hw1.path / OPS
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    done = carry_into([hw1.folder], hw2.folder)
    assert any("is no file" in str(remark) for remark in done.plan.remarks)


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes")
def test_a_manifest_that_is_no_file_is_an_error(students):
    manifest = students[0].path / MANIFEST
    manifest.unlink()
    os.mkfifo(manifest)
    with pytest.raises(CourseError, match="is no file"):
        assert students[0].folder


def test_a_manifest_that_contradicts_itself_is_an_error(students):
    hw1, hw2 = students
    manifest = hw1.path / MANIFEST
    content = json.loads(manifest.read_text())
    content["editable"].append("src/none.py")
    manifest.write_text(json.dumps(content))
    with pytest.raises(CourseError, match=r"none\.py: is missing"):
        carry_into([hw1.folder], hw2.folder)
