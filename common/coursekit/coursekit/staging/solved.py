"""Which questions a rendering shows with their solutions."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias


class Everything:
    """The set of all question ids: everything is in it."""

    def __contains__(self, question_id: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "ALL"


Solved: TypeAlias = AbstractSet[str] | Everything

ALL: Final = Everything()
NONE: Final[frozenset[str]] = frozenset()
