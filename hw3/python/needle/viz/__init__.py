"""Pictures of a live graph: ``needle.viz.graph(loss)``.

Everything is read, nothing is changed: no value is computed, no tensor is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..autograd import Value
    from .picture import Picture
if TYPE_CHECKING:
    from ..backend_ndarray import NDArray
    from .view_picture import ViewPicture


def graph(
    *outputs: Value,
    gradients: bool = False,
    names: Mapping[str, Value] | None = None,
    values: bool = True,
    direction: str = "down",
    limit: int = 300,
    **named: Value,
) -> Picture:
    """Return the picture of everything that some tensors were computed from.

    Args:
        outputs: where the picture begins; it goes on to the leaves.
        gradients: whether to show, too, what stands in ``.grad`` of these nodes and
            how that was computed.
        names: what to call tensors, by name; for names that Python has no syntax for.
        values: whether to write down arrays of up to four numbers.
        direction: where computation goes in the picture, "down" or "right".
        limit: of more nodes than this, those nearest to the outputs are drawn.
        named: more names, as in ``graph(y, a=a, b=b)``.

    Returns:
        A picture: it shows itself in a notebook, prints as a list in a terminal, and
        can be saved with ``.save("graph.svg")``.

    >>> from needle import Tensor
    >>> a, b = Tensor(2.0), Tensor(3.0)
    >>> graph(a * b + a, a=a, b=b)
    graph of 4 nodes
      a = leaf              ()  2
      b = leaf              ()  3
      %2 = EWiseMul(a, b)   ()  6
      %3 = EWiseAdd(%2, a)  ()  8  output
    """
    # Only now: a program that draws nothing does not wait for what draws.
    from .collect import collect
    from .picture import Picture

    found = collect(
        outputs,
        names={**(names or {}), **named},
        gradients=gradients,
        values=values,
        limit=limit,
    )
    return Picture(found, direction)


def strides(array: NDArray, name: str = "a") -> ViewPicture:
    """Return the picture of an array: its memory, and what it shows of it.

    Args:
        array: an `NDArray`; it is read, not changed.
        name: what to call it.

    Returns:
        A picture: it shows itself in a notebook, prints as a table in a terminal, and
        can be saved with ``.save("a.svg")``. A large array is shown in part.

    >>> from needle.backend_ndarray import array, cpu_numpy
    >>> a = array([[1, 2, 3], [4, 5, 6]], device=cpu_numpy())
    >>> strides(a.permute((1, 0)))
    a: shape (3, 2), strides (1, 3), offset 0, not compact
      a[i, j] is at 0 + 1*i + 3*j
      memory: [1] [2] [3] [4] [5] [6]
      positions 0 3
      positions 1 4
      positions 2 5
    """
    from .view_picture import ViewPicture
    from .view_read import read

    return ViewPicture(read(array, name))


