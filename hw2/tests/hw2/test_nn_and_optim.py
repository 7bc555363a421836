"""Public tests of homework 2: layers and what they are made into, and optimizers.

Run one question with ``python3 -m pytest -k test_nn_linear``, everything with
``python3 -m pytest``. A failing test says which property broke.

Initial weights have a file of their own, ``test_init.py``, and so have logarithms
(``test_logarithmic.py``), normalisation (``test_normalisation.py``), and the network
that is made of all (``test_mlp_resnet.py``).
"""

import math

import layer_loops
import needle as ndl
import numpy as np
import pytest
from layer_check import (
    assert_keeps_float32,
    assert_parameters,
    assert_steady,
    layer_gradient_check,
    put,
)
from needle import nn
from numeric import assert_close
from shares import assert_share
from toys import Add, Seen, Times

# ----------------------------------------------------------- question 2: nn.Linear

# leading axes of the input, its features, units
SIZES = pytest.mark.parametrize(
    "rows, features, units",
    [((1,), 1, 1), ((7,), 3, 5), ((4,), 6, 1), ((2, 3), 4, 2), ((3, 1, 2), 2, 4)],
)


def linear_case(rows, features, units):
    """Return an input, a weight and a bias, the same ones at every call."""
    rng = np.random.default_rng([*rows, features, units])
    shapes = ((*rows, features), (features, units), (units,))
    return [rng.standard_normal(shape) for shape in shapes]


@SIZES
@pytest.mark.parametrize("axes", [1, 2], ids=["flat_bias", "row_bias"])
def test_nn_linear_forward(rows, features, units, axes):
    x, weight, bias = linear_case(rows, features, units)
    layer = nn.Linear(features, units)
    put(layer, weight=weight, bias=bias.reshape((1, units)[-axes:]))
    claim = (
        f"X @ weight + bias, X of shape {x.shape}, weight of shape {weight.shape}, bias"
        f" of shape {layer.bias.shape}"
    )
    wanted = layer_loops.linear(x, weight, bias)
    assert_close(layer(ndl.Tensor(x)).numpy(), wanted, claim, rtol=1e-9, atol=1e-12)


@SIZES
def test_nn_linear_forward_without_bias(rows, features, units):
    x, weight, _ = linear_case(rows, features, units)
    layer = put(nn.Linear(features, units, bias=False), weight=weight)
    claim = f"X @ weight, X of shape {x.shape}"
    wanted = layer_loops.linear(x, weight, None)
    assert_close(layer(ndl.Tensor(x)).numpy(), wanted, claim, rtol=1e-9, atol=1e-12)


@SIZES
@pytest.mark.parametrize("axes", [1, 2], ids=["flat_bias", "row_bias"])
def test_nn_linear_backward(rows, features, units, axes):
    x, weight, bias = linear_case(rows, features, units)
    bias = bias.reshape((1, units)[-axes:])
    layer = nn.Linear(features, units)
    layer_gradient_check(layer, x, weight=weight, bias=bias)


def test_nn_linear_backward_without_bias():
    x, weight, _ = linear_case((3, 2), 4, 5)
    layer_gradient_check(nn.Linear(4, 5, bias=False), x, weight=weight)


@pytest.mark.parametrize("features, units", [(6, 4), (3, 11), (5, 1)])
def test_nn_linear_draws_weight_then_bias(features, units):
    np.random.seed(3)
    layer = nn.Linear(features, units)
    np.random.seed(3)
    for name, inputs, outputs in (("weight", features, units), ("bias", units, 1)):
        array = getattr(layer, name).numpy()
        numbers = np.random.rand(inputs, outputs)
        reach = math.sqrt(6 / inputs)
        wanted = [[reach * (2 * u - 1) for u in row] for row in numbers.tolist()]
        if name == "bias":  # a column of numbers that lies on its side
            wanted = np.array(wanted).reshape(array.shape)
        claim = (
            f"Linear({features}, {units}).{name}, drawn by"
            f" kaiming_uniform({inputs}, {outputs})"
            f"{' after the weight' if name == 'bias' else ' before all else'}"
        )
        assert_close(array, wanted, claim, rtol=1e-5, atol=1e-7)


def test_nn_linear_parameters():
    layer = nn.Linear(3, 2)
    assert_parameters(layer, ["weight", "bias"])
    assert layer.weight.shape == (3, 2), f"weight has shape {layer.weight.shape}"
    assert layer.bias.shape in [(1, 2), (2,)], f"bias has shape {layer.bias.shape}"
    for dtype in ("float32", "float64"):
        layer = nn.Linear(3, 2, dtype=dtype)
        for each in layer.parameters():
            assert each.dtype == np.dtype(dtype), f"dtype={dtype!r} gave {each.dtype}"


def test_nn_linear_without_bias():
    np.random.seed(8)
    layer = nn.Linear(3, 2, bias=False)
    next_number = np.random.rand()
    assert_parameters(layer, ["weight"])
    assert layer.bias is None, f"bias=False: the attribute bias is {layer.bias}"
    np.random.seed(8)
    np.random.rand(3, 2)
    claim = "a layer without a bias should draw numbers for its weight only"
    assert_close(next_number, np.random.rand(), claim, rtol=0, atol=0)


def test_nn_linear_keeps_float32_and_its_input():
    assert_keeps_float32(nn.Linear(3, 2), (4, 3))
    assert_steady(nn.Linear(3, 2), (4, 3))


# ------------------------------------------------------------- question 3: nn.ReLU


def test_nn_relu_forward():
    x = np.array([[[-1.5, 0.0], [2.0, 1e-9]], [[-1e-9, 7.0], [0.5, -3.0]]])
    wanted = layer_loops.positive_part(x)
    claim = "ReLU: positive numbers as they are, 0 for the others"
    assert_close(nn.ReLU()(ndl.Tensor(x)).numpy(), wanted, claim, rtol=0, atol=0)
    assert_keeps_float32(nn.ReLU(), (2, 3))
    assert_steady(nn.ReLU(), (4, 5))


def test_nn_relu_backward():
    rng = np.random.default_rng(1)
    for shape in [(5,), (3, 4), (2, 3, 2)]:
        size = rng.uniform(0.1, 2, shape)
        layer_gradient_check(nn.ReLU(), np.where(rng.random(shape) < 0.5, size, -size))


# ------------------------------------------------------- question 4: nn.Sequential


def test_nn_sequential_forward():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    for modules, wanted in [
        ([Add(1), Times(3)], (x + 1) * 3),
        ([Times(3), Add(1)], x * 3 + 1),
        ([Add(1), Times(3), Add(-2), Times(0.5)], ((x + 1) * 3 - 2) / 2),
        ([Times(5)], x * 5),
        ([], x),
    ]:
        out = nn.Sequential(*modules)(ndl.Tensor(x))
        names = ", then ".join(str(module) for module in modules) or "no module"
        assert_close(
            out.numpy(), wanted, f"{names}: each gets what the one before gave"
        )


def test_nn_sequential_of_sequentials():
    inner = nn.Sequential(Times(2), Add(1))
    x = np.array([1.0, -4.0])
    out = nn.Sequential(Add(3), inner, Times(-1), inner)(ndl.Tensor(x))
    wanted = (((x + 3) * 2 + 1) * -1) * 2 + 1
    assert_close(out.numpy(), wanted, "a Sequential as a part of another, twice")


def test_nn_sequential_asks_each_module_once():
    parts = [Seen(), Seen(), Seen()]
    model = nn.Sequential(*parts)
    for calls in (1, 2):
        model(ndl.Tensor([1.0]))
        counts = [part.calls for part in parts]
        assert counts == [calls] * 3, f"calls of three modules, round {calls}: {counts}"
    model.eval()
    model(ndl.Tensor([1.0]))
    modes = [module.training for module in (model, *parts)]
    assert modes == [False] * 4, "a model in evaluation is in training after a call"


def test_nn_sequential_backward():
    rng = np.random.default_rng(2)
    layers = nn.Linear(3, 4, dtype="float64"), nn.Linear(4, 2, dtype="float64")
    for layer in layers:
        put(layer, weight=rng.standard_normal(layer.weight.shape))
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1])
    layer_gradient_check(model, rng.standard_normal((5, 3)))


# --------------------------------------------------------- question 9: nn.Flatten


FLATTENED = [
    ((3, 4), (3, 4)),
    ((2, 3, 4), (2, 12)),
    ((4, 1, 2, 3), (4, 6)),
    ((2, 2, 1, 2, 3), (2, 12)),
    ((1, 5, 2), (1, 10)),
]


@pytest.mark.parametrize("before, after", FLATTENED)
def test_nn_flatten_forward(before, after):
    x = np.arange(math.prod(before), dtype=np.float64).reshape(before)
    wanted = np.empty(after)
    for example in range(before[0]):
        wanted[example] = [float(value) for value in x[example].flat]
    out = nn.Flatten()(ndl.Tensor(x)).numpy()
    claim = f"Flatten of shape {before}: each example's numbers in their order"
    assert_close(out, wanted, claim, rtol=0, atol=0)
    assert out.dtype == np.float64, f"Flatten of float64 became {out.dtype}"
    assert_steady(nn.Flatten(), before)


@pytest.mark.parametrize("before, after", FLATTENED)
def test_nn_flatten_backward(before, after):
    layer_gradient_check(nn.Flatten(), np.ones(before))


# ------------------------------------------------------- question 11: nn.Dropout


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_nn_dropout_share_and_size(p):
    np.random.seed(0)
    x = np.random.default_rng(0).uniform(1, 2, (100, 70)).astype(np.float32)
    out = nn.Dropout(p)(ndl.Tensor(x)).numpy()
    dropped = int((out == 0).sum())
    assert_share(dropped, out.size, p, f"Dropout({p}): numbers that become 0")
    kept = out != 0
    claim = f"Dropout({p}): what stays is divided by 1 - {p}"
    assert_close(out[kept], x[kept] / np.float32(1 - p), claim, rtol=1e-5)
    for axis, name in enumerate(("column", "row")):
        shares = (out == 0).mean(axis=axis)
        assert len(set(shares.tolist())) > 5, (
            f"Dropout({p}): the same share in every {name}; draw for each number"
        )


@pytest.mark.parametrize("shape", [(40,), (6, 7), (3, 4, 5)])
@pytest.mark.parametrize("p", [0.3, 0.8])
def test_nn_dropout_draws_once_for_each_number(shape, p):
    np.random.seed(4)
    out = nn.Dropout(p)(ndl.ones(*shape)).numpy()
    next_number = np.random.rand()
    np.random.seed(4)
    wanted = [1 / (1 - p) if u <= 1 - p else 0.0 for u in np.random.rand(*shape).flat]
    claim = f"Dropout({p}) keeps a number where its draw is at most 1 - {p}"
    assert_close(out, np.array(wanted).reshape(shape), claim)
    claim = f"Dropout of shape {shape} should draw {math.prod(shape)} numbers, no more"
    assert_close(next_number, np.random.rand(), claim, rtol=0, atol=0)


def test_nn_dropout_drops_others_each_time():
    np.random.seed(1)
    layer, x = nn.Dropout(0.5), ndl.ones(10, 10)
    first, second = layer(x).numpy(), layer(x).numpy()
    claim = "Dropout should leave its input as it is"
    assert_close(x.numpy(), np.ones((10, 10)), claim, rtol=0, atol=0)
    assert not np.array_equal(first, second), "two calls dropped the same numbers"


def test_nn_dropout_evaluation():
    x = np.random.default_rng(2).standard_normal((20, 30))
    layer = nn.Dropout(0.5)
    layer.eval()
    np.random.seed(5)
    claim = "Dropout in evaluation returns its input as it is"
    assert_close(layer(ndl.Tensor(x)).numpy(), x, claim, rtol=0, atol=0)
    next_number = np.random.rand()
    np.random.seed(5)
    claim = "Dropout in evaluation should draw no numbers"
    assert_close(next_number, np.random.rand(), claim, rtol=0, atol=0)
    layer.train()
    out = layer(ndl.Tensor(x)).numpy()
    assert (out == 0).any(), "back in training nothing was dropped"


def test_nn_dropout_of_nothing():
    x = np.random.default_rng(3).standard_normal((8, 9))
    claim = "Dropout(0) drops nothing and changes nothing"
    assert_close(nn.Dropout(0.0)(ndl.Tensor(x)).numpy(), x, claim)


def test_nn_dropout_backward():
    rng = np.random.default_rng(4)
    x, flow = ndl.Tensor(rng.uniform(1, 2, (9, 6))), rng.uniform(1, 2, (9, 6))
    out = nn.Dropout(0.4)(x)
    out.backward(ndl.Tensor(flow))
    wanted = np.where(out.numpy() == 0, 0, flow / 0.6)
    claim = "Dropout: the gradient goes where the numbers went, by the same factor"
    assert_close(x.grad.numpy(), wanted, claim)
    assert out.dtype == np.float64, f"Dropout of float64 became {out.dtype}"
    assert_keeps_float32(nn.Dropout(0.4), (3, 4))


# ------------------------------------------------------ question 12: nn.Residual


def test_nn_residual_forward():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    for fn, wanted in [(Times(3), x * 4), (Add(-1), 2 * x - 1), (nn.Identity(), 2 * x)]:
        out = nn.Residual(fn)(ndl.Tensor(x))
        assert_close(out.numpy(), wanted, f"Residual of {fn}: what it returns, plus x")
        assert_steady(nn.Residual(fn), (2, 3))


def test_nn_residual_asks_its_module_once():
    fn = Seen()
    nn.Residual(fn)(ndl.Tensor([1.0]))
    assert fn.calls == 1, f"the module inside was called {fn.calls} times"


def test_nn_residual_backward():
    rng = np.random.default_rng(3)
    layers = nn.Linear(3, 4, dtype="float64"), nn.Linear(4, 3, dtype="float64")
    for layer in layers:
        put(layer, weight=rng.standard_normal(layer.weight.shape))
    model = nn.Residual(nn.Sequential(layers[0], nn.ReLU(), layers[1]))
    layer_gradient_check(model, rng.standard_normal((5, 3)))
    layer_gradient_check(nn.Residual(nn.Residual(Times(2))), rng.standard_normal(4))
