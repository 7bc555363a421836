"""Bring a set into the cache: from the network, or by making it."""

from __future__ import annotations

import shutil

from coursekit.data.download import FetchError, Reporter, fetch
from coursekit.data.find import missing_text
from coursekit.data.generate import generate
from coursekit.data.model import Download, Spec
from coursekit.data.places import cache_root
from coursekit.data.record import Holding, held
from coursekit.data.store import writing
from coursekit.data.take import take_download
from coursekit.data.trouble import ELSEWHERE, disk_trouble, megabytes
from coursekit.errors import CourseError

UNPACKED = 3  # rough space for a file, its content and the copy being written


def get(spec: Spec, reporter: Reporter, *, offline: bool = False) -> Holding:
    """Return the set, whole; fetch what is missing unless ``offline``.

    Offline, a set of which only a part is here is returned as it is.
    """
    holding = held(spec)
    if holding.complete or (offline and holding.usable):
        return holding
    if spec.origin == "generated":
        generate(spec, reporter.note)
    elif spec.origin == "shipped":
        raise CourseError(
            f"{holding.folder}: {', '.join(holding.missing)} should have come with the "
            "package needle-coursekit: install it again"
        )
    elif offline:
        raise CourseError(missing_text(spec))
    else:
        _fetch(spec, reporter)
    return held(spec)


def _fetch(spec: Spec, reporter: Reporter) -> None:
    """Follow the set's plans until one works."""
    with writing(spec, reporter.note):
        for number, plan in enumerate(spec.plans, start=1):
            try:
                for download in plan:
                    _fetch_one(spec, download, reporter)
                return
            except FetchError as error:
                if number < len(spec.plans):
                    reporter.note(str(error))
                    continue
                raise FetchError(f"{error}\n{missing_text(spec, tried=True)}") from None


def _fetch_one(spec: Spec, download: Download, reporter: Reporter) -> None:
    """Fetch one file of a set and take it in; nothing happens if it is there."""
    missing = held(spec).missing
    if not missing or (download.name in spec.names and download.name not in missing):
        return
    _check_space(download)
    part = fetch(download, reporter)
    try:
        if not take_download(part, spec):
            raise FetchError(f"{download.name}: holds no file of {spec.name}")
    finally:
        part.unlink(missing_ok=True)


def _check_space(download: Download) -> None:
    """Say so before fetching a large file for which there is no room."""
    root = cache_root()
    try:
        root.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(root).free
    except OSError as error:
        raise disk_trouble(error, root) from error
    need = UNPACKED * download.size
    if free < need:
        raise CourseError(
            f"{root}: {download.name} needs about {megabytes(need)} there while it is "
            f"unpacked, and {megabytes(free)} are free: {ELSEWHERE}."
        )
