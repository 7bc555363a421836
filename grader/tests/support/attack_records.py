"""The attack corpus as it is written down: a folder an attack, a record, payloads.

A payload in Python is laid over an honest submission as ``src/attack.py``, whose names
replace those of ``simple_ml``; one in C++ is appended to the extension. So each file
shows the attack and nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib  # type: ignore[import-not-found, no-redef, unused-ignore]

from grader.result import Status
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent.parent / "attacks"


class Record(BaseModel):
    """Refuse keys that nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Variant(Record):
    """One hostile submission and what must come of it."""

    name: str
    tries: str  # what it does, in words that finish "This one ..."
    payload: str = ""  # a file of the folder; default: the name with .py
    files: dict[str, str] = {}  # further files: path in the submission to file here
    made_by: str = ""  # instead of a payload: a function of attack_handins
    student: str = ""  # whose name it comes in; default: the variant's
    questions: list[str] = ["add", "parse_mnist"]
    # Question or case to the status of its cases; every other case passes.
    breaks: dict[str, Status | list[Status]] = {}
    refused: str = ""  # nothing is graded, and this is said
    seconds: float = 5.0  # limit of a case
    build_seconds: float = 120.0
    memory_mb: int = 2048  # that a case may use
    growth_mb: int = 400  # of the grader: decoding the largest answers takes so much
    levels: list[str] = ["full", "user"]  # that hold it
    why: str = ""  # what the other levels lack
    quick: bool = False  # part of every test run


class Attack(Record):
    """A kind of attack: what it is after, and what stops it."""

    number: int
    title: str
    stopped_by: str
    variants: list[Variant] = Field(alias="variant")
    folder: Path = Path()

    def payload(self, variant: Variant) -> Path | None:
        """Return the file with the hostile code, if that is how this one attacks."""
        if variant.made_by:
            return None
        return self.folder / (variant.payload or f"{variant.name}.py")

    def used(self) -> set[Path]:
        """Return the files of the folder that the record speaks of."""
        found = {self.folder / "attack.toml"}
        for variant in self.variants:
            payload = self.payload(variant)
            if payload is not None:
                found.add(payload)
            found |= {self.folder / name for name in variant.files.values()}
        return found


@lru_cache(maxsize=1)
def attacks() -> tuple[Attack, ...]:
    """Return all attacks, in order."""
    return tuple(read(path) for path in sorted(FOLDER.glob("*/attack.toml")))


def read(path: Path) -> Attack:
    """Return the attack of one record."""
    data = tomllib.loads(path.read_text("utf-8"))
    attack = Attack.model_validate({**data, "folder": path.parent})
    assert path.parent.name.startswith(f"{attack.number:02}_"), path
    return attack


def named(number: int, name: str) -> tuple[Attack, Variant]:
    """Return one attack."""
    attack = next(each for each in attacks() if each.number == number)
    return attack, next(each for each in attack.variants if each.name == name)
