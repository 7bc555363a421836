"""Question 9: flatten."""

import numpy as np
from gradebox import Trial, case, exact

from ._layers import answer_evaluation, answer_gradients, answer_output
from ._ops import lengths, ndl, normal, tensor


@case("hw2.nn_flatten", points=1)
def flatten_shapes(t: Trial) -> None:
    """The first axis stays, all others become one."""
    k, m, n, j = lengths(t, 4)
    flatten = ndl.nn.Flatten()
    for shape in [(m, n), (k, m, n), (j, k, m, n), (k, 1, m, 1, n), (1, m, n), (m, 1)]:
        answer_output(t, f"{shape}", flatten, normal(t, *shape))
    answer_evaluation(t, flatten, normal(t, k, m, n))


@case("hw2.nn_flatten", points=0.5)
def flatten_order(t: Trial) -> None:
    """Elements keep their order, and their type."""
    (m, n), k = lengths(t, 2), int(t.rng.choice([7, 11]))  # a prime: never m * n
    for dtype in ("float32", "float64"):
        x = np.arange(k * m * n).reshape(k, m, n)
        out = ndl.nn.Flatten()(tensor(t, x, dtype))
        t.answer(f"output, {dtype}", out, check=exact())


@case("hw2.nn_flatten", points=1.5)
def flatten_backward(t: Trial) -> None:
    """Gradients come back in the shape that the input had."""
    k, m, n, j = lengths(t, 4)
    for shape in [(m, n), (k, m, n), (j, k, m, n), (1, m, n)]:
        result = (shape[0], int(np.prod(shape[1:])))
        x = normal(t, *shape)
        answer_gradients(t, f"{shape}", ndl.nn.Flatten(), x, result=result)
