"""``course data``: fetch, take in, link and list data sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from coursekit.console import print_json
from coursekit.errors import CourseError

_PATH = click.Path(path_type=Path)


@click.group()
def data() -> None:
    """Get the data sets, or take in copies you have."""


@data.command("get")
@click.argument("names", nargs=-1, required=True)
@click.option("--into", type=_PATH, help="Link the sets into this homework folder.")
@click.option("--offline", is_flag=True, help="Use only what is on this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def get_(
    names: tuple[str, ...], *, into: Path | None, offline: bool, as_json: bool
) -> None:
    """Bring the sets NAMES into the cache, and with --into link them into a homework.

    `course data list` shows what there is. An interrupted download goes on where it
    stopped when the command is run again.
    """
    from coursekit.commands.data_output import DownloadBars, as_entry, describe
    from coursekit.data.catalog import named
    from coursekit.data.get import get
    from coursekit.data.link import link_into

    specs = [named(name) for name in dict.fromkeys(names)]
    entries: list[dict[str, Any]] = []
    for spec in specs:
        try:
            with DownloadBars() as bars:
                holding = get(spec, bars, offline=offline)
        except KeyboardInterrupt:
            raise CourseError(
                f"{spec.name}: interrupted. What was fetched is kept; run the command "
                "again to go on."
            ) from None
        entry = as_entry(holding)
        if into is not None:
            entry["into"] = str(link_into(holding, into))
        entries.append(entry)
        if not as_json:
            click.echo(describe(entry))
    if as_json:
        print_json(entries)


@data.command("add")
@click.argument("paths", nargs=-1, required=True, type=_PATH)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def add(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Take sets into the cache from files, folders or archives you have.

    Files are recognised by their content, whatever they are called; archives (.gz,
    .tar.gz, .tar.xz, .zip) are looked into. What is not of a known set is left alone.
    """
    from coursekit.commands.data_output import Looking, as_entry, report_taken
    from coursekit.data.take import take

    with Looking() as looking:
        taken = take(paths, note=looking.note, seen=looking.at)
    if as_json:
        result = {
            "sets": [as_entry(holding) for holding in taken.sets],
            "new": taken.new,
            "ignored": taken.ignored,
            "damaged": taken.damaged,
        }
        print_json(result)
    else:
        report_taken(taken)
    if taken.damaged:
        lines = [f"{place}: {why}" for place, why in taken.damaged.items()]
        raise CourseError(
            "damaged, and not taken in:\n  " + "\n  ".join(lines) + "\nGet a new copy."
        )
    if not taken.sets:
        reasons = [f"{place}: {why}" for place, why in list(taken.ignored.items())[:5]]
        raise CourseError(
            "no file of a known set was found. `course data list` names the sets.\n  "
            + "\n  ".join(reasons)
        )


@data.command("list")
@click.option("--check", is_flag=True, help="Read every file and verify its checksum.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def list_(*, check: bool, as_json: bool) -> None:
    """Show the sets: what is here, how much of it, where, under which licence."""
    from coursekit.commands.data_output import as_entry, print_table
    from coursekit.data.catalog import SETS
    from coursekit.data.places import cache_root
    from coursekit.data.record import held

    damaged = _check() if check else {}
    entries = [as_entry(held(spec)) for spec in SETS.values()]
    if as_json:
        result = {"cache": str(cache_root()), "sets": entries, "damaged": damaged}
        print_json(result)
    else:
        print_table(entries, cache_root())
    if damaged:
        lines = [f"{name}: {', '.join(files)}" for name, files in damaged.items()]
        raise CourseError(
            "these files are damaged and no longer count:\n  "
            + "\n  ".join(lines)
            + "\nRun course data get or course data add for the set again."
        )


def _check() -> dict[str, list[str]]:
    """Verify what is here; return the damaged files by set."""
    from coursekit.data.catalog import SETS
    from coursekit.data.check import damaged_files
    from coursekit.data.record import held

    found = {name: damaged_files(held(spec)) for name, spec in SETS.items()}
    return {name: files for name, files in found.items() if files}
