"""What a proof found is kept until anything changes that it depends on."""

from __future__ import annotations

import pytest
from coursekit.course import Course
from grader.proof import cached as module
from grader.proof.cached import cached
from grader.proof.page import is_current, sources_of, write_block
from mini_course import write
from proof_course import FILES

import grader


@pytest.fixture(autouse=True)
def forget(grader_home):
    """Look at the machine and our own code anew, as another process would."""
    module._surroundings.cache_clear()
    yield
    module._surroundings.cache_clear()


class Work:
    """Counts how often it is done, and returns that."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_the_same_is_done_once():
    work = Work()
    assert [cached("a kind", ["x", "y"], work) for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("kind", "parts"),
    [("another", ["x", "y"]), ("a kind", ["xy"]), ("a kind", ["y", "x"])],
)
def test_another_kind_or_part_is_another_outcome(kind, parts):
    work = Work()
    cached("a kind", ["x", "y"], work)
    assert cached(kind, parts, work) == 2


def test_without_the_cache_it_is_done_anew_and_that_is_kept():
    work = Work()
    cached("a kind", [], work)
    assert cached("a kind", [], work, use=False) == 2
    assert cached("a kind", [], work) == 2


def test_what_may_be_another_time_is_not_kept():
    work = Work()
    asked = [cached("a kind", [], work, lasting=lambda found: found > 1)]
    asked += [cached("a kind", [], work, lasting=lambda found: found > 1)]
    assert [*asked, cached("a kind", [], work)] == [1, 2, 2]


@pytest.mark.parametrize(
    ("changed", "again"), [("compare/close.py", True), ("commands/submit.py", False)]
)
def test_a_change_of_our_own_code_counts_unless_it_only_shows(
    tmp_path, monkeypatch, changed, again
):
    write(tmp_path / "grader/__init__.py", "")
    write(tmp_path / "grader" / changed, "OLD = 1\n")
    monkeypatch.setattr(grader, "__file__", str(tmp_path / "grader/__init__.py"))
    work = Work()
    cached("a kind", [], work)
    write(tmp_path / "grader" / changed, "NEW = 1\n")
    module._surroundings.cache_clear()
    assert (cached("a kind", [], work) == 2) is again


@pytest.mark.parametrize("part", ["machine", "compiler", "packages", "kit"])
def test_another_machine_or_package_counts(monkeypatch, part):
    work = Work()
    cached("a kind", [], work)
    monkeypatch.setattr(f"grader.digest.{part}", lambda *_: "another")
    module._surroundings.cache_clear()
    assert cached("a kind", [], work) == 2


def test_a_page_is_current_until_its_sources_change(tmp_path):
    write(tmp_path / "course.toml", FILES["course.toml"])
    course = Course(tmp_path)
    write(tmp_path / "docs/proof.md", "# Proof\n")
    write(tmp_path / "common/a.py", "A = 1\n")

    def current() -> bool:
        return is_current(course, "table", sources_of(course, ["common"]))

    assert not current()
    write_block(course, "table", sources_of(course, ["common"]), "| old |")
    assert current()
    write(tmp_path / "common/__pycache__/a.pyc", "compiled")
    assert current()
    write(tmp_path / "common/a.py", "A = 2\n")
    assert not current()
    write_block(course, "table", sources_of(course, ["common"]), "| new |")
    page = (tmp_path / "docs/proof.md").read_text()
    assert ("| old |" in page, page.count("| new |")) == (False, 1)
