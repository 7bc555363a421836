"""``course carry``: take what you wrote from earlier homeworks into this one."""

from __future__ import annotations

import click

from coursekit.carry import words
from coursekit.carry.run import KIND, carry_into
from coursekit.commands.undoing import undo as take_back
from coursekit.console import print_json, working
from coursekit.student import StudentFolder


@click.command()
@click.argument("folders", nargs=-1, metavar="FROM... TO")
@click.option("--helpers", is_flag=True, help="Take helpers and new files along.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would happen, only.")
@click.option(
    "--undo", is_flag=True, help="Take the last carry into TO back, or into here."
)
@click.option("--force", is_flag=True, help="With --undo: though you edited since.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def carry(
    context: click.Context,
    folders: tuple[str, ...],
    helpers: bool,
    dry: bool,
    undo: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Take your solutions from earlier homeworks into TO.

    FROM and TO are homeworks (hw1 hw2) or folders. Every region between BEGIN and END
    YOUR SOLUTION that you wrote in FROM goes to its place in TO, as far as it is still
    untouched there. Where you have written in both, the two are merged; what differs
    stands there twice, between markers, and is listed; the exit status is 1 then.
    Run it again after a fix in FROM. What you wrote outside the regions is listed, and
    taken along with --helpers. Every file that changes is kept in .course/backup.
    """
    if undo:
        target = _undone(folders)
        take_back(target, KIND, force=force, dry=dry, as_json=as_json)
        return
    if len(folders) < 2:
        raise click.UsageError("name an earlier homework and then yours: hw1 hw2")
    *earlier, last = folders
    target = StudentFolder.find(last)
    with working("Reading what you wrote"):
        sources = [StudentFolder.find(name) for name in earlier]
        done = carry_into(sources, target, helpers=helpers, dry=dry)
    if as_json:
        print_json(words.as_json(done))
    else:
        click.echo("\n".join(words.lines(done)))
    context.exit(1 if done.plan.conflicts else 0)


def _undone(folders: tuple[str, ...]) -> StudentFolder:
    """Return the folder in which a carry is taken back: the one named, or this one."""
    if len(folders) > 1:
        raise click.UsageError(
            f"--undo needs one folder: course carry --undo {folders[-1]}"
        )
    return StudentFolder.find(folders[0] if folders else None)
