"""What a data set is: its files, its licence, where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Origin = Literal["fetched", "shipped", "generated"]


@dataclass(frozen=True)
class File:
    """One file of a set, as it lies in the cache.

    The digest is that of the content once unpacked (a name ending in ``.gz`` is packed)
    and begins with its kind: ``sha256:``, or ``pixels-md5:`` for a CIFAR batch, whose
    labels and pixels are what is known, not the bytes of the pickle around them.
    """

    name: str
    digest: str
    size: int = 0  # in bytes, unpacked; 0 where the digest does not fix it

    @property
    def packed(self) -> bool:
        """Say whether the file is kept compressed."""
        return self.name.endswith(".gz")


@dataclass(frozen=True)
class Download:
    """One file to fetch: any of several addresses gives the same bytes."""

    name: str
    digest: str
    size: int
    urls: tuple[str, ...]


@dataclass(frozen=True)
class Spec:
    """A data set the course knows.

    ``plans`` are ways to fetch it, each a list of downloads; the next is tried when one
    fails. ``into`` is the folder below a homework where the set is expected.
    """

    name: str
    title: str
    licence: str
    into: str
    files: tuple[File, ...]
    origin: Origin = "fetched"
    unit: str = "files"
    plans: tuple[tuple[Download, ...], ...] = ()
    stands_in_for: str = ""

    @property
    def names(self) -> list[str]:
        """List the names of the files."""
        return [file.name for file in self.files]
