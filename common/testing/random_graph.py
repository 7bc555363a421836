"""Small programs of sums and products, which run on tensors and on arrays alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

# An operator and what stands beside it: values by their number, and "+" or "*" also
# with a constant, written "+c" and "*c".
Step = tuple[str, int, int | float]


@dataclass(frozen=True, repr=False)
class RandomGraph:
    """A program: so many leaves, then one new value a step; the last is the result.

    Values are numbered from 0, leaves first, and called ``a``, ``b``, ``c`` ...

    >>> graph = RandomGraph(2, (("+", 0, 1), ("*", 2, 2), ("*c", 3, 0.5)))
    >>> graph
    RandomGraph: c = a + b; d = c * c; e = d * 0.5
    >>> graph.run([1, 2])
    [1, 2, 3, 9, 4.5]
    """

    leaves: int
    steps: tuple[Step, ...]

    def run(self, leaves: Sequence[Any]) -> list[Any]:
        """Return all values, computed from those of the leaves by Python's operators.

        Of tensors they are the nodes of a graph, of arrays its twin in NumPy.
        """
        values = list(leaves)
        for operator, left, right in self.steps:
            other = right if operator.endswith("c") else values[int(right)]
            values.append(_apply(operator[0], values[left], other))
        return values

    def names(self) -> str:
        """Return the names of all values, a letter each."""
        return ascii_lowercase[: self.leaves + len(self.steps)]

    def __repr__(self) -> str:
        names = self.names()
        lines = []
        for name, step in zip(names[self.leaves :], self.steps, strict=True):
            operator, left, right = step
            other = f"{right:g}" if operator.endswith("c") else names[int(right)]
            lines.append(f"{name} = {names[left]} {operator[0]} {other}")
        return f"RandomGraph: {'; '.join(lines)}"


def _apply(operator: str, left: Any, right: Any) -> Any:
    return left + right if operator == "+" else left * right
