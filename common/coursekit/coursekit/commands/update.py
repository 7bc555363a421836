"""``course update``: bring a newer release into a folder that is in use."""

from __future__ import annotations

from pathlib import Path

import click

from coursekit.commands.undoing import undo as take_back
from coursekit.console import print_json, subject, working
from coursekit.student import StudentFolder
from coursekit.update import words
from coursekit.update.incoming import of_bundle, of_checkout
from coursekit.update.inplace import check_in_place, is_the_clones_own
from coursekit.update.run import update_folder


@click.command()
@click.argument("homework", required=False, metavar="[hwN]")
@click.option(
    "--from",
    "source",
    metavar="BUNDLE",
    type=click.Path(path_type=Path),
    help="The newer bundle: its zip file or folder. Without it: this clone.",
)
@click.option("--dry-run", "dry", is_flag=True, help="Say what would happen, only.")
@click.option("--undo", is_flag=True, help="Take the last update back.")
@click.option(
    "--force",
    is_flag=True,
    help="Also if the release is older, or files were edited since.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def update(
    context: click.Context,
    *,
    homework: str | None,
    source: Path | None,
    dry: bool,
    undo: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Merge a newer release of a homework into your folder.

    hwN is the homework, or your folder; without it, the folder you are in. What you
    wrote stays. Where you and the release changed the same lines, both are left in
    place between markers, and listed; the exit status is 1 then. Every file that
    changes is kept in .course/backup first.
    """
    if undo and source is not None:
        raise click.UsageError("--undo takes the last update back, and needs no --from")
    folder = StudentFolder.find(homework)
    if undo:
        take_back(folder, "update", force=force, dry=dry, as_json=as_json)
        return
    if is_the_clones_own(folder):
        _leave_to_git(folder, as_json=as_json)
        return
    with working("Merging the newer release into your folder"):
        release = of_bundle(source) if source is not None else of_checkout(folder)
        done = update_folder(folder, release, force=force, dry=dry)
    if as_json:
        print_json(words.as_json(folder, done, dry=dry))
    else:
        click.echo(
            "\n".join(words.lines(folder, done, dry=dry, in_clone=source is None))
        )
    context.exit(1 if done.plan.conflicts else 0)


def _leave_to_git(folder: StudentFolder, *, as_json: bool) -> None:
    """Say that `git pull` has done what there is to do in the clone's own folder."""
    check_in_place(folder)
    version = folder.manifest.version
    if as_json:
        result = {"homework": folder.homework, "folder": str(folder.path)}
        print_json({**result, "from": version, "to": version, "changed": False})
        return
    click.echo(
        f"{subject(folder.path)} belongs to the clone, and `git pull` updates it, not"
        f" this command. It has version {version}. Nothing was changed."
    )
