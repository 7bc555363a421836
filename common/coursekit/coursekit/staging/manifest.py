"""The record of what a rendered folder holds: ``.course/manifest.json``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from coursekit.errors import CourseError

MANIFEST = ".course/manifest.json"
PRISTINE = ".course/pristine"


class Manifest(BaseModel):
    """What was rendered, with which content, and what of it is the student's to edit.

    ``solved`` names the questions of this homework whose solutions are shown: none
    in a student's folder. ``submission`` holds the globs of what may be handed in. A
    newer release may add keys; they are kept out of our way.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    homework: str
    version: str
    files: dict[str, str]
    editable: list[str] = []
    executable: list[str] = []
    solved: list[str] = []
    course: str = ""
    submission: list[str] = []

    def to_bytes(self) -> bytes:
        """Return the manifest as it is written, byte for byte the same every time."""
        text = json.dumps(self.model_dump(), indent=1, sort_keys=True)
        return text.encode() + b"\n"

    @classmethod
    def from_bytes(cls, content: bytes, name: str | Path = MANIFEST) -> Manifest:
        """Read a manifest; ``name`` is what errors call it."""
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            raise CourseError(
                f"{name}: is damaged ({error.errors()[0]['msg']}). Move the folder"
                " away and make a new one, then copy your files into it."
            ) from error

    @classmethod
    def of_folder(cls, folder: Path) -> Manifest | None:
        """Return the manifest of a rendered folder, or None where there is none."""
        path = folder / MANIFEST
        if path.exists() and not path.is_file():
            raise CourseError(f"{path}: is no file")
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise CourseError(f"{path}: cannot be read: {error.strerror}") from error
        return cls.from_bytes(content, path)


def digest(content: bytes) -> str:
    """Return the SHA-256 of ``content`` as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def with_manifest(
    files: Mapping[str, bytes],
    *,
    homework: str,
    version: str,
    editable: Iterable[str] = (),
    executable: Iterable[str] = (),
    solved: Iterable[str] = (),
    course: str = "",
    submission: Iterable[str] = (),
) -> dict[str, bytes]:
    """Return the files, sorted, with the manifest that describes them."""
    manifest = Manifest(
        homework=homework,
        version=version,
        files={path: digest(files[path]) for path in sorted(files)},
        editable=sorted(editable),
        executable=sorted(executable),
        solved=list(solved),
        course=course,
        submission=list(submission),
    )
    complete = {**files, MANIFEST: manifest.to_bytes()}
    return {path: complete[path] for path in sorted(complete)}


def with_pristine(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a student's copy: also the originals of all that is text.

    Not only of what they are to edit: whatever they do edit can be merged then.
    """
    manifest = Manifest.from_bytes(files[MANIFEST])
    originals = {
        f"{PRISTINE}/{path}": files[path]
        for path in manifest.files
        if path in manifest.editable or b"\0" not in files[path]
    }
    complete = {**files, **originals}
    return {path: complete[path] for path in sorted(complete)}
