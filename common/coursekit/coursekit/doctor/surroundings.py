"""The sandbox, the data sets and the disk."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

from coursekit.data.catalog import SETS
from coursekit.data.places import cache_root
from coursekit.data.record import Holding, held
from coursekit.data.trouble import ELSEWHERE, megabytes
from coursekit.doctor.finding import Finding
from coursekit.doctor.platforms import how_to_get

ROOMY = 2_000_000_000  # bytes free that make everything of the course possible


def sandbox() -> Finding:
    """Report at which level the local grader can shut code in."""
    name = "sandbox"
    try:
        module = importlib.import_module("grader.sandbox")
    except ImportError:
        return Finding(name, "note", "the grader is not installed: no local grading")
    level = str(module.best().name)
    stronger = module.LEVELS[: module.LEVELS.index(level)]
    if not stronger:
        return Finding(name, "ok", f"level {level}, the strongest")
    found = f"level {level}; not {stronger[-1]}: {module.why_not(stronger[-1])}"
    if level == "none":
        return Finding(name, "note", found, how_to_get("bubblewrap"))
    return Finding(name, "ok", found)


def data() -> Finding:
    """Report which sets are here."""
    holdings = [held(spec) for spec in SETS.values()]
    here = [_named(each) for each in holdings if each.present]
    fix = "" if held(SETS["mnist"]).complete else "course data get mnist"
    return Finding("data", "note" if fix else "ok", ", ".join(here) or "none", fix)


def _named(holding: Holding) -> str:
    """Name a set, and how much of it is here."""
    state = "" if holding.complete else f" ({holding.state})"
    return holding.spec.name + state


def disk() -> Finding:
    """Report how much room there is where the data sets go."""
    root = cache_root()
    folder = next(path for path in (root, *root.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    found = f"{megabytes(free)} free at {_short(root)}"
    if free < ROOMY:
        return Finding("disk", "note", found, f"for the full data sets {ELSEWHERE}")
    return Finding("disk", "ok", found)


def _short(path: Path) -> str:
    """Write a path below the home folder with a tilde."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
