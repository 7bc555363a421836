"""Small programs of sums and products, which run on tensors and on arrays alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

# An operator and what stands beside it: values by their number, and "+" or "*" also
# with a constant, written "+c" and "*c".
Step = tuple[str, int, int | float]


@dataclass(frozen=True)
class Dual:
    """A value and its slope: sums and products carry both along, exactly."""

    value: Any
    slope: Any = 0.0

    def __add__(self, other: Any) -> Dual:
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Any) -> Dual:
        other = other if isinstance(other, Dual) else Dual(other)
        slope = self.slope * other.value + self.value * other.slope
        return Dual(self.value * other.value, slope)


@dataclass(frozen=True, repr=False)
class RandomGraph:
    """A program: so many leaves, then one new value a step; the last is the result.

    Values are numbered from 0, leaves first, and called ``a``, ``b``, ``c`` ...

    >>> graph = RandomGraph(2, (("+", 0, 1), ("*", 2, 2), ("*c", 3, 0.5)))
    >>> graph
    RandomGraph: c = a + b; d = c * c; e = d * 0.5
    >>> graph.run([1, 2])
    [1, 2, 3, 9, 4.5]
    >>> graph.slope([1, 2], 0)
    3.0
    """

    leaves: int
    steps: tuple[Step, ...]

    def run(
        self, leaves: Sequence[Any], replaced: Mapping[int, Any] | None = None
    ) -> list[Any]:
        """Return all values, computed from those of the leaves by Python's operators.

        Of tensors they are the nodes of a graph, of arrays its twin in NumPy. Values in
        ``replaced`` are put in place of those that were computed.
        """
        values: list[Any] = []
        for number in range(len(self)):
            if replaced and number in replaced:
                values.append(replaced[number])
            elif number < self.leaves:
                values.append(leaves[number])
            else:
                values.append(_apply(self.steps[number - self.leaves], values))
        return values

    def slope(self, leaves: Sequence[Any], number: int) -> Any:
        """Return the derivative of the result in one of the values, by dual numbers."""
        duals = [Dual(leaf) for leaf in leaves]
        at = self.run(duals)[number].value
        result = self.run(duals, {number: Dual(at, at * 0 + 1.0)})[-1]
        return at * 0 + result.slope

    def used(self) -> set[int]:
        """Return the numbers of the values that the result depends on, and its own."""
        used = {len(self) - 1}
        for number in range(len(self) - 1, self.leaves - 1, -1):
            operator, left, right = self.steps[number - self.leaves]
            if number in used:
                used |= {left} if operator.endswith("c") else {left, int(right)}
        return used

    def names(self) -> str:
        """Return the names of all values, a letter each."""
        return ascii_lowercase[: len(self)]

    def __len__(self) -> int:
        return self.leaves + len(self.steps)

    def __repr__(self) -> str:
        names = self.names()
        lines = []
        for name, step in zip(names[self.leaves :], self.steps, strict=True):
            operator, left, right = step
            other = f"{right:g}" if operator.endswith("c") else names[int(right)]
            lines.append(f"{name} = {names[left]} {operator[0]} {other}")
        return f"RandomGraph: {'; '.join(lines)}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print as above in the reports of Hypothesis, too."""
        printer.text(repr(self))


def _apply(step: Step, values: Sequence[Any]) -> Any:
    operator, left, right = step
    other = right if operator.endswith("c") else values[int(right)]
    return values[left] + other if operator[0] == "+" else values[left] * other
