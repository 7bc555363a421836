"""How a command line ends: its status, and what a person reads."""

from __future__ import annotations

import click
import pytest
from coursekit.errors import CourseError
from coursekit.lazygroup import LazyGroup, run


def ended(monkeypatch, capsys, error=None, words=("go",)):
    """Run a group whose command ``go`` raises ``error``; return status and stderr."""

    @click.command()
    def go():
        if error is not None:
            raise error

    monkeypatch.setattr("sys.argv", ["tool", *words])
    monkeypatch.setattr(LazyGroup, "get_command", lambda *_: go)
    with pytest.raises(SystemExit) as end:
        run(LazyGroup(name="tool", summary="A tool.", lazy={"go": ("x:y", "Go.")}))
    return end.value.code, capsys.readouterr().err


def test_success(monkeypatch, capsys):
    assert ended(monkeypatch, capsys) == (0, "")


@pytest.mark.parametrize("words", [["-h"], ["go", "-h"]])
def test_help_is_asked_for_in_short(monkeypatch, capsys, words):
    assert ended(monkeypatch, capsys, words=words) == (0, "")


def test_what_a_person_caused_is_one_message(monkeypatch, capsys):
    found = ended(monkeypatch, capsys, CourseError("no such thing; do that"))
    assert found == (1, "tool: no such thing; do that\n")


def test_a_stop_from_the_keyboard_says_that_it_is_safe(monkeypatch, capsys):
    status, said = ended(monkeypatch, capsys, KeyboardInterrupt())
    assert status == 130
    assert "safe to run the command again" in said


def test_wrong_words_are_explained(monkeypatch, capsys):
    status, said = ended(monkeypatch, capsys, words=("go", "--fast"))
    assert status == 2
    assert "--fast" in said


def test_a_command_may_choose_its_status(monkeypatch, capsys):
    assert ended(monkeypatch, capsys, click.exceptions.Exit(3))[0] == 3


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch, capsys):
    with pytest.raises(ZeroDivisionError):
        ended(monkeypatch, capsys, ZeroDivisionError())
