"""Tests of constraints.txt: what is pinned can be installed wherever the pin holds."""

from __future__ import annotations

import importlib.metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# First releases of each line, which distributions ship for years.
PYTHONS = ("3.10.0", "3.11.0", "3.11.2", "3.12.0", "3.13.0")


def holds(pin: Requirement, python: str) -> bool:
    if pin.marker is None:
        return True
    short = ".".join(python.split(".")[:2])
    return pin.marker.evaluate({"python_version": short, "python_full_version": python})


def test_no_pin_asks_for_a_later_bugfix_of_python_than_its_marker_says(real_course):
    lines = (real_course.root / "constraints.txt").read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and line[0] != "#"]
    installed = {
        (canonicalize_name(each.name), each.version): each.metadata["Requires-Python"]
        for each in importlib.metadata.distributions()
    }
    checked, refused = 0, []
    for pin in pins:
        version = next(iter(pin.specifier)).version
        needs = installed.get((canonicalize_name(pin.name), version))
        if needs is None:
            continue
        checked += 1
        allowed = Requirement(f"python{needs}").specifier
        refused += [
            f"{pin}: needs Python {needs}, does not install on {python}"
            for python in PYTHONS
            if holds(pin, python) and python not in allowed
        ]
    assert checked > 20
    assert not refused
