"""``course doctor``: what is there, what is missing, how to get it."""

from __future__ import annotations

from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coursekit.console import print_json
from coursekit.doctor import Finding, examine
from coursekit.errors import CourseError

_STYLES = {"ok": "green", "note": "yellow", "missing": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def doctor(*, as_json: bool) -> None:
    """Examine this machine: what the course needs, what is missing, how to get it."""
    console = Console(stderr=True)
    with console.status("Looking") as status:
        findings = list(examine(lambda name: status.update(f"Looking at {name}")))
    if as_json:
        print_json([asdict(each) for each in findings])
    else:
        Console().print(_table(findings))
    blocking = [each for each in findings if each.blocks]
    if blocking:
        steps = "\n".join(f"  {each.name}: {each.fix}" for each in blocking)
        raise CourseError(f"this is required and missing:\n{steps}")
    if not as_json:
        click.echo("Everything that is required is here.")


def _table(findings: list[Finding]) -> Table:
    """Lay the findings out so that they read well at 80 columns."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for each in findings:
        text = Text(each.found)
        if each.state != "ok" and each.fix:
            text.append(
                "\nget it: " if each.state == "missing" else "\nadvice: ", "dim"
            )
            text.append(each.fix, "bold")
        table.add_row(each.name, Text(each.state, _STYLES[each.state]), text)
    return table
