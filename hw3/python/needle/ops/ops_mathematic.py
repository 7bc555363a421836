"""The operations of arithmetic, linear algebra and shapes.

One template for all: `compute` sees arrays and returns an array, `gradient` sees
tensors and returns tensors, one for each input and of its shape. Throughout, ``y`` is
the result of an operation and ``g`` (``out_grad``) the gradient of the final output in
``y``; what ``gradient`` returns is ``g`` times the derivative of ``y`` in the input.

The functions below each class are how one writes an operation: ``exp(a)``.
"""

from __future__ import annotations

import numpy

from needle.backend_selection import BACKEND, array_api

from ..autograd import NDArray, Op, Tensor, TensorOp, TensorTuple, TensorTupleOp, Value
from ..checks import check_operands
from ..init import zeros_like
from ..operands import as_axes, as_shape, python_number


class EWiseAdd(TensorOp):
    """Elementwise sum ``a + b``.

    Shapes: any two that broadcast to a common one, as NumPy's rules have it.
    """

    elementwise = True

    def compute(self, a: NDArray, b: NDArray) -> NDArray:
        return a + b

    def gradient(self, out_grad: Tensor, node: Tensor) -> tuple[Tensor, Tensor]:
        return out_grad, out_grad


def add(a: Tensor, b: Tensor) -> Tensor:
    """Return ``a + b``, elementwise."""
    return EWiseAdd()(a, b)


class AddScalar(TensorOp):
    """``a + scalar``, for each element."""

    def __init__(self, scalar: float) -> None:
        self.scalar = python_number(scalar)

    def compute(self, a: NDArray) -> NDArray:
        return a + self.scalar

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        return out_grad


def add_scalar(a: Tensor, scalar: float) -> Tensor:
    """Return ``a + scalar``."""
    return AddScalar(scalar)(a)


class EWiseMul(TensorOp):
    """Elementwise product ``a * b``.

    Shapes: any two that broadcast to a common one.
    """

    elementwise = True

    def compute(self, a: NDArray, b: NDArray) -> NDArray:
        return a * b

    def gradient(self, out_grad: Tensor, node: Tensor) -> tuple[Tensor, Tensor]:
        a, b = node.inputs
        return out_grad * b, out_grad * a


def multiply(a: Tensor, b: Tensor) -> Tensor:
    """Return ``a * b``, elementwise."""
    return EWiseMul()(a, b)


class MulScalar(TensorOp):
    """``a * scalar``, for each element."""

    def __init__(self, scalar: float) -> None:
        self.scalar = python_number(scalar)

    def compute(self, a: NDArray) -> NDArray:
        return a * self.scalar

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        return out_grad * self.scalar


def mul_scalar(a: Tensor, scalar: float) -> Tensor:
    """Return ``a * scalar``."""
    return MulScalar(scalar)(a)


class PowerScalar(TensorOp):
    """``a ** scalar``, for each element and any real exponent."""

    def __init__(self, scalar: float) -> None:
        self.scalar = python_number(scalar)

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: PowerScalar.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: PowerScalar.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def power_scalar(a: Tensor, scalar: float) -> Tensor:
    """Return ``a ** scalar``."""
    return PowerScalar(scalar)(a)


class EWisePow(TensorOp):
    """Elementwise power ``a ** b``; differentiable in ``b`` where ``a > 0``.

    Shapes: any two that broadcast to a common one.
    """

    elementwise = True

    def compute(self, a: NDArray, b: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: EWisePow.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> tuple[Tensor, Tensor]:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: EWisePow.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def power(a: Tensor, b: Tensor) -> Tensor:
    """Return ``a ** b``, elementwise."""
    return EWisePow()(a, b)


class EWiseDiv(TensorOp):
    """Elementwise quotient ``a / b``.

    Shapes: any two that broadcast to a common one.
    """

    elementwise = True

    def compute(self, a: NDArray, b: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: EWiseDiv.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> tuple[Tensor, Tensor]:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: EWiseDiv.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def divide(a: Tensor, b: Tensor) -> Tensor:
    """Return ``a / b``, elementwise."""
    return EWiseDiv()(a, b)


class DivScalar(TensorOp):
    """``a / scalar``, for each element; an array of one element is a scalar, too."""

    def __init__(self, scalar: float) -> None:
        self.scalar = python_number(scalar)

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: DivScalar.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: DivScalar.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def divide_scalar(a: Tensor, scalar: float) -> Tensor:
    """Return ``a / scalar``."""
    return DivScalar(scalar)(a)


class Transpose(TensorOp):
    """Two axes exchanged: those in ``axes``, by default the last two.

    Shapes: ``(..., m, n) -> (..., n, m)``.
    """

    def __init__(self, axes: tuple[int, int] | None = None) -> None:
        self.axes = as_axes(axes)
        if isinstance(self.axes, int) or len(self.axes or (0, 1)) != 2:
            raise ValueError(f"Transpose exchanges two axes, not {axes!r}")

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: Transpose.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: Transpose.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def transpose(a: Tensor, axes: tuple[int, int] | None = None) -> Tensor:
    """Return ``a`` with two axes exchanged, by default the last two."""
    return Transpose(axes)(a)


class Reshape(TensorOp):
    """The same elements in the same (row-major) order, with another shape."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = as_shape(shape)

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: Reshape.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: Reshape.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def reshape(a: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return the elements of ``a`` with another shape."""
    return Reshape(shape)(a)


class BroadcastTo(TensorOp):
    """The input repeated to a larger shape, as NumPy's rules have it.

    Shapes: axes of length 1 are repeated, and new axes may come in front:
    ``(3, 1) -> (2, 3, 4)``.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = as_shape(shape)

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: BroadcastTo.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: BroadcastTo.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def broadcast_to(a: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return ``a`` repeated to ``shape``."""
    return BroadcastTo(shape)(a)


class Summation(TensorOp):
    """The sum over some axes, which are gone afterwards.

    ``axes`` is one axis or a tuple of axes, negative ones counted from the end; None
    means all of them, and gives a result without axes.
    """

    def __init__(self, axes: int | tuple[int, ...] | None = None) -> None:
        self.axes = as_axes(axes)

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: Summation.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: Summation.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def summation(a: Tensor, axes: int | tuple[int, ...] | None = None) -> Tensor:
    """Return the sum over ``axes``, by default over all."""
    return Summation(axes)(a)


class MatMul(TensorOp):
    """Matrix product ``a @ b``, batched over leading axes.

    Shapes: ``(..., m, k) @ (..., k, n) -> (..., m, n)``; leading axes broadcast. A
    vector, ``(k,)``, is taken as a row on the left and as a column on the right; the
    result does not keep that axis. `compute` and `gradient` always see matrices.
    """

    def __call__(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the node of the product."""
        check_operands(self, (a, b))
        row, column = len(a.shape) == 1, len(b.shape) == 1
        if not (row or column):
            return Tensor.make_from_op(self, (a, b))
        matrices = (
            reshape(a, (1, *a.shape)) if row else a,
            reshape(b, (*b.shape, 1)) if column else b,
        )
        product = Tensor.make_from_op(self, matrices)
        *batch, m, n = product.shape
        kept = [*batch, *([] if row else [m]), *([] if column else [n])]
        return reshape(product, tuple(kept))

    def compute(self, a: NDArray, b: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: MatMul.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> tuple[Tensor, Tensor]:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: MatMul.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def matmul(a: Tensor, b: Tensor) -> Tensor:
    """Return the matrix product ``a @ b``."""
    return MatMul()(a, b)


class Negate(TensorOp):
    """``-a``, for each element."""

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: Negate.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: Negate.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def negate(a: Tensor) -> Tensor:
    """Return ``-a``."""
    return Negate()(a)


class Log(TensorOp):
    """The natural logarithm, for each element."""

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: Log.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: Log.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def log(a: Tensor) -> Tensor:
    """Return the natural logarithm of ``a``."""
    return Log()(a)


class Exp(TensorOp):
    """``e ** a``, for each element."""

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        raise NotImplementedError("hw1.forward: Exp.compute is yours to write (handout, question 1 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        raise NotImplementedError("hw1.backward: Exp.gradient is yours to write (handout, question 2 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def exp(a: Tensor) -> Tensor:
    """Return ``e ** a``."""
    return Exp()(a)


class ReLU(TensorOp):
    """``max(a, 0)``, for each element; the derivative at 0 is taken to be 0."""

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.nn_epoch_ndl
        raise NotImplementedError("hw1.nn_epoch_ndl: ReLU.compute is yours to write (handout, question 6 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.nn_epoch_ndl
        raise NotImplementedError("hw1.nn_epoch_ndl: ReLU.gradient is yours to write (handout, question 6 of hw1; `course carry hw1 hw3` brings yours)")
        ### END YOUR SOLUTION


def relu(a: Tensor) -> Tensor:
    """Return ``max(a, 0)``."""
    return ReLU()(a)
