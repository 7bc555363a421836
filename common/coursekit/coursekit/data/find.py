"""Find a data set on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coursekit.data.catalog import SETS, named
from coursekit.data.model import Spec
from coursekit.data.record import Holding, held
from coursekit.errors import CourseError


@dataclass(frozen=True)
class DataSet:
    """A set that is ready to be read.

    ``folder`` holds its files under the names that code written for the original sets
    expects: MNIST's four ``.gz`` files, PTB's ``train.txt``, CIFAR's batches.
    """

    name: str
    folder: Path
    note: str

    def describe(self) -> str:
        """Say in one line what this is, for a person who looks at a result."""
        return f"{self.name} ({self.note})"


def find(name: str, fallback: str | None = None) -> DataSet:
    """Return the set called ``name``, or ``fallback`` where it is not on this machine.

    Nothing is fetched. A generated set is made when asked for. A set of batches that is
    here in part is returned as such, and its note says so.

    >>> find("fashion-small").name
    'fashion-small'
    """
    spec = named(name)
    holding = _ready(spec)
    if holding.usable:
        return _data_set(holding)
    if fallback is not None:
        other = _ready(named(fallback))
        if other.usable:
            return _data_set(other, stands_in_for=spec)
    raise CourseError(missing_text(spec))


def identify(folder: Path) -> DataSet | None:
    """Say which known set lies in a folder, for example a homework's ``data``.

    Files are compared by content, so links and copies are recognised whatever their
    origin; a set counts when all of its files are there.
    """
    from coursekit.data.recognise import digest_of_file

    for spec in SETS.values():
        paths = [(folder / file.name, file) for file in spec.files]
        if all(path.is_file() for path, _ in paths) and all(
            digest_of_file(path, file) == file.digest for path, file in paths
        ):
            return DataSet(spec.name, folder, spec.title)
    return None


def missing_text(spec: Spec, *, tried: bool = False) -> str:
    """Say that a set is not here and how to get it; ``tried`` once fetching failed."""
    stand_ins = [
        other.name for other in SETS.values() if other.stands_in_for == spec.name
    ]
    offline = [name for name in stand_ins if SETS[name].origin != "fetched"]
    text = "Take in a copy you have: course data add PATH."
    if not tried:
        text = f"Fetch it: course data get {spec.name}. {text}"
    if offline:
        text += f" Without a network, {offline[0]} stands in for it."
    here = held(spec)
    state = f"only {here.state} of it are" if here.present else "it is not"
    return f"{spec.name}: {state} on this machine. {text}"


def _ready(spec: Spec) -> Holding:
    """Look for a set, making it first if it is one that is made."""
    holding = held(spec)
    if spec.origin == "generated" and not holding.complete:
        from coursekit.data.generate import generate

        generate(spec)
        holding = held(spec)
    return holding


def _data_set(holding: Holding, stands_in_for: Spec | None = None) -> DataSet:
    """Name what was found."""
    notes = [holding.spec.title]
    if not holding.complete:
        notes.append(f"only {holding.state}")
    if stands_in_for is not None:
        title = stands_in_for.title.partition(",")[0]
        notes.append(f"stands in for {title}")
    return DataSet(holding.spec.name, holding.folder, "; ".join(notes))
