"""What ``--undo`` does and says, whichever command it takes back."""

from __future__ import annotations

import click

from coursekit.console import print_json, shown, subject
from coursekit.student import StudentFolder
from coursekit.update.undo import undo_last


def undo(
    folder: StudentFolder, kind: str, *, force: bool, dry: bool, as_json: bool
) -> None:
    """Take the last run of a command in this folder back, and say so."""
    record, done = undo_last(folder, kind, force=force, dry=dry)
    if as_json:
        result = {
            "homework": folder.homework,
            "folder": str(folder.path),
            "undone": record.name,
            "changed": done is not None,
            "backup": None if done is None else str(done.backup),
        }
        print_json(result)
        return
    would = "would be" if done is None else "is"
    click.echo(
        f"{subject(folder.path)} {would} as before the {record.kind} {record.title}."
    )
    if done is not None:
        click.echo(f"What the files were until now is in {shown(done.backup)}.")
