"""What a carry says: a table and the next step for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from coursekit.carry.offer import Offer
from coursekit.carry.plan import Extra, Fate, Outcome
from coursekit.carry.run import LEFT, Carry
from coursekit.carry.settle import What
from coursekit.console import argument, shown

_WORDS: dict[What, str] = {
    "carried": "carried",
    "updated": "updated",
    "merged": "merged",
    "conflict": "CONFLICT",
    "same": "there already",
    "kept": "yours kept",
}
_WHY: dict[What, str] = {
    "updated": "changed in {source} since the last time",
    "merged": "with what you wrote in {target}",
    "conflict": "{source} and {target} differ, and both stand there",
    "kept": "nothing new in {source} since the last time",
}

_FATES: dict[Fate, str] = {
    "offered": "--helpers takes it to {target}",
    "carried": "taken to {target}",
    "updated": "changed since the last time; taken to {target}",
    "same": "there already, at {target}",
    "kept": "nothing new in it; yours at {target} stays",
    "clash": "{target} has something else of that name: compare the two yourself",
    "no place": "cannot be placed by itself: copy it to where it belongs",
    "later": "decide the conflicts in {target} first, then carry again",
    "not taken": "hand-ins of {homework} have no such file: put it into another one",
}


def lines(done: Carry) -> Iterator[str]:
    """Yield the report of a carry for a terminal."""
    sources = " and ".join(shown(copy.folder.path) for copy in done.sources)
    arrow = f"{sources} -> {shown(done.target.folder.path)}"
    yield f"{arrow} (nothing is changed yet)" if done.dry else arrow
    yield from _table([_row(done, each) for each in done.plan.outcomes])
    yield from _notes(done)
    yield from _next(done)


def as_json(done: Carry) -> dict[str, Any]:
    """Return the report of a carry for a program."""
    plan, target = done.plan, done.target
    return {
        "sources": [str(copy.folder.path) for copy in done.sources],
        "target": str(target.folder.path),
        "dry_run": done.dry,
        "changed": done.done is not None,
        "conflicts": plan.conflicts,
        "regions": [
            {
                "region": each.region,
                "what": each.settled.what,
                "source": each.source,
                "path": each.path,
                "line": each.settled.line,
                "conflict_lines": list(each.settled.conflicts),
                "may_need_porting": each.port,
                "passed_over": [o.copy.homework for o in each.choice.passed_over],
            }
            for each in plan.outcomes
        ],
        "not_written": [offer.region.id for offer in plan.blank],
        "not_in_target": [
            {"region": offer.region.id, "source": offer.copy.homework}
            for offer in plan.gone
        ],
        "outside_regions": [
            {
                "title": each.title,
                "source": each.source,
                "line": each.line,
                "what": each.what,
                "used_by": list(each.used_by),
                "target": each.target,
            }
            for each in plan.extras
        ],
        "remarks": [
            {"path": each.path, "line": each.line, "message": each.message}
            for each in plan.remarks
        ],
        "backup": None if done.done is None else str(done.done.backup),
    }


def _row(done: Carry, outcome: Outcome) -> tuple[str, str, str, str]:
    settled = outcome.settled
    why = _WHY.get(settled.what, "").format(
        source=outcome.source, target=done.target.homework
    )
    if outcome.port:
        why = f"{why}; may need porting" if why else "may need porting"
    place = f"{done.target.shown(outcome.path)}:{settled.line}"
    return bare(outcome.region), _WORDS[settled.what], place, why


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield "  " + "  ".join(cells).rstrip()


def _notes(done: Carry) -> Iterator[str]:
    """Yield what was not carried, and what to look at."""
    plan = done.plan
    if plan.blank:
        yield f"Not written yet: {_names(plan.blank)}."
    if plan.gone:
        yield (
            f"Not part of {done.target.homework}: {_names(plan.gone)}; kept in"
            f" {done.target.shown(LEFT)}."
        )
    for outcome in plan.outcomes:
        for other in outcome.choice.passed_over:
            yield (
                f"{bare(outcome.region)}: written in {other.copy.homework} too, and"
                f" differently; {outcome.source}'s was taken, as the later one. If"
                f" {other.copy.homework}'s is the better, first run `course carry"
                f" {other.copy.homework} {outcome.source}`."
            )
    for extra in plan.extras:
        if extra.what != "unused":
            yield _extra(done, extra)
    yield from _unused(plan.extras)
    for remark in plan.remarks:
        yield str(remark)


def _unused(extras: Iterable[Extra]) -> Iterator[str]:
    """Yield a line a file about what no body that was carried names."""
    found: dict[str, list[str]] = {}
    for extra in extras:
        if extra.what == "unused":
            named = f"`{extra.title}` (line {extra.line})"
            found.setdefault(extra.source, []).append(named)
    for source, helpers in found.items():
        yield (
            f"{source}: outside the regions, named by nothing that was carried, and"
            f" left where it is: {', '.join(helpers)}."
        )


def _extra(done: Carry, extra: Extra) -> str:
    place = extra.source if extra.line is None else f"{extra.source}:{extra.line}"
    if extra.line is None:
        what = "a file that you added"
    else:
        what = f"`{extra.title}` is outside the regions"
    users = ", ".join(bare(each) for each in extra.used_by)
    named = f", named by {users}" if users else ""
    fate = _FATES[extra.what].format(target=extra.target, homework=done.target.homework)
    return f"{place}: {what}{named}; {fate}."


def _next(done: Carry) -> Iterator[str]:
    plan, target = done.plan, done.target
    verb = "A conflict would be at" if done.dry else "Decide at"
    for outcome in plan.outcomes:
        for line in outcome.settled.conflicts:
            yield f"{verb} {target.shown(outcome.path)}:{line}"
    if plan.conflicts and not done.dry:
        yield (
            "Above ======= stands what you have, below it what comes in: keep what is"
            " right, and remove the lines with <<<<<<<, ======= and >>>>>>>."
        )
    if done.done is not None:
        yield (
            f"The files as they were are in {shown(done.done.backup)}; `course carry"
            f" --undo {argument(target.folder.path)}` brings them back."
        )
    elif not done.dry:
        yield "Nothing had to be changed."


def _names(offers: Iterable[Offer]) -> str:
    return ", ".join(bare(offer.region.id) for offer in offers)


def bare(region: str) -> str:
    """Return a region's id without its file."""
    return region.partition("::")[2] or region
