"""Question 12: a way around."""

from gradebox import Trial, case

from ._layers import (
    EXACT,
    answer_evaluation,
    answer_gradients,
    answer_output,
    matrix_layer,
    set_tensors,
)
from ._ops import lengths, ndl, normal, tensor


@case("hw2.nn_residual", points=1)
def residual_forward(t: Trial) -> None:
    """What the module returns, plus what went in."""
    for name, shape in [("rows", (5, 4)), ("a row", (1, 4)), ("a square", (4, 4))]:
        answer_output(t, name, ndl.nn.Residual(matrix_layer(t, 4)), normal(t, *shape))
    m, n = lengths(t, 2)
    identity = ndl.nn.Residual(ndl.nn.Identity())
    answer_output(t, "around the identity", identity, normal(t, m, n))
    answer_evaluation(t, ndl.nn.Residual(matrix_layer(t, 4)), normal(t, 5, 4))


@case("hw2.nn_residual", points=1)
def residual_backward(t: Trial) -> None:
    """Gradients flow back both ways: through the module, and around it."""
    inside = matrix_layer(t, 4)
    answer_gradients(t, "", ndl.nn.Residual(inside), normal(t, 5, 4))
    t.answer("gradient of the module's matrix", inside.matrix.grad, check=EXACT)


@case("hw2.nn_residual", points=1)
def residual_network(t: Trial) -> None:
    """Around several layers; and one way around inside of another."""
    first, second = ndl.nn.Linear(4, 6), ndl.nn.Linear(6, 4)
    set_tensors(t, first, weight=normal(t, 4, 6), bias=normal(t, 1, 6))
    set_tensors(t, second, weight=normal(t, 6, 4), bias=normal(t, 1, 4))
    block = ndl.nn.Residual(ndl.nn.Sequential(first, ndl.nn.ReLU(), second))
    answer_output(t, "a block", block, normal(t, 5, 4))
    nested = ndl.nn.Residual(ndl.nn.Residual(matrix_layer(t, 4)))
    x = tensor(t, normal(t, 3, 4))
    nested(x).sum().backward()
    t.answer("gradient through two of them", x.grad, check=EXACT)
