"""What a catalogue of planted bugs holds, as it is written in TOML."""

from __future__ import annotations

import re
from typing import Annotated

from coursekit.homework import QuestionId, RelativePath
from coursekit.toml import Table
from pydantic import AfterValidator, Field, model_validator

_KEBAB = r"[a-z0-9]+(-[a-z0-9]+)*"
_SENTENCE = re.compile(r"\S+(\s+\S+)+\.")


def _sentence(value: str) -> str:
    if not _SENTENCE.fullmatch(value):
        raise ValueError("must be a sentence: a few words and a full stop")
    return value


def _without_last_end(value: str) -> str:
    """Let the closing quotes stand on a line of their own."""
    return value.removesuffix("\n")


Name = Annotated[str, Field(pattern=f"^{_KEBAB}$")]
Sentence = Annotated[str, AfterValidator(_sentence)]
Code = Annotated[str, AfterValidator(_without_last_end)]


class Edit(Table):
    """One piece of a solution and what stands in its place."""

    find: Annotated[Code, Field(min_length=1)]
    replace: Code
    file: RelativePath | None = None


class Part(Table):
    """What a variant writes into one region: its id, or what the id ends with."""

    body: Code
    region: str | None = None


class Variant(Table):
    """Another right solution, which the tests must accept; bugs are planted in it too.

    The reference is one way to write a solution, often a fast one. Students write
    others, with mistakes of their own. One that fills several regions has a part for
    each. Where the reference has helpers for this question alone, a variant may have
    its own in their place.
    """

    name: Name
    about: Sentence
    body: Code | None = None
    region: str | None = None
    helpers: Code | None = None
    more: tuple[Part, ...] = Field(default=(), alias="part")

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts, the one written without a table of its own first."""
        if self.body is None:
            return self.more
        return (Part(body=self.body, region=self.region), *self.more)

    @model_validator(mode="after")
    def _parts_are_whole(self) -> Variant:
        if self.region is not None and self.body is None:
            raise ValueError("region belongs to body")
        if not self.parts:
            raise ValueError("nothing is written: give body")
        return self


class Bug(Table):
    """A mistake, small enough to have one misconception behind it."""

    name: Name
    misconception: Sentence
    variant: Name | None = None
    find: Code | None = None
    replace: Code | None = None
    file: RelativePath | None = None
    more: tuple[Edit, ...] = Field(default=(), alias="edit")
    equivalent: Sentence | None = None
    survives_public: Sentence | None = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits, the one written without a table of its own first."""
        if self.find is None or self.replace is None:
            return self.more
        first = Edit(find=self.find, replace=self.replace, file=self.file)
        return (first, *self.more)

    @model_validator(mode="after")
    def _edits_are_whole(self) -> Bug:
        if (self.find is None) != (self.replace is None):
            raise ValueError("find and replace belong together")
        if self.file is not None and self.find is None:
            raise ValueError("file belongs to find and replace")
        if not self.edits:
            raise ValueError("nothing is planted: give find and replace")
        return self

    @model_validator(mode="after")
    def _one_reason(self) -> Bug:
        if self.equivalent and self.survives_public:
            raise ValueError("what is equivalent survives everything: give one reason")
        return self


class Entries(Table):
    """One file of a catalogue: the bugs and variants of one question."""

    question: QuestionId
    variants: tuple[Variant, ...] = Field(default=(), alias="variant")
    bugs: tuple[Bug, ...] = Field(default=(), alias="bug")

    @model_validator(mode="after")
    def _variants_are_known(self) -> Entries:
        known = {variant.name for variant in self.variants}
        for bug in self.bugs:
            if bug.variant is not None and bug.variant not in known:
                listed = ", ".join(sorted(known)) or "there are none"
                raise ValueError(
                    f"bug {bug.name}: no variant is called {bug.variant} ({listed})"
                )
        return self
