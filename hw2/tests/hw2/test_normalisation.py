"""Public tests of homework 2, questions 8 and 10: LayerNorm1d and BatchNorm1d.

Run one question with ``python3 -m pytest -k test_nn_batchnorm``. A failing test says
which property broke.
"""

import layer_loops
import needle as ndl
import numpy as np
import pytest
from alive import assert_no_pile
from layer_check import (
    assert_keeps_float32,
    assert_parameters,
    assert_steady,
    layer_gradient_check,
    put,
)
from needle import nn
from numeric import assert_close
from toys import Holder

SHAPES = pytest.mark.parametrize("n, dim", [(4, 5), (7, 2), (2, 9), (33, 3)])
# variances of 1e-8 to 1e-6 beside eps = 1e-5: only inside the root is it added rightly
TINY = 1e-4 * np.array([[1.0, -2.0, 7.0], [0.0, 3.0, -4.0], [5.0, 9.0, -8.0]])


def rows_of(n, dim):
    """Return an input, a weight and a bias, the same ones at every call."""
    rng = np.random.default_rng([n, dim])
    x = 3 * rng.standard_normal((n, dim)) + rng.standard_normal(dim) - 1
    return x, rng.uniform(0.5, 2, dim), rng.standard_normal(dim)


def layernorm(dim, weight=None, bias=None, **settings):
    """Return a LayerNorm1d in double precision."""
    layer = nn.LayerNorm1d(dim, dtype="float64", **settings)
    weight = np.ones(dim) if weight is None else weight
    return put(layer, weight=weight, bias=np.zeros(dim) if bias is None else bias)


def batchnorm(dim, weight=None, bias=None, mean=None, var=None, **settings):
    """Return a BatchNorm1d in double precision, with running estimates of one's own."""
    layer = nn.BatchNorm1d(dim, dtype="float64", **settings)
    mean = np.zeros(dim) if mean is None else mean
    var = np.ones(dim) if var is None else var
    layer.running_mean = ndl.Tensor(mean, requires_grad=False)
    layer.running_var = ndl.Tensor(var, requires_grad=False)
    weight = np.ones(dim) if weight is None else weight
    return put(layer, weight=weight, bias=np.zeros(dim) if bias is None else bias)


def after(layer, x):
    """Return what a layer makes of an array, as an array."""
    return layer(ndl.Tensor(x)).numpy()


def assert_running(layer, mean, var, claim):
    """Compare both running estimates of a BatchNorm1d."""
    assert_close(layer.running_mean.numpy(), mean, f"running_mean {claim}", rtol=1e-9)
    assert_close(layer.running_var.numpy(), var, f"running_var {claim}", rtol=1e-9)


def assert_starts(make, **values):
    """Fail unless attributes are filled with these values, in the type asked for."""
    for dtype in ("float32", "float64"):
        layer = make(3, dtype=dtype)
        assert_parameters(layer, ["weight", "bias"])
        for name, value in values.items():
            each = getattr(layer, name)
            claim = f"{name} to begin with"
            assert_close(each.numpy(), np.full(3, value), claim, rtol=0, atol=0)
            assert each.dtype == np.dtype(dtype), f"{name}: {each.dtype}, not {dtype}"
    assert make(3).weight.dtype == np.float32, "without a dtype it is float32"


def far_from_zero(n, dim):
    """Return float32 numbers around 2000 of variance 1, and the same in float64."""
    x = (2000 + np.random.default_rng(n).standard_normal((n, dim))).astype(np.float32)
    return x, x.astype(np.float64)


def check_against(formula, layer, x, weight, bias, what, eps=1e-5):
    """Compare a layer in double precision with loops."""
    wanted = formula(x, weight, bias, eps)
    assert_close(after(layer, x), wanted, what, rtol=1e-8, atol=1e-12)


def check_moments(groups, what):
    """See that each row of an array has mean 0 and mean square 1."""
    for number, values in enumerate(groups.tolist()):
        mean, var = layer_loops.moments(values)
        claim = f"of {what} {number} of the output, of {len(values)} numbers"
        assert_close(mean, 0, f"the mean {claim}", atol=1e-9)
        assert_close(var, 1, f"the mean square {claim}", rtol=1e-6)


# ------------------------------------------------------- question 8: nn.LayerNorm1d


def test_nn_layernorm_parameters():
    assert_starts(nn.LayerNorm1d, weight=1, bias=0)


@SHAPES
def test_nn_layernorm_forward(n, dim):
    x, weight, bias = rows_of(n, dim)
    claim = f"rows of shape {x.shape}, normalised: weight and bias are to be used"
    layer = layernorm(dim, weight, bias)
    check_against(layer_loops.layernorm, layer, x, weight, bias, claim)


@SHAPES
def test_nn_layernorm_moments(n, dim):
    check_moments(after(layernorm(dim, eps=1e-12), rows_of(n, dim)[0]), "row")


@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_nn_layernorm_eps(eps):
    layer = layernorm(3, eps=eps)
    for x in (TINY, 1e3 * TINY):
        claim = f"eps={eps} is added to the variance, under the root"
        neutral = [1, 1, 1], [0, 0, 0]
        check_against(layer_loops.layernorm, layer, x, *neutral, claim, eps)


def test_nn_layernorm_of_equal_numbers():
    out = after(layernorm(3, bias=[1.0, 2.0, 3.0]), np.full((2, 3), 7.0))
    assert_close(out, [[1, 2, 3]] * 2, "rows of equal numbers: nothing but the bias")


def test_nn_layernorm_does_not_mind_shift_and_scale():
    x, weight, bias = rows_of(5, 6)
    layer = layernorm(6, weight, bias, eps=1e-12)
    factors = np.array([[1.0], [5.0], [0.1], [40.0], [2.0]])
    claim = "rows, each times a number of its own plus another, give the same output"
    moved = after(layer, factors * x + 10 * factors - 3)
    assert_close(moved, after(layer, x), claim, rtol=1e-6, atol=1e-8)


def test_nn_layernorm_takes_each_row_by_itself():
    x, weight, bias = rows_of(6, 4)
    layer = layernorm(4, weight, bias)
    whole = after(layer, x)
    layer.eval()
    for i in range(6):
        claim = f"row {i} alone, in evaluation, gives what it gave among others"
        assert_close(after(layer, x[i : i + 1]), whole[i : i + 1], claim, rtol=1e-9)


@pytest.mark.parametrize("n, dim", [(3, 4), (1, 3), (4, 2)])
def test_nn_layernorm_backward(n, dim):
    x, weight, bias = rows_of(n, dim)
    layer_gradient_check(layernorm(dim), x, weight=weight, bias=bias)
    layer_gradient_check(layernorm(dim, weight, bias), x, order=2)


def test_nn_layernorm_far_from_zero():
    x, exact = far_from_zero(5, 8)
    wanted = layer_loops.layernorm(exact, np.ones(8), np.zeros(8))
    claim = (
        "numbers around 2000: in float32 a difference of two large means is no variance"
    )
    assert_close(after(nn.LayerNorm1d(8), x), wanted, claim, rtol=1e-2, atol=1e-2)


def test_nn_layernorm_keeps_float32_and_its_input():
    assert_keeps_float32(nn.LayerNorm1d(5), (4, 5))
    assert_steady(nn.LayerNorm1d(5), (4, 5))


# ------------------------------------------------------ question 10: nn.BatchNorm1d


def test_nn_batchnorm_parameters_and_buffers():
    starts = {"weight": 1, "bias": 0, "running_mean": 0, "running_var": 1}
    assert_starts(nn.BatchNorm1d, **starts)


@SHAPES
def test_nn_batchnorm_forward(n, dim):
    x, weight, bias = rows_of(n, dim)
    claim = f"columns of shape {x.shape}, normalised: weight and bias are to be used"
    layer = batchnorm(dim, weight, bias)
    check_against(layer_loops.batchnorm, layer, x, weight, bias, claim)


@SHAPES
def test_nn_batchnorm_moments(n, dim):
    check_moments(after(batchnorm(dim, eps=1e-12), rows_of(n, dim)[0]).T, "feature")


@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_nn_batchnorm_eps(eps):
    layer = batchnorm(3, eps=eps)
    for x in (TINY, 1e3 * TINY):
        claim = f"eps={eps} is added to the variance, under the root"
        neutral = [1, 1, 1], [0, 0, 0]
        check_against(layer_loops.batchnorm, layer, x, *neutral, claim, eps)
    layer = batchnorm(3, var=[0.0, 0.0, 0.0], eps=eps)
    layer.eval()
    claim = f"in evaluation, too: a running variance of 0 and eps={eps}"
    assert_close(after(layer, TINY), TINY / eps**0.5, claim, rtol=1e-8, atol=1e-12)


def test_nn_batchnorm_does_not_mind_shift_and_scale():
    x, weight, bias = rows_of(8, 4)
    layer = batchnorm(4, weight, bias, eps=1e-12)
    factors = np.array([1.0, 5.0, 0.1, 40.0])
    claim = "features, each times a number of its own plus another: the same output"
    moved = after(layer, factors * x + 10 * factors - 3)
    assert_close(moved, after(layer, x), claim, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("momentum", [0.1, 0.75, 1.0])
def test_nn_batchnorm_running_estimates(momentum):
    layer = batchnorm(3, momentum=momentum, eps=0.5)  # eps is no part of a variance
    means, variances = [0.0] * 3, [1.0] * 3
    for n in (6, 2, 11):  # the smaller the batch, the more an unbiased variance differs
        x, _, _ = rows_of(n, 3)
        after(layer, x)
        found = [layer_loops.moments(column) for column in x.T.tolist()]
        batch_means, batch_variances = zip(*found, strict=True)
        means = layer_loops.running(means, batch_means, momentum)
        variances = layer_loops.running(variances, batch_variances, momentum)
        claim = f"after a batch of {n}, momentum {momentum}: the share of the new batch"
        assert_running(layer, means, variances, claim)


def test_nn_batchnorm_training_uses_the_batch_alone():
    x, weight, bias = rows_of(6, 3)
    layer = batchnorm(3, weight, bias, mean=[50.0, -9.0, 3.0], var=[7.0, 0.1, 2.0])
    claim = "training uses mean and variance of the batch, not the running ones"
    wanted = layer_loops.batchnorm(x, weight, bias)
    assert_close(after(layer, x), wanted, claim, rtol=1e-8)


@pytest.mark.parametrize("n", [1, 2, 6])
def test_nn_batchnorm_evaluation(n):
    x, weight, bias = rows_of(n, 3)
    mean, var = [0.5, -2.0, 3.0], [4.0, 0.25, 1.0]
    layer = batchnorm(3, weight, bias, mean, var)
    layer.eval()
    claim = f"evaluation of {n} rows: by running mean and variance, then weight, bias"
    wanted = layer_loops.batchnorm_with(x, mean, var, weight, bias)
    for _ in range(2):
        assert_close(after(layer, x), wanted, claim, rtol=1e-8)
        assert_running(layer, mean, var, "should stay as it is in evaluation")
    layer.train()
    after(layer, x)
    assert not np.allclose(layer.running_mean.numpy(), mean), (
        "back in training, running_mean stayed as it was"
    )


def test_nn_batchnorm_check_model_eval_switches_training_flag():
    x, _, _ = rows_of(5, 3)
    layers = [batchnorm(3, mean=[1.0, 2.0, 3.0]) for _ in range(4)]
    model = Holder(layers[0], layers[1], Holder(layers[2], layers[3]))
    in_training = layer_loops.batchnorm(x, [1, 1, 1], [0, 0, 0])
    for switch, training in ((model.eval, False), (model.train, True)):
        switch()
        for layer in layers:
            assert layer.training == training, f"training is {layer.training}"
            same = np.allclose(after(layer, x), in_training)
            assert same == training, (
                f"model.{'train' if training else 'eval'}() reaches every BatchNorm1d"
                " inside, which then does otherwise"
            )


@pytest.mark.parametrize("n, dim", [(4, 3), (2, 2), (5, 1)])
def test_nn_batchnorm_backward(n, dim):
    x, weight, bias = rows_of(n, dim)
    layer_gradient_check(batchnorm(dim), x, weight=weight, bias=bias)
    layer_gradient_check(batchnorm(dim, weight, bias), x, order=2)


def test_nn_batchnorm_backward_in_evaluation():
    x, weight, bias = rows_of(4, 3)
    layer = batchnorm(3, mean=[0.5, -2.0, 3.0], var=[4.0, 0.25, 1.0])
    layer.eval()
    layer_gradient_check(layer, x, weight=weight, bias=bias)


def test_nn_batchnorm_running_estimates_know_no_graph():
    layer = nn.BatchNorm1d(3)
    rng = np.random.default_rng(0)

    def train(times):
        for _ in range(times):
            x = ndl.Tensor(rng.standard_normal((4, 3)), dtype="float32")
            (layer(x) ** 2).sum().backward()
        return layer

    hint = (
        "running_mean and running_var that are computed from tensors of the graph hold"
        " on to the graphs of all batches; make them of the data alone"
    )
    assert_no_pile(train, hint)
    for name in ("running_mean", "running_var"):
        each = getattr(layer, name)
        assert each.is_leaf(), f"{name} is a node of a graph"
        assert not isinstance(each, nn.Parameter), f"{name} should be no Parameter"


def test_nn_batchnorm_far_from_zero():
    x, exact = far_from_zero(8, 5)
    wanted = layer_loops.batchnorm(exact, np.ones(5), np.zeros(5))
    claim = (
        "numbers around 2000: in float32 a difference of two large means is no variance"
    )
    assert_close(after(nn.BatchNorm1d(5), x), wanted, claim, rtol=1e-2, atol=1e-2)


def test_nn_batchnorm_keeps_float32():
    layer = nn.BatchNorm1d(5)
    assert_keeps_float32(layer, (4, 5))
    for name in ("running_mean", "running_var"):
        found = getattr(layer, name).dtype
        assert found == np.float32, f"{name} was float32 and became {found}"
    layer.eval()
    assert_keeps_float32(layer, (4, 5))
