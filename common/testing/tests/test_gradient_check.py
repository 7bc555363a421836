"""The gradient check finds what is wrong, and nothing in what is right."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest
from gradient_check import gradient_check
from needle.autograd import TensorOp

RNG = np.random.default_rng(3)
A = RNG.uniform(0.5, 2, (2, 3))


class Square(TensorOp):
    """``a * a``, with a gradient that subclasses spoil."""

    def compute(self, a):
        return a * a

    def gradient(self, out_grad, node):
        return out_grad * node.inputs[0] * 2


class Doubled(Square):
    def gradient(self, out_grad, node):
        return out_grad * node.inputs[0] * 4


class Unweighted(Square):
    def gradient(self, out_grad, node):
        return node.inputs[0] * 2


class Mirrored(Square):
    """Right but for the places of its elements."""

    def gradient(self, out_grad, node):
        right = (out_grad * node.inputs[0] * 2).numpy()
        return ndl.Tensor(right[:, ::-1])


class ThroughNumPy(Square):
    def gradient(self, out_grad, node):
        return ndl.Tensor(out_grad.numpy() * node.inputs[0].numpy() * 2)


class InputsDetached(Square):
    def gradient(self, out_grad, node):
        return out_grad * node.inputs[0].detach() * 2


class OutGradDetached(Square):
    def gradient(self, out_grad, node):
        return node.inputs[0] * out_grad.detach() * 2


class IntoOutGrad(Square):
    def gradient(self, out_grad, node):
        out_grad.cached_data *= 2
        return out_grad * node.inputs[0]


class IntoInput(Square):
    def compute(self, a):
        a *= a
        return a + 0


@pytest.mark.parametrize(
    "op, words",
    [
        (Doubled, "the gradient of f in input 0, for shapes (2, 3)"),
        (Unweighted, "the gradient of f in input 0"),
        (Mirrored, "the gradient of f in input 0"),
        (ThroughNumPy, "does not follow when they change"),
        (InputsDetached, "does not follow when they change"),
        (OutGradDetached, "does not follow when they change"),
        (IntoOutGrad, "should leave out_grad as it is"),
        (IntoInput, "should leave an input as it is"),
    ],
)
def test_a_wrong_operation_is_found_and_named(op, words):
    def f(a):
        return op()(a)

    with pytest.raises(AssertionError) as failure:
        gradient_check(f, A)
    assert words in str(failure.value)


@pytest.mark.parametrize("op", [Doubled, Unweighted, Mirrored])
def test_a_wrong_operation_is_found_inside_a_function(op):
    def f(a):
        return ndl.exp(op()(a * 2) + a)

    with pytest.raises(AssertionError, match="the gradient of f in input 0"):
        gradient_check(f, A, backward=True)


@pytest.mark.parametrize("op", [ThroughNumPy, InputsDetached])
def test_a_gradient_that_cannot_be_differentiated_is_found(op):
    def f(a):
        return op()(a)

    gradient_check(f, A, backward=True)  # the first order is right
    with pytest.raises(AssertionError, match="the gradient of the gradients of f"):
        gradient_check(f, A, backward=True, order=2)


def test_a_wrong_input_is_named():
    class Product(TensorOp):
        def compute(self, a, b):
            return a * b

        def gradient(self, out_grad, node):
            return out_grad * node.inputs[1], out_grad * node.inputs[1]

    with pytest.raises(AssertionError, match="in input 1, for shapes"):
        gradient_check(Product(), A, A + 1)


def test_right_operations_pass():
    derived = gradient_check(Square(), A, seed=5)
    assert derived[0].shape == (2, 3)
    gradient_check(ndl.summation, A, axes=(1,))
    gradient_check(ndl.matmul, A, A.T, backward=True, order=2)


def test_the_gradients_are_returned():
    (gradient,) = gradient_check(lambda a: a * 3, [1.0, 2.0], backward=True)
    weights = np.random.default_rng(0).standard_normal(2)
    np.testing.assert_allclose(gradient, 3 * weights)


def test_an_input_that_is_not_used_has_gradient_zero():
    def first(a, b):
        return a * a

    _, second = gradient_check(first, A, A, backward=True, order=2)
    np.testing.assert_array_equal(second, np.zeros_like(A))


def test_the_arrays_stay_as_they_are():
    before = A.copy()
    gradient_check(ndl.exp, A)
    gradient_check(ndl.exp, A, backward=True, order=2)
    np.testing.assert_array_equal(A, before)


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="pass backward=True"):
        gradient_check(lambda a: ndl.exp(a * 2), A)
    with pytest.raises(ValueError, match="pass backward=True"):
        gradient_check(ndl.exp, A, order=2)
