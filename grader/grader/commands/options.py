"""Options that several commands share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


def json_option(command: CommandT) -> CommandT:
    """Add ``--json``."""
    text = "Print the result as JSON, nothing else."
    return click.option("--json", "as_json", is_flag=True, help=text)(command)


def student_option(command: CommandT) -> CommandT:
    """Add ``--as NAME``."""
    text = "Record under this name. Default: your user name."
    return click.option("--as", "student", metavar="NAME", help=text)(command)


def expression_option(command: CommandT) -> CommandT:
    """Add ``-k EXPR``."""
    text = (
        "Grade only the questions whose public tests match, written as for pytest: "
        'names with "and", "or", "not" and parentheses.'
    )
    return click.option("-k", "expression", metavar="EXPR", help=text)(command)


def sandbox_option(command: CommandT) -> CommandT:
    """Add ``--sandbox LEVEL``."""
    text = "full (root only), user, or none for your own work. Default: the best."
    return click.option("--sandbox", "level", metavar="LEVEL", help=text)(command)


def show_json(value: object) -> None:
    """Print a value as one JSON document; odd characters are escaped."""
    click.echo(json.dumps(value, indent=2))
