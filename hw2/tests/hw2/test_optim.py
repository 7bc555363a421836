"""Public tests of homework 2, questions 13 and 14: SGD with momentum, and Adam.

Run one question with ``python3 -m pytest -k test_optim_sgd``. A failing test says which
property broke.
"""

import needle as ndl
import numpy as np
import optim_loops
import pytest
from alive import assert_no_pile
from needle import nn
from numeric import assert_close

SHAPES = [(3, 2), (2,), (1, 4), (3, 2)]  # two of one shape, with a state each
SGD_SETTINGS = pytest.mark.parametrize(
    "settings",
    [
        {},
        {"lr": 0.3},
        {"lr": 0.2, "momentum": 0.9},
        {"lr": 0.5, "weight_decay": 0.1},
        {"lr": 0.1, "momentum": 0.6, "weight_decay": 0.4},
    ],
    ids=str,
)
ADAM_SETTINGS = pytest.mark.parametrize(
    "settings",
    [
        {},
        {"lr": 0.3},
        {"lr": 0.1, "beta1": 0.5, "beta2": 0.7},
        {"lr": 0.1, "beta1": 0.0, "beta2": 0.9, "eps": 0.5},
        {"lr": 0.2, "weight_decay": 0.3},
        {"lr": 0.05, "beta1": 0.8, "beta2": 0.9, "weight_decay": 1.5, "eps": 1e-3},
    ],
    ids=str,
)
OPTIMIZERS = {"sgd": ndl.optim.SGD, "adam": ndl.optim.Adam}
LOOPS = {"sgd": optim_loops.sgd, "adam": optim_loops.adam}


def parameters_and_gradients(steps, dtype="float32"):
    """Return parameters, and for each of them a list of gradients, one a step."""
    rng = np.random.default_rng(steps)
    parameters = [
        nn.Parameter(rng.standard_normal(shape), dtype=dtype) for shape in SHAPES
    ]
    sizes = 10.0 ** rng.integers(-2, 2, size=steps)  # gradients of very unequal sizes
    gradients = [
        [(size * rng.standard_normal(shape)).astype(dtype) for size in sizes]
        for shape in SHAPES
    ]
    return parameters, gradients


def compare(name, parameters, gradients, settings, rtol=1e-4):
    """Take all steps, and after each compare every parameter with the loops."""
    starts = [p.numpy().astype(np.float64) for p in parameters]
    wanted = [
        LOOPS[name](start, each, **settings)
        for start, each in zip(starts, gradients, strict=True)
    ]
    opt = OPTIMIZERS[name](parameters, **settings)
    for step in range(len(gradients[0])):
        for p, own in zip(parameters, gradients, strict=True):
            given = own[step]
            p.grad = None if given is None else ndl.Tensor(given, dtype=p.dtype)
        opt.step()
        for i, p in enumerate(parameters):
            claim = f"parameter {i}, shape {p.shape}, after step {step + 1}: {settings}"
            # the values are of order 1: float32 knows them to about 1e-7
            assert_close(p.numpy(), wanted[i][step], claim, rtol, atol=rtol / 10)


def check_skips(name, settings):
    """See that a parameter is left alone in steps in which it has no gradient."""
    parameters, gradients = parameters_and_gradients(6)
    gradients[0][3] = None
    for step in (0, 1, 4):
        gradients[1][step] = None
    gradients[2] = [None] * 6
    compare(name, parameters, gradients, settings)


def check_types(name, settings):
    """See that parameters keep their type, and are as exact as it allows."""
    for dtype, rtol in (("float32", 1e-4), ("float64", 1e-9)):
        parameters, gradients = parameters_and_gradients(3, dtype)
        compare(name, parameters, gradients, settings, rtol)
        for p in parameters:
            assert p.dtype == np.dtype(dtype), f"a {dtype} parameter became {p.dtype}"


def check_gradients_stay(name, settings):
    """See that no step changes a gradient, that of an earlier step included."""
    parameters, gradients = parameters_and_gradients(3)
    opt = OPTIMIZERS[name](parameters, **settings)
    given = []
    for step in range(3):
        for p, own in zip(parameters, gradients, strict=True):
            p.grad = ndl.Tensor(own[step])
            given.append((p.grad, own[step]))
        opt.step()
        for p, own in zip(parameters, gradients, strict=True):
            claim = "step() should leave p.grad as it is"
            assert p.grad is not None, claim
            assert_close(p.grad.numpy(), own[step], claim, rtol=0, atol=0)
        for tensor, array in given:
            claim = f"step {step + 1} should leave gradients, also older ones, alone"
            assert_close(tensor.numpy(), array, claim, rtol=0, atol=0)


def check_rates(name, settings):
    """See that ``opt.lr`` may be changed from step to step."""
    (p, *_), (gradients, *_) = parameters_and_gradients(5)
    rates = [0.1, 0.1, 0.02, 0.5, 0.0]
    wanted = LOOPS[name](p.numpy(), gradients, lr=rates, **settings)
    opt = OPTIMIZERS[name]([p], lr=rates[0], **settings)
    for step, rate in enumerate(rates):
        opt.lr = rate
        p.grad = ndl.Tensor(gradients[step])
        opt.step()
        claim = f"step {step + 1} with lr changed to {rate}, after others: {rates}"
        assert_close(p.numpy(), wanted[step], claim)


def check_memory(name, settings):
    """See that no graph grows from step to step."""
    rng = np.random.default_rng(0)
    X = ndl.Tensor(rng.standard_normal((5, 4)), dtype="float32", requires_grad=False)

    def train(times):
        weights = [nn.Parameter(rng.standard_normal(s)) for s in [(4, 3), (3, 1)]]
        weights = [nn.Parameter(w.numpy(), dtype="float32") for w in weights]
        opt = OPTIMIZERS[name](weights, **settings)
        for _ in range(times):
            ((X @ weights[0] @ weights[1]) ** 2).sum().backward()
            opt.step()
            opt.reset_grad()
        return weights, opt

    hint = (
        "new values, or what the optimizer remembers, that are computed from tensors of"
        " the graph hold on to the graphs of all steps; compute with data alone"
    )
    assert_no_pile(train, hint)


def check_others_see_it(name, settings):
    """See that the step changes the tensor that the model holds."""
    layer = nn.Identity()
    layer.weight = nn.Parameter(np.array([1.0, -1.0], dtype=np.float32))
    weight = layer.weight
    weight.grad = ndl.Tensor(np.array([0.5, 2.0], dtype=np.float32))
    OPTIMIZERS[name](layer.parameters(), **settings).step()
    assert layer.weight is weight, "the model holds another parameter than before"
    assert not np.allclose(weight.numpy(), [1, -1]), (
        "the model's parameter is as before"
    )
    assert weight.requires_grad, "the parameter does not require a gradient any more"
    assert weight.is_leaf(), "the parameter has become a node of a graph"


# ------------------------------------------------------------- question 13: optim.SGD


@SGD_SETTINGS
def test_optim_sgd_against_loops(settings):
    compare("sgd", *parameters_and_gradients(6), settings)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_optim_sgd_leaves_parameters_without_gradient_alone(momentum):
    check_skips("sgd", {"lr": 0.1, "momentum": momentum, "weight_decay": 0.1})


def test_optim_sgd_momentum_starts_from_zero():
    p = nn.Parameter(np.array([2.0], dtype=np.float32))
    opt = ndl.optim.SGD([p], lr=1.0, momentum=0.75)
    for wanted in (1.0, -0.75, -3.0625):  # steps of 1/4, 7/16, 37/64 of the slope, 4
        p.grad = ndl.Tensor(np.array([4.0], dtype=np.float32))
        opt.step()
        claim = "of a slope of 4: u is 1, then 1.75, then 2.3125, and lr is 1"
        assert_close(p.numpy(), [wanted], claim)


def test_optim_sgd_weight_decay_shrinks_without_a_slope():
    p = nn.Parameter(np.array([[8.0, -4.0]], dtype=np.float32))
    opt = ndl.optim.SGD([p], lr=0.5, weight_decay=0.5)
    for factor in (0.75, 0.75**2, 0.75**3):
        p.grad = ndl.Tensor(np.zeros((1, 2), dtype=np.float32))
        opt.step()
        claim = "where the slope is 0 a step multiplies by 1 - lr * weight_decay"
        assert_close(p.numpy(), [[8 * factor, -4 * factor]], claim)


def test_optim_sgd_finds_the_lowest_point():
    p = nn.Parameter(np.array([5.0, -3.0], dtype=np.float32))
    opt = ndl.optim.SGD([p], lr=0.2, momentum=0.5)
    goal = ndl.Tensor([1.0, 2.0], dtype="float32", requires_grad=False)
    for _ in range(80):
        opt.reset_grad()
        ((p - goal) ** 2).sum().backward()
        opt.step()
    claim = "80 steps down a round bowl should end at its lowest point"
    assert_close(p.numpy(), [1, 2], claim, atol=1e-3)


def test_optim_sgd_learning_rate_may_change():
    check_rates("sgd", {"momentum": 0.8, "weight_decay": 0.1})


def test_optim_sgd_keeps_types():
    check_types("sgd", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01})


def test_optim_sgd_leaves_gradients_alone():
    check_gradients_stay("sgd", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.3})


def test_optim_sgd_changes_the_models_own_parameter():
    check_others_see_it("sgd", {"lr": 0.1})


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_optim_sgd_z_memory_check(momentum):
    check_memory("sgd", {"lr": 1e-4, "momentum": momentum, "weight_decay": 0.01})


# ------------------------------------------------------------ question 14: optim.Adam


@ADAM_SETTINGS
def test_optim_adam_against_loops(settings):
    compare("adam", *parameters_and_gradients(6), settings)


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_optim_adam_leaves_parameters_without_gradient_alone(weight_decay):
    check_skips("adam", {"lr": 0.1, "weight_decay": weight_decay})


@pytest.mark.parametrize("size", [1e-4, 1.0, 1e5])
def test_optim_adam_first_step_is_the_learning_rate(size):
    p = nn.Parameter(np.array([1.0, 2.0, 3.0], dtype=np.float32))
    opt = ndl.optim.Adam([p], lr=0.25)
    p.grad = ndl.Tensor(size * np.array([1.0, -3.0, 0.5]), dtype="float32")
    opt.step()
    claim = f"slopes of size {size:g}: the first step is lr, whatever their size"
    assert_close(p.numpy(), [0.75, 2.25, 2.75], claim, rtol=2e-4)


def test_optim_adam_eps_outside_the_root():
    p = nn.Parameter(np.zeros(2, dtype=np.float32))
    opt = ndl.optim.Adam([p], lr=1.0, eps=0.01)
    p.grad = ndl.Tensor([0.01, -0.03], dtype="float32")
    opt.step()
    claim = "slopes 0.01, -0.03 with eps=0.01: steps of 1 / (1 + 1) and 3 / (3 + 1)"
    assert_close(p.numpy(), [-0.5, 0.75], claim, rtol=1e-3)


def test_optim_adam_finds_the_lowest_point():
    p = nn.Parameter(np.array([5.0, -3.0], dtype=np.float32))
    opt = ndl.optim.Adam([p], lr=0.3)
    goal = ndl.Tensor([1.0, 2.0], dtype="float32", requires_grad=False)
    stretch = ndl.Tensor([1.0, 100.0], dtype="float32", requires_grad=False)
    for _ in range(200):
        opt.reset_grad()
        (stretch * (p - goal) ** 2).sum().backward()
        opt.step()
    claim = "200 steps down a valley, a hundred times as steep in y, should end below"
    assert_close(p.numpy(), [1, 2], claim, atol=0.02)


def test_optim_adam_learning_rate_may_change():
    check_rates("adam", {"weight_decay": 0.1})


def test_optim_adam_keeps_types():
    check_types("adam", {"lr": 0.1, "weight_decay": 0.01})


def test_optim_adam_leaves_gradients_alone():
    check_gradients_stay("adam", {"lr": 0.1, "weight_decay": 0.3})


def test_optim_adam_changes_the_models_own_parameter():
    check_others_see_it("adam", {"lr": 0.1})


@pytest.mark.parametrize("weight_decay", [0.0, 0.01])
def test_optim_adam_z_memory_check(weight_decay):
    check_memory("adam", {"lr": 1e-4, "weight_decay": weight_decay})
