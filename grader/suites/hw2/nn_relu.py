"""Question 3: ReLU as a layer."""

import numpy as np
from gradebox import Trial, case, exact

from ._layers import answer_evaluation, answer_gradients
from ._ops import SAME, forwards, ndl, nonzero, normal, shapes, tensor


@case("hw2.nn_relu", points=1)
def relu_layer_forward(t: Trial) -> None:
    """Negative elements become 0, others stay as they are."""
    for name, shape in shapes(t):
        forwards(t, name, ndl.nn.ReLU(), normal(t, *shape), checks=SAME)
    forwards(t, "zeros", ndl.nn.ReLU(), np.array([0.0, 3.0, -2.0]), checks=SAME)
    answer_evaluation(t, ndl.nn.ReLU(), normal(t, 4, 5))


@case("hw2.nn_relu", points=1)
def relu_layer_backward(t: Trial) -> None:
    """Gradients pass where the input is above 0; the input stays as it is."""
    for name, shape in shapes(t):
        if name != "no elements":
            answer_gradients(t, name, ndl.nn.ReLU(), nonzero(t, *shape))
    x = tensor(t, nonzero(t, 4, 5))
    t.answer("output", ndl.nn.ReLU()(x), check=exact())
    t.answer("the input afterwards", x, check=exact())
