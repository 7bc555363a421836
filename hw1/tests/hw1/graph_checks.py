"""Say in which order nodes have to come, and count how often a graph is walked."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import needle as ndl

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True


def assert_order(
    nodes: Sequence[Any], wanted: Sequence[Any], names: Mapping[str, Any]
) -> None:
    """Compare two lists of nodes by identity, and show them by name."""
    name_of = {id(node): name for name, node in names.items()}
    got = " ".join(name_of.get(id(node), "(another node)") for node in nodes)
    asked = " ".join(name_of[id(node)] for node in wanted)
    # in full, for pytest takes apart the asserts of test files only
    assert got == asked, f"the order is   {got}\n  should be   {asked}"


def grad_of(node: Any) -> Any:
    """Return the gradient of a node, and None if it has none, not even None."""
    return getattr(node, "grad", None)


def expected_order(nodes: Sequence[Any]) -> list[Any]:
    """Return the post-order of a depth-first search, the long way round.

    Everything below a node is listed before it, from left to right, as often as there
    are ways to it; of each node only the first place counts. The list of all ways
    doubles with every diamond: this is for small graphs.
    """
    return list(dict.fromkeys(node for each in nodes for node in _all_ways(each)))


def _all_ways(node: Any) -> Iterator[Any]:
    for below in node.inputs:
        yield from _all_ways(below)
    yield node


class CountedInputs(tuple[Any, ...]):
    """The inputs of a node; a fault when they are looked at more often than allowed."""

    looks = 0
    allowed = 20

    def __iter__(self) -> Iterator[Any]:
        self._count()
        return super().__iter__()

    def __getitem__(self, index: Any) -> Any:
        self._count()
        return super().__getitem__(index)

    def _count(self) -> None:
        self.looks += 1
        assert self.looks <= self.allowed, (
            f"the inputs of one node were looked at {self.looks} times: a node that can"
            " be reached in many ways should be visited once, not once for each way"
        )


def doubled(times: int) -> list[ndl.Tensor]:
    """Return ``h0, h1 = h0 + h0, h2 = h1 + h1, ...``: 2**times ways lead to ``h0``."""
    nodes = [ndl.Tensor([1.0, -0.5])]
    for _ in range(times):
        nodes.append(nodes[-1] + nodes[-1])
    return nodes


def count_inputs(nodes: Sequence[Any]) -> None:
    """Count from now on how often the inputs of these nodes are looked at."""
    for node in nodes:
        node.inputs = CountedInputs(node.inputs)


def counted_gradient(op: type, counts: Counter[int]) -> Callable[..., Any]:
    """Return the ``gradient`` of an operation, with a count of calls for each node."""
    gradient = op.gradient

    def counted(self: Any, out_grad: Any, node: Any) -> Any:
        counts[id(node)] += 1
        assert counts[id(node)] == 1, (
            f"{op.__name__}.gradient was called a second time for the same node: call"
            " it once, with the sum of all that flows back into the node"
        )
        return gradient(self, out_grad, node)

    return counted
