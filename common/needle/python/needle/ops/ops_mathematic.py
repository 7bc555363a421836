"""The operations of arithmetic, linear algebra and shapes.

One template for all: `compute` sees arrays and returns an array, `gradient` sees
tensors and returns tensors, one for each input and of its shape. Throughout, ``y`` is
the result of an operation and ``g`` (``out_grad``) the gradient of the final output in
``y``; what ``gradient`` returns is ``g`` times the derivative of ``y`` in the input.

The functions below each class are how one writes an operation: ``exp(a)``.
"""

from __future__ import annotations

### STAGE hw1..hw2
#| import numpy
#| import numpy as array_api
#|
### END STAGE
### STAGE hw3+
import numpy

from needle.backend_selection import BACKEND, array_api

### END STAGE
from ..autograd import NDArray, Op, Tensor, TensorOp, TensorTuple, TensorTupleOp, Value
from ..checks import check_operands
from ..init import zeros_like
from ..operands import as_axes, as_shape, python_number

### STAGE hw1..hw2
#| BACKEND = "np"
### END STAGE


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
        return a**self.scalar
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        (a,) = node.inputs
        if self.scalar == 0:  # a constant; the formula would divide 0 by 0 at a = 0
            return zeros_like(a)
        return out_grad * (self.scalar * a ** (self.scalar - 1))
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
        return a**b
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> tuple[Tensor, Tensor]:
        ### BEGIN YOUR SOLUTION hw1.backward
        a, b = node.inputs
        return out_grad * b * a ** (b - 1), out_grad * node * log(a)
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
        return a / b
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> tuple[Tensor, Tensor]:
        ### BEGIN YOUR SOLUTION hw1.backward
        _, b = node.inputs
        return out_grad / b, -out_grad * node / b
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
        return a / self.scalar
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        return out_grad / self.scalar
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
        first, second = (-2, -1) if self.axes is None else self.axes
        return array_api.swapaxes(a, first, second)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        return transpose(out_grad, self.axes)
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
        return array_api.reshape(a, self.shape)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        (a,) = node.inputs
        return reshape(out_grad, a.shape)
        ### END YOUR SOLUTION


def reshape(a: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Return the elements of ``a`` with another shape."""
    return Reshape(shape)(a)


### SOLUTION ONLY hw1.backward
def _sum_to(a: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Sum ``a`` over what broadcasting from ``shape`` to its shape has repeated."""
    added = len(a.shape) - len(shape)
    stretched = tuple(
        axis
        for axis, length in enumerate(a.shape)
        if axis < added or (shape[axis - added] == 1 and length != 1)
    )
    total = summation(a, stretched) if stretched else a
    return total if total.shape == shape else reshape(total, shape)


### END SOLUTION ONLY


class BroadcastTo(TensorOp):
    """The input repeated to a larger shape, as NumPy's rules have it.

    Shapes: axes of length 1 are repeated, and new axes may come in front:
    ``(3, 1) -> (2, 3, 4)``.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = as_shape(shape)

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        return array_api.broadcast_to(a, self.shape)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        (a,) = node.inputs
        return _sum_to(out_grad, a.shape)
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
        return array_api.sum(a, axis=self.axes)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        (a,) = node.inputs
        axes = range(len(a.shape)) if self.axes is None else self.axes
        axes = (axes,) if isinstance(axes, int) else axes
        kept = list(a.shape)
        for axis in axes:
            kept[axis] = 1
        return broadcast_to(reshape(out_grad, tuple(kept)), a.shape)
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
        return array_api.matmul(a, b)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> tuple[Tensor, Tensor]:
        ### BEGIN YOUR SOLUTION hw1.backward
        a, b = node.inputs
        return (  # a product is much work: none for the batch of images, a constant
            _sum_to(out_grad @ transpose(b), a.shape) if a.requires_grad else None,
            _sum_to(transpose(a) @ out_grad, b.shape) if b.requires_grad else None,
        )
        ### END YOUR SOLUTION


def matmul(a: Tensor, b: Tensor) -> Tensor:
    """Return the matrix product ``a @ b``."""
    return MatMul()(a, b)


class Negate(TensorOp):
    """``-a``, for each element."""

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        return -a
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        return -out_grad
        ### END YOUR SOLUTION


def negate(a: Tensor) -> Tensor:
    """Return ``-a``."""
    return Negate()(a)


class Log(TensorOp):
    """The natural logarithm, for each element."""

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        return array_api.log(a)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        (a,) = node.inputs
        return out_grad / a
        ### END YOUR SOLUTION


def log(a: Tensor) -> Tensor:
    """Return the natural logarithm of ``a``."""
    return Log()(a)


class Exp(TensorOp):
    """``e ** a``, for each element."""

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.forward
        return array_api.exp(a)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.backward
        return out_grad * node
        ### END YOUR SOLUTION


def exp(a: Tensor) -> Tensor:
    """Return ``e ** a``."""
    return Exp()(a)


class ReLU(TensorOp):
    """``max(a, 0)``, for each element; the derivative at 0 is taken to be 0."""

    def compute(self, a: NDArray) -> NDArray:
        ### BEGIN YOUR SOLUTION hw1.nn_epoch_ndl
        return array_api.maximum(a, 0)
        ### END YOUR SOLUTION

    def gradient(self, out_grad: Tensor, node: Tensor) -> Tensor:
        ### BEGIN YOUR SOLUTION hw1.nn_epoch_ndl
        positive = node.realize_cached_data() > 0
        return out_grad * Tensor(positive, dtype=node.dtype, requires_grad=False)
        ### END YOUR SOLUTION


def relu(a: Tensor) -> Tensor:
    """Return ``max(a, 0)``."""
    return ReLU()(a)
