"""A box with one case that runs whatever Python a test gives it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from gradebox.limits import Limits
from grader.box import Box, Contents
from grader.run import Run
from grader.sandbox import Sandbox

SUITE = b'''
from gradebox import case, exact, student

probe = student("probe")


@case("hw0.add", points=1)
def probes(t):
    """Whatever the student's module does."""
    t.answer("found", probe.main(), check=exact())


@case("hw0.add", points=1, processes=True)
def probes_with_processes(t):
    """The same."""
    t.answer("found", probe.main(), check=exact())
'''


@contextlib.contextmanager
def probing(sandbox: Sandbox, body: str) -> Iterator[Box]:
    """Yield a box in which ``main`` of the student's module has this body."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    work = {"src/probe.py": f"import os, sys\ndef main():\n{lines}".encode()}
    contents = Contents("hw0", work, {"cases.py": SUITE}, ("numpy",))
    with Box(sandbox, contents) as box:
        yield box


def run_case(box: Box, limits: Limits | None = None) -> Run:
    """Run the one case."""
    limits = limits or Limits(seconds=10, memory_mb=1024)
    name = "probes_with_processes" if limits.processes else "probes"
    job = {"do": "case", "case": name, "seed": "00" * 32, "record": False}
    return box.run(job, limits)


def probe(sandbox: Sandbox, body: str, *, processes: bool = False) -> object:
    """Return what the body returns inside the box."""
    with probing(sandbox, body) as box:
        run = run_case(box, Limits(seconds=10, memory_mb=1024, processes=processes))
    assert "found" in run.answers, (run.fault, run.end, run.code, run.output)
    return run.answers["found"].value
