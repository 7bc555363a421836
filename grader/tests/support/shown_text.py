"""What a terminal of 80 columns shows."""

from __future__ import annotations

import pytest
from grader.report.terminal import console


def shown(capsys: pytest.CaptureFixture[str], *what: object) -> str:
    """Print renderables and return their text; no line may be too long."""
    out = console()
    out.width = 80
    for each in what:
        out.print(each)
    text: str = capsys.readouterr().out
    assert all(len(line) <= 80 for line in text.splitlines())
    return text
