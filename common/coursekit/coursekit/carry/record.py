"""What was carried into a folder last: the base on which later carries build."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from coursekit.console import shown
from coursekit.errors import CourseError

RECORD = ".course/carried.json"


class CarriedRegion(BaseModel):
    """The body that came in, outdented, and from which homework."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str
    body: tuple[str, ...]


class CarriedFile(BaseModel):
    """A whole file that came in, by the digest of its content."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str
    digest: str


class Carried(BaseModel):
    """Everything that was carried into a folder, each as it came last."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    regions: dict[str, CarriedRegion] = {}
    helpers: dict[str, CarriedRegion] = {}
    files: dict[str, CarriedFile] = {}

    @classmethod
    def of_folder(cls, folder: Path) -> Carried:
        """Read the record of a folder; one into which nothing was carried has none."""
        path = folder / RECORD
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return cls()
        except (OSError, ValidationError) as error:
            raise CourseError(
                f"{shown(path)}: is damaged. Remove it and carry again: where both you"
                " and the earlier homework changed a region since then, both versions"
                " will be shown for you to choose."
            ) from error

    def to_bytes(self) -> bytes:
        """Return the record as it is written."""
        return self.model_dump_json(indent=1).encode() + b"\n"
