"""A click group that imports a command only when it is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping

import click

from coursekit.errors import CourseError


class LazyGroup(click.Group):
    """A table of commands, each imported on use, so that start-up is quick.

    ``lazy`` maps a command's name to where it is, ``"module:attribute"``, and to its
    line in the group's help.
    """

    def __init__(
        self, *, name: str, summary: str, lazy: Mapping[str, tuple[str, str]]
    ) -> None:
        # Click hands the settings on to every command of the group.
        settings = {"help_option_names": ["-h", "--help"]}
        super().__init__(name=name, help=summary, context_settings=settings)
        self._lazy = dict(lazy)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table, which is a day's order of use."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return the command, or None if unknown."""
        if cmd_name not in self._lazy:
            return None
        module, _, attribute = self._lazy[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the table, without importing a single command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._lazy.items()])


def run(group: click.Group) -> None:
    """Run a command line and exit; what a person caused is one message, no more."""
    try:
        status = group.main(standalone_mode=False)
    except CourseError as error:
        click.echo(f"{group.name}: {error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("\nStopped. It is safe to run the command again.", err=True)
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)
