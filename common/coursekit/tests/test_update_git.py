"""Tests of updates where git has a part: a clone that is pulled, a student's own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

STUB = '''\
"""Given code."""


def f(x):
    """Return x."""
    # Read the handout first.
    # Then write.
    ### BEGIN YOUR SOLUTION hw1.forward
    return x
    ### END YOUR SOLUTION


def g(x):
    """Return minus x."""
    ### BEGIN YOUR SOLUTION hw1.backward
    return -x
    ### END YOUR SOLUTION
'''
SOLVED = "return x + 0  # solved"


def git(folder: Path, *words: str, fails: bool = False) -> str:
    """Run git as a person whom no configuration of this machine knows."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    plain = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    done = subprocess.run(
        ["git", *who, "-c", "init.defaultBranch=main", *words],
        cwd=folder,
        env={**plain, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(done.returncode) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)


@pytest.fixture
def upstream(mini, run_course):
    """Return the course as a repository, with hw1 staged."""
    mini.write("common/hw1/src/a.py", STUB)
    mini.write("common/hw1/src/given.py", "one = 1\n")
    mini.write("common/hw1/handout.md", "# One\n\n## Question 1\n\n## Question 2\n")
    mini.write(".gitignore", "work/\n")
    mini.complete()
    run_course("stage", cwd=mini.root)
    git(mini.root, "init", "-q")
    commit(mini.root, "Publish")
    return mini


@pytest.fixture
def clone(upstream, tmp_path) -> Path:
    git(tmp_path, "clone", "-q", str(upstream.root), "clone")
    return tmp_path / "clone"


def publish(upstream, run_course, **sources: str) -> None:
    """Commit a newer version of the material."""
    for path, text in sources.items():
        upstream.write(f"common/hw1/src/{path}.py", text)
    file = upstream.root / "course.toml"
    file.write_text(file.read_text().replace('"1"', '"2"'))
    assert run_course("stage", cwd=upstream.root).exit_code == 0
    commit(upstream.root, "Publish again")


def rename_question(upstream) -> str:
    """Give the first question another name, so that its stub says something else."""
    toml = upstream.root / "common/hw1/homework.toml"
    toml.write_text(toml.read_text().replace("hw1.forward", "hw1.ahead"))
    return STUB.replace("hw1.forward", "hw1.ahead")


def solve(folder: Path) -> None:
    lines = (folder / "src/a.py").read_text().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "NotImplementedError" in line)
    end = next(n for n, line in enumerate(lines) if "END" in line)
    lines[at:end] = [f"    {SOLVED}\n"]
    (folder / "src/a.py").write_text("".join(lines))


BETTER = STUB.replace("Return x.", "Return x itself.")


def test_pull_and_update_reach_uncommitted_work(upstream, clone, run_course):
    run_course("start", "hw1", cwd=clone)
    work = clone / "work/hw1"
    solve(work)
    publish(upstream, run_course, a=BETTER, given="one = 'new'\n")
    git(clone, "pull", "-q")
    assert run_course("update", "hw1", cwd=clone).exit_code == 0
    text = (work / "src/a.py").read_text()
    assert SOLVED in text
    assert "Return x itself." in text
    assert (work / "src/given.py").read_text() == "one = 'new'\n"
    assert git(clone, "status", "--porcelain") == ""


@pytest.fixture
def own(upstream, clone, run_course) -> Path:
    """Return a copy in a repository of its own: committed, staged and loose edits."""
    run_course("start", "hw1", cwd=clone)
    work = clone / "work/hw1"
    git(work, "init", "-q")
    commit(work, "Begin")
    solve(work)
    commit(work, "Solve question 1")
    (work / "src/helper.py").write_text("staged = 1\n")
    git(work, "add", "src/helper.py")
    with (work / "src/a.py").open("a") as file:
        file.write("\n# a loose thought\n")
    return work


def test_an_update_leaves_history_and_index_alone(upstream, clone, own, run_course):
    def state() -> list[str]:
        return [
            git(own, *words.split()) for words in ("log --format=%H", "ls-files -s")
        ]

    before = state()
    publish(upstream, run_course, a=BETTER)
    git(clone, "pull", "-q")
    assert run_course("update", "hw1", cwd=clone).exit_code == 0
    assert state() == before
    text = (own / "src/a.py").read_text()
    assert SOLVED in text
    assert "# a loose thought" in text
    assert "Return x itself." in text


def test_the_result_of_an_update_can_be_committed(upstream, clone, own, run_course):
    publish(upstream, run_course, a=BETTER)
    git(clone, "pull", "-q")
    run_course("update", "hw1", cwd=clone)
    commit(own, "Update the handout")
    assert git(own, "status", "--porcelain") == ""
    assert "backup" not in git(own, "ls-files")
    assert ".course/manifest.json" in git(own, "ls-files")
    git(own, "checkout", "-q", "HEAD~1")  # the older release, as it was committed
    again = run_course("update", "hw1", cwd=clone)
    assert again.exit_code == 0
    assert SOLVED in (own / "src/a.py").read_text()
    assert "Return x itself." in (own / "src/a.py").read_text()


def test_edits_in_place_survive_pull_and_update(upstream, clone, run_course):
    solve(clone / "hw1")
    publish(upstream, run_course, given="one = 'new'\n")
    git(clone, "pull", "-q")
    before = (clone / "hw1/src/a.py").read_text()
    result = run_course("update", "hw1", cwd=clone)
    assert result.exit_code == 0
    assert "`git pull` updates it" in result.output
    assert (clone / "hw1/src/a.py").read_text() == before
    assert SOLVED in before


def test_after_a_refused_pull_a_stash_carries_edits_in_place(
    upstream, clone, run_course
):
    solve(clone / "hw1")
    publish(upstream, run_course, a=BETTER)
    assert "would be overwritten" in git(clone, "pull", "-q", fails=True)
    git(clone, "stash")
    git(clone, "pull", "-q")
    git(clone, "stash", "pop")
    text = (clone / "hw1/src/a.py").read_text()
    assert SOLVED in text
    assert "Return x itself." in text
    assert run_course("update", "hw1", cwd=clone).exit_code == 0
    assert (clone / "hw1/src/a.py").read_text() == text


def test_conflicts_that_a_stash_leaves_are_named(upstream, clone, run_course):
    solve(clone / "hw1")
    publish(upstream, run_course, a=rename_question(upstream))
    git(clone, "pull", "-q", fails=True)
    git(clone, "stash")
    git(clone, "pull", "-q")
    git(clone, "stash", "pop", fails=True)
    text = (clone / "hw1/src/a.py").read_text()
    assert SOLVED in text
    result = run_course("update", "hw1", cwd=clone)
    assert "git left conflicts here:\n  src/a.py:" in str(result.exception)
    assert (clone / "hw1/src/a.py").read_text() == text
    assert SOLVED in git(clone, "stash", "show", "-p")  # and it is still there, too


def test_a_copy_started_before_the_pull_merges_what_a_stash_cannot(
    upstream, clone, run_course
):
    """The way for edits in place that the guide recommends."""
    solve(clone / "hw1")
    run_course("start", "hw1", cwd=clone)
    (clone / "work/hw1/src/a.py").write_bytes((clone / "hw1/src/a.py").read_bytes())
    git(clone, "checkout", "-q", "--", "hw1")
    publish(upstream, run_course, a=rename_question(upstream))
    git(clone, "pull", "-q")
    result = run_course("update", "hw1", "--json", cwd=clone)
    assert json.loads(result.output)["conflicts"] == 0
    text = (clone / "work/hw1/src/a.py").read_text()
    assert SOLVED in text
    assert "BEGIN YOUR SOLUTION hw1.ahead" in text
