"""The data sets the course knows, by name and by content."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from coursekit.data.cifar_sets import CIFAR10, SYNTHETIC_CIFAR
from coursekit.data.idx_sets import FASHION_MNIST, FASHION_SMALL, MNIST
from coursekit.data.model import File, Spec
from coursekit.data.text_sets import PTB, SHAKESPEARE, SHAKESPEARE_SMALL
from coursekit.errors import CourseError

SETS = {
    spec.name: spec
    for spec in (
        MNIST,
        FASHION_MNIST,
        FASHION_SMALL,
        CIFAR10,
        SYNTHETIC_CIFAR,
        PTB,
        SHAKESPEARE,
        SHAKESPEARE_SMALL,
    )
}


def named(name: str) -> Spec:
    """Return the set of that name, or raise an error that lists the names."""
    spec = SETS.get(name.lower().replace("_", "-"))
    if spec is None:
        close = get_close_matches(name.lower(), SETS, n=1)
        meant = f" Did you mean {close[0]}?" if close else ""
        raise CourseError(
            f"no data set is called {name!r}.{meant} There are: {', '.join(SETS)}."
        )
    return spec


@cache
def by_digest() -> dict[str, tuple[Spec, File]]:
    """Map the digest of every known file to the set and file it belongs to."""
    return {file.digest: (spec, file) for spec in SETS.values() for file in spec.files}


@cache
def known_sizes() -> frozenset[int]:
    """Return the sizes of all known files whose content fixes their size."""
    return frozenset(file.size for spec in SETS.values() for file in spec.files)
