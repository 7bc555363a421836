"""A click group that imports a command only when it is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping

import click

from coursekit.errors import CourseError


class LazyGroup(click.Group):
    """Map command names to ``"module:attribute"``; import on use, so start-up is quick."""

    def __init__(
        self,
        *,
        name: str,
        help: str,
        lazy: Mapping[str, str],  # noqa: A002
    ) -> None:
        super().__init__(name=name, help=help)
        self._lazy = dict(lazy)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table, which is a day's order of use."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return the command, or None if unknown."""
        target = self._lazy.get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


def run(group: click.Group) -> None:
    """Run a command line; print a :class:`CourseError` as one message and exit 1."""
    try:
        group(standalone_mode=True)
    except CourseError as error:
        click.echo(f"{group.name}: {error}", err=True)
        sys.exit(1)
