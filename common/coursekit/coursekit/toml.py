"""Read a TOML file into a pydantic model; errors name the file and the key."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from coursekit.errors import CourseError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]


class Table(BaseModel):
    """A TOML table: keys we do not know are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


ModelT = TypeVar("ModelT", bound=BaseModel)


def read_toml(path: Path, model: type[ModelT]) -> ModelT:
    """Return the file as ``model``, or raise a CourseError that says what to mend."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}") from error
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise CourseError(f"{path}: {describe(error, raw)}") from error


def describe(error: ValidationError, raw: object) -> str:
    """Return every complaint as ``key: what is wrong``, joined by ``; ``."""
    return "; ".join(
        f"{_key(item['loc'], raw)}{_complaint(item)}" for item in error.errors()
    )


def _complaint(item: Any) -> str:
    if item["type"] == "extra_forbidden":
        return "there is no such key (a typing error?)"
    if item["type"] == "missing":
        return "this key is missing"
    message = str(item["msg"])
    return message.removeprefix("Value error, ")


def _key(location: Sequence[int | str], raw: object) -> str:
    """Write ``("question", 1, "points")`` as ``question 2 (hw0.b), points: ``."""
    words: list[str] = []
    here: Any = raw
    for step in location:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            here = None
        if isinstance(step, int):
            name = here.get("id") if isinstance(here, dict) else None
            number = f" {step + 1}" + (f" ({name})" if name else "")
            words.append(words.pop() + number if words else number.strip())
        else:
            words.append(step)
    return ", ".join(words) + ": " if words else ""
