"""Run the command line inside this process, as a person would type it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from coursekit.lazygroup import run
from grader.cli import group
from grader.sandbox import best


def walls() -> list[str]:
    """Return what it takes to grade a class where there are no walls."""
    return ["--sandbox", "none"] if best().name == "none" else []


@dataclass(frozen=True)
class Done:
    """What a command left: its status and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return what ``--json`` printed."""
        return json.loads(self.out)


class Shell:
    """A terminal of 80 columns, with a gradebook of its own."""

    def __init__(
        self,
        home: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.home = home
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        for name, value in {
            "GRADER_HOME": str(home),
            "GRADER_AHEAD": "0",
            "COLUMNS": "80",
            "HOME": str(home),
            "LOGNAME": "ada",
        }.items():
            monkeypatch.setenv(name, value)

    def go(self, folder: Path) -> None:
        """Change the working folder."""
        self._monkeypatch.chdir(folder)

    def __call__(self, *words: object) -> Done:
        """Run ``grader`` with these words."""
        if "--all" in words and "--sandbox" not in words:
            words += tuple(walls())
        self._monkeypatch.setattr(sys, "argv", ["grader", *map(str, words)])
        self._capsys.readouterr()
        code = 0
        try:
            run(group)
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = self._capsys.readouterr()
        return Done(code, out, err)
