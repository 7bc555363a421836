"""Operations on tuples of tensors."""

from __future__ import annotations

from ..autograd import NDArray, Op, Tensor, TensorOp, TensorTuple, TensorTupleOp, Value
from ..init import zeros_like
from ..operands import python_number


class MakeTensorTuple(TensorTupleOp):
    """Several tensors as one node."""

    def compute(self, *args: NDArray) -> tuple[NDArray, ...]:
        return tuple(args)

    def gradient(self, out_grad: TensorTuple, node: TensorTuple) -> tuple[Tensor, ...]:
        return tuple(out_grad)


def make_tuple(*args: Tensor) -> TensorTuple:
    """Return the tensors as one node."""
    return MakeTensorTuple()(*args)


class TupleGetItem(TensorOp):
    """One of the tensors of a tuple."""

    def __init__(self, index: int) -> None:
        self.index = index

    def __call__(self, a: TensorTuple, fold_const: bool = True) -> Tensor:
        """Return the tensor; that of a tuple just made is the one it was made from."""
        if not 0 <= self.index < len(a):
            raise IndexError(f"index {self.index} of a tuple of {len(a)} tensors")
        if fold_const and isinstance(a.op, MakeTensorTuple):
            return a.inputs[self.index]
        return Tensor.make_from_op(self, (a,))

    def compute(self, a: tuple[NDArray, ...]) -> NDArray:
        return a[self.index]

    def gradient(self, out_grad: Tensor, node: Tensor) -> tuple[TensorTuple]:
        (a,) = node.inputs
        parts = [
            out_grad if i == self.index else zeros_like(Tensor.make_const(part))
            for i, part in enumerate(a.realize_cached_data())
        ]
        return (make_tuple(*parts),)


def tuple_get_item(value: TensorTuple, index: int) -> Tensor:
    """Return one of the tensors of a tuple."""
    return TupleGetItem(index)(value)


class FusedAddScalars(TensorTupleOp):
    """The pair ``(a + c0, a + c1)``."""

    def __init__(self, c0: float, c1: float) -> None:
        self.c0 = python_number(c0)
        self.c1 = python_number(c1)

    def compute(self, a: NDArray) -> tuple[NDArray, NDArray]:
        return a + self.c0, a + self.c1

    def gradient(self, out_grad: TensorTuple, node: TensorTuple) -> tuple[Tensor]:
        return (out_grad[0] + out_grad[1],)


def fused_add_scalars(x: Tensor, c0: float, c1: float) -> TensorTuple:
    """Return the pair ``(x + c0, x + c1)``."""
    return FusedAddScalars(c0, c1)(x)
