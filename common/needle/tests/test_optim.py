"""Optimizers: each step is that of the formulas, and nothing else changes."""

from __future__ import annotations

import gc

import needle as ndl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needle import autograd, nn, optim
from strategies import quick


def sgd(p, grads, lr=0.01, momentum=0.0, weight_decay=0.0):
    """Return a parameter after some steps; a gradient of None leaves it as it is."""
    u = 0.0
    for grad in grads:
        if grad is not None:
            u = momentum * u + (1 - momentum) * (grad + weight_decay * p)
            p = p - lr * u
    return p


def adam(
    p, grads, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0, decoupled=0.0
):
    m = v = 0.0
    for t, grad in enumerate(grads, start=1):
        if grad is not None:
            p = p * (1 - lr * decoupled)
            g = grad + weight_decay * p
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            p = p - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return p


def adamw(p, grads, lr=0.001, weight_decay=0.01, **settings):
    return adam(p, grads, lr=lr, decoupled=weight_decay, **settings)


SETTINGS = [
    (optim.SGD, sgd, {}),
    (optim.SGD, sgd, {"lr": 0.3}),
    (optim.SGD, sgd, {"lr": 0.1, "momentum": 0.9}),
    (optim.SGD, sgd, {"lr": 0.1, "weight_decay": 0.5}),
    (optim.SGD, sgd, {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.1}),
    (optim.Adam, adam, {}),
    (optim.Adam, adam, {"lr": 0.1, "eps": 0.5}),
    (optim.Adam, adam, {"beta1": 0.5, "beta2": 0.8}),
    (optim.Adam, adam, {"beta1": 0.0, "beta2": 0.0}),
    (optim.Adam, adam, {"lr": 0.1, "weight_decay": 0.5}),
    (optim.AdamW, adamw, {}),
    (optim.AdamW, adamw, {"lr": 0.1, "weight_decay": 0.5, "beta1": 0.5}),
]
every_setting = pytest.mark.parametrize(
    "kind, twin, settings",
    SETTINGS,
    ids=lambda value: getattr(value, "__name__", str(value)),
)
SHAPES = [(), (3,), (1, 4), (2, 3), (0, 3)]


def drawn(steps, dtype="float64"):
    """Return starts of several shapes, and for each a gradient, or none, a step."""
    rng = np.random.default_rng(steps)
    starts = [rng.standard_normal(shape).astype(dtype) for shape in SHAPES]
    grads = [
        [
            None if rng.random() < 0.2 else rng.standard_normal(shape).astype(dtype)
            for _ in range(steps)
        ]
        for shape in SHAPES
    ]
    return starts, grads


def run(opt, params, grads):
    for step in range(len(grads[0])):
        for p, of_p in zip(params, grads, strict=True):
            p.grad = None if of_p[step] is None else ndl.Tensor(of_p[step])
        opt.step()


@every_setting
@pytest.mark.parametrize("steps", [1, 2, 12])
def test_steps_are_those_of_the_formulas(kind, twin, settings, steps):
    starts, grads = drawn(steps)
    params = [nn.Parameter(start) for start in starts]
    run(kind(params, **settings), params, grads)
    for p, start, of_p in zip(params, starts, grads, strict=True):
        np.testing.assert_allclose(
            p.numpy(), twin(start, of_p, **settings), rtol=1e-11, atol=1e-12
        )


@every_setting
def test_float32_stays_also_beside_numpys_numbers(kind, twin, settings):
    starts, grads = drawn(12, "float32")
    params = [nn.Parameter(start) for start in starts]
    run(
        kind(params, **{name: np.float64(value) for name, value in settings.items()}),
        params,
        grads,
    )
    for p, start, of_p in zip(params, starts, grads, strict=True):
        assert p.dtype == np.float32
        assert type(p.realize_cached_data()) is np.ndarray
        np.testing.assert_allclose(
            p.numpy(), twin(start, of_p, **settings), rtol=1e-4, atol=1e-5
        )


@every_setting
def test_what_an_optimizer_remembers_has_the_type_of_the_parameter(
    kind, twin, settings
):
    starts, grads = drawn(4, "float32")
    params = [nn.Parameter(start) for start in starts]
    opt = kind(params, **settings)
    run(opt, params, grads)
    remembered = [getattr(opt, name, {}).values() for name in "umv"]
    types = {tensor.dtype for tensors in remembered for tensor in tensors}
    assert types == {np.dtype("float32")}


@every_setting
def test_a_step_leaves_gradients_arrays_and_flags_as_they_were(kind, twin, settings):
    starts, grads = drawn(3)
    params = [nn.Parameter(start) for start in starts]
    opt = kind(params, **settings)
    for step in range(3):
        tensors = []
        for p, of_p in zip(params, grads, strict=True):
            p.grad = None if of_p[step] is None else ndl.Tensor(of_p[step])
            p.cached_data.flags.writeable = False  # others may share the old values
            if p.grad is not None:
                p.grad.cached_data.flags.writeable = False
            tensors.append(p.grad)
        opt.step()
        assert [p.grad for p in params] == tensors
        for p, of_p in zip(params, grads, strict=True):
            assert p.requires_grad
            assert p.is_leaf()
            if p.grad is not None:
                np.testing.assert_array_equal(p.grad.numpy(), of_p[step])


@every_setting
def test_steps_leave_nothing_behind(kind, twin, settings):
    w = nn.Parameter(ndl.init.randn(3, 2))
    x = ndl.init.randn(5, 3)
    opt = kind([w], **settings)

    def alive_after(steps):
        for _ in range(steps):
            opt.reset_grad()
            ((x @ w) ** 2).sum().backward()
            opt.step()
        gc.collect()
        return autograd.TENSOR_COUNTER

    assert alive_after(20) == alive_after(2)


@every_setting
def test_a_shared_parameter_is_changed_once(kind, twin, settings):
    w = nn.Parameter(np.ones(3))
    opt = kind([w, w], **settings)
    run(opt, [w], [[np.ones(3)]])
    assert opt.params == [w]
    np.testing.assert_allclose(w.numpy(), twin(np.ones(3), [np.ones(3)], **settings))


@every_setting
def test_two_optimizers_know_nothing_of_each_other(kind, twin, settings):
    one, other = (nn.Parameter(np.ones(2)) for _ in range(2))
    first, second = kind([one], **settings), kind([other], **settings)
    run(first, [one], [[np.ones(2)] * 3])
    run(second, [other], [[np.ones(2)] * 3])
    np.testing.assert_array_equal(one.numpy(), other.numpy())


def test_a_rate_may_change_between_steps():
    w = nn.Parameter(np.array([1.0]))
    opt = optim.SGD([w], lr=1.0)
    for rate, expected in [(1.0, 0.0), (0.5, -0.5), (0.0, -0.5)]:
        opt.lr = rate
        run(opt, [w], [[np.array([1.0])]])
        assert w.numpy() == [expected]


def test_gradients_that_are_graphs_are_constants_to_a_step():
    w = nn.Parameter(np.array([2.0]))
    (w * w * w).backward()
    assert w.grad.requires_grad
    optim.SGD([w], lr=0.5).step()
    assert w.numpy() == [2 - 0.5 * 12]
    assert w.is_leaf()


def test_reset_forgets_gradients():
    w = nn.Parameter(np.array([2.0]))
    (w * w).backward()
    optim.Adam([w]).reset_grad()
    assert w.grad is None


def test_parameters_may_come_one_by_one():
    net = nn.Linear(2, 3)
    assert optim.SGD(p for p in net.parameters()).params == net.parameters()


def test_an_optimizer_without_a_step():
    with pytest.raises(NotImplementedError, match=r"Optimizer\.step"):
        optim.Optimizer([]).step()


@pytest.mark.parametrize(
    "params, kind",
    [
        (nn.Linear(2, 3), "Linear"),
        (nn.Linear(2, 3).named_parameters(), "tuple"),
        ([np.ones(2)], "ndarray"),
    ],
)
def test_what_are_no_parameters(params, kind):
    with pytest.raises(TypeError) as error:
        optim.Adam(params)
    assert str(error.value) == (
        f"Adam takes tensors, as model.parameters() gives them, not a {kind}"
    )


def test_an_optimizer_shows_its_settings():
    opt = optim.SGD(nn.Linear(2, 3).parameters(), lr=0.5)
    assert repr(opt) == "SGD(lr=0.5, momentum=0.0, weight_decay=0.0) of 2 tensors"
    assert repr(optim.Adam([ndl.Tensor([1.0])])).endswith(" of 1 tensor")


class TestClipping:
    """`clip_grad_norm` scales all gradients by one factor."""

    @staticmethod
    def with_grads(*grads):
        params = [nn.Parameter(np.zeros(np.shape(g))) for g in grads if g is not None]
        for p, grad in zip(params, grads, strict=False):
            p.grad = ndl.Tensor(grad)
        return params

    @quick
    @given(st.lists(st.floats(-10, 10), min_size=1, max_size=6), st.floats(0.01, 20.0))
    def test_the_common_norm_is_at_most_the_largest_allowed(self, values, largest):
        params = self.with_grads(*[np.array([v]) for v in values])
        norm = float(np.linalg.norm(values))

        assert optim.SGD(params).clip_grad_norm(largest) == pytest.approx(norm)

        factor = min(1.0, largest / norm) if norm else 1.0
        for p, value in zip(params, values, strict=True):
            np.testing.assert_allclose(p.grad.numpy(), [value * factor], rtol=1e-12)

    def test_short_gradients_are_left_alone(self):
        params = self.with_grads(np.array([0.3]), np.array([0.4]))
        before = [p.grad for p in params]
        assert optim.Adam(params).clip_grad_norm(0.5) == pytest.approx(0.5)
        assert [p.grad for p in params] == before

    def test_parameters_without_gradients_are_left_alone(self):
        params = [*self.with_grads(np.array([3.0, 4.0])), nn.Parameter(np.ones(2))]
        assert optim.SGD(params).clip_grad_norm(max_norm=1.0) == pytest.approx(5)
        np.testing.assert_allclose(params[0].grad.numpy(), [0.6, 0.8])
        assert params[1].grad is None
        assert optim.SGD([]).clip_grad_norm() == 0

    def test_large_float32_gradients_keep_their_direction_and_type(self):
        (p,) = self.with_grads(np.array([3e30, 4e30], dtype="float32"))
        assert optim.SGD([p]).clip_grad_norm(1.0) == pytest.approx(5e30)
        assert p.grad.dtype == np.float32
        np.testing.assert_allclose(p.grad.numpy(), [0.6, 0.8], rtol=1e-6)

    def test_a_clipped_gradient_is_a_new_constant(self):
        w = nn.Parameter(np.array([3.0]))
        (w * w).backward()
        kept = w.grad
        optim.SGD([w]).clip_grad_norm(1.0)
        assert kept.numpy() == [6]
        assert w.grad.is_leaf()
        assert not w.grad.requires_grad


def test_the_weight_decay_of_adamw_is_what_one_reads_and_sets():
    p = ndl.Tensor(np.ones(2))
    opt = optim.AdamW([p], lr=0.1, weight_decay=0.5)
    p.grad = ndl.Tensor(np.zeros(2))
    opt.step()
    np.testing.assert_allclose(p.numpy(), 0.95)
    assert opt.weight_decay == 0.5
    opt.weight_decay = 0.0
    opt.step()
    np.testing.assert_allclose(p.numpy(), 0.95)
