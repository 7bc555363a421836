"""Question 4: layers one after the other."""

from gradebox import Trial, case

from ._layers import (
    EXACT,
    answer_evaluation,
    answer_gradients,
    answer_output,
    matrix_layer,
    set_tensors,
)
from ._ops import ndl, normal, tensor


@case("hw2.nn_sequential", points=1)
def sequential_order(t: Trial) -> None:
    """The first module gets the input, each other one what came before it."""
    for count in (2, 3, 5):
        chain = ndl.nn.Sequential(*(matrix_layer(t, 4) for _ in range(count)))
        answer_output(t, f"{count} modules", chain, normal(t, 3, 4))


@case("hw2.nn_sequential", points=0.5)
def sequential_few(t: Trial) -> None:
    """One module alone; none at all returns the input; one module twice; chains."""
    x = normal(t, 3, 4)
    first, second = matrix_layer(t, 4), matrix_layer(t, 4)
    chain = ndl.nn.Sequential
    answer_output(t, "one", chain(first), x)
    answer_output(t, "none", chain(), x)
    answer_output(t, "twice", chain(first, second, first), x)
    answer_output(t, "chains in a chain", chain(chain(first, second), chain(second)), x)


@case("hw2.nn_sequential", points=1)
def sequential_backward(t: Trial) -> None:
    """Gradients flow back through all modules, to the input and all parameters."""
    modules = [matrix_layer(t, 4) for _ in range(3)]
    answer_gradients(t, "", ndl.nn.Sequential(*modules), normal(t, 5, 4))
    for number, module in enumerate(modules):
        t.answer(f"gradient of module {number}", module.matrix.grad, check=EXACT)


@case("hw2.nn_sequential", points=0.5)
def sequential_network(t: Trial) -> None:
    """A network of linear layers with a ReLU between, several batches."""
    first, second = ndl.nn.Linear(4, 6), ndl.nn.Linear(6, 3)
    set_tensors(t, first, weight=normal(t, 4, 6), bias=normal(t, 1, 6))
    set_tensors(t, second, weight=normal(t, 6, 3), bias=normal(t, 1, 3))
    chain = ndl.nn.Sequential(first, ndl.nn.ReLU(), second)
    for name, rows in [("first", 5), ("second", 2)]:
        x = tensor(t, normal(t, rows, 4))
        t.answer(f"{name} batch", chain(x), check=EXACT)
    answer_evaluation(t, chain, normal(t, 5, 4))
