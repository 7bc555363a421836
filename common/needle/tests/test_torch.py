"""Layers, losses, optimizers and schedules beside PyTorch's, where it is installed.

Everywhere in float64, so that only the formulas can differ. What differs on purpose:
our SGD multiplies the gradient with (1 - momentum), and running variances are biased.
"""

from __future__ import annotations

import math

import needle as ndl
import numpy as np
import pytest
from needle import nn, optim

torch = pytest.importorskip("torch")
F = torch.nn.functional


@pytest.fixture(autouse=True)
def _seeded():
    np.random.seed(0)
    torch.manual_seed(0)


def theirs(tensor, grad=True):
    """Return a tensor of PyTorch with the numbers of one of ours."""
    return torch.tensor(tensor.numpy(), requires_grad=grad)


def normal(*shape):
    return ndl.Tensor(np.random.standard_normal(shape))


def close(ours, torchs):
    np.testing.assert_allclose(
        ours.numpy(), torchs.detach().numpy(), rtol=1e-9, atol=1e-9
    )


def compare(f, g, *tensors):
    """Compare values, and gradients of a weighted sum of them, in all tensors."""
    others = [theirs(t) for t in tensors]
    ours, torchs = f(*tensors), g(*others)
    close(ours, torchs)
    weights = normal(*ours.shape)
    ours.backward(weights)
    torchs.backward(theirs(weights, grad=False))
    for one, other in zip(tensors, others, strict=True):
        close(one.grad, other.grad)


@pytest.mark.parametrize("shape", [(5, 4), (1, 4), (2, 3, 4)], ids=str)
@pytest.mark.parametrize("bias", [True, False])
def test_linear(shape, bias):
    layer = nn.Linear(4, 3, bias=bias, dtype="float64")

    def twin(x, weight, b=None):
        return F.linear(x, weight.T, None if b is None else b[0])

    compare(lambda x, *_: layer(x), twin, normal(*shape), *layer.parameters())


@pytest.mark.parametrize("shape", [(5, 4), (1, 4), (7, 1)], ids=str)
def test_layernorm(shape):
    layer = nn.LayerNorm1d(shape[1], eps=0.01, dtype="float64")
    for p in layer.parameters():
        p.data = normal(*p.shape)
    compare(
        lambda x, *_: layer(x),
        lambda x, weight, b: F.layer_norm(x, shape[1:], weight, b, eps=0.01),
        normal(*shape),
        *layer.parameters(),
    )


@pytest.mark.parametrize("shape", [(5, 4), (2, 1)], ids=str)
def test_batchnorm(shape):
    n, dim = shape
    layer = nn.BatchNorm1d(dim, eps=0.01, momentum=0.3, dtype="float64")
    for p in layer.parameters():
        p.data = normal(*p.shape)
    mean, var = theirs(layer.running_mean, False), theirs(layer.running_var, False)

    def twin(training):
        return lambda x, weight, b: F.batch_norm(
            x, mean, var, weight, b, training=training, momentum=0.3, eps=0.01
        )

    for _ in range(3):
        before = var.clone()
        compare(lambda x, *_: layer(x), twin(True), normal(*shape), *layer.parameters())
        close(layer.running_mean, mean)
        # Of the batch's part PyTorch takes n / (n - 1): taken back here.
        var.copy_(0.7 * before + (var - 0.7 * before) * (n - 1) / n)
        close(layer.running_var, var)
    layer.eval()
    compare(lambda x, *_: layer(x), twin(False), normal(*shape), *layer.parameters())


@pytest.mark.parametrize("scale", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("axes", [None, 0, (0, 2), -1])
def test_logsumexp(axes, scale):
    everything = (0, 1, 2) if axes is None else axes
    compare(
        lambda x: ndl.logsumexp(x, axes),
        lambda x: torch.logsumexp(x, everything),
        normal(2, 3, 4) * scale,
    )


@pytest.mark.parametrize("scale", [1.0, 1e3, 1e6])
def test_logsoftmax_and_cross_entropy(scale):
    x = ndl.Tensor(normal(6, 5) * scale)
    compare(ndl.ops.logsoftmax, lambda z: F.log_softmax(z, dim=1), x)
    labels = np.random.randint(5, size=6)
    compare(
        lambda z: nn.SoftmaxLoss()(z, ndl.Tensor(labels)),
        lambda z: F.cross_entropy(z, torch.tensor(labels)),
        x,
    )


def test_dropout_is_that_of_pytorch_in_moments():
    n, p = 200_000, 0.3
    ours = nn.Dropout(p)(ndl.init.ones(n)).numpy()
    torchs = F.dropout(torch.ones(n), p).numpy()
    np.testing.assert_allclose(np.unique(ours), np.unique(torchs), rtol=1e-6)
    five_errors = 5 * math.sqrt(2 * p / (1 - p) / n)
    assert abs(ours.mean() - torchs.mean()) < five_errors


def test_a_residual_network():
    net = nn.Sequential(
        nn.Flatten(),
        nn.Linear(6, 5, dtype="float64"),
        nn.Residual(
            nn.Sequential(
                nn.Linear(5, 3, dtype="float64"),
                nn.BatchNorm1d(3, dtype="float64"),
                nn.ReLU(),
                nn.Linear(3, 5, dtype="float64"),
                nn.LayerNorm1d(5, dtype="float64"),
            )
        ),
        nn.ReLU(),
    )

    def twin(x, w0, b0, w1, b1, g1, c1, w2, b2, g2, c2):
        x = x.flatten(1) @ w0 + b0
        y = F.batch_norm(x @ w1 + b1, None, None, g1, c1, training=True)
        y = F.layer_norm(y.relu() @ w2 + b2, (5,), g2, c2)
        return (x + y).relu()

    compare(lambda x, *_: net(x), twin, normal(4, 2, 3), *net.parameters())


def steps(ours, torchs, params, twins, without=3):
    """Let two optimizers make steps with the same gradients, one of them without."""
    for step in range(8):
        for p, twin in zip(params, twins, strict=True):
            p.grad = None if step == without else normal(*p.shape)
            twin.grad = None if step == without else theirs(p.grad, False)
        ours.step()
        torchs.step()
        for p, twin in zip(params, twins, strict=True):
            close(p, twin)


def parameters():
    params = [nn.Parameter(normal(*shape)) for shape in [(3, 2), (4,), ()]]
    return params, [theirs(p) for p in params]


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sgd(momentum, weight_decay):
    params, twins = parameters()
    torchs = torch.optim.SGD(
        twins,
        lr=0.1 * (1 - momentum),  # (1 - momentum) may as well stand with the rate
        momentum=momentum,
        weight_decay=weight_decay,
    )
    ours = optim.SGD(params, lr=0.1, momentum=momentum, weight_decay=weight_decay)
    steps(ours, torchs, params, twins)


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.8)])
@pytest.mark.parametrize("name", ["Adam", "AdamW"])
def test_adam(name, betas, weight_decay):
    params, twins = parameters()
    settings = {"lr": 0.1, "eps": 1e-3, "weight_decay": weight_decay}
    ours = getattr(optim, name)(params, beta1=betas[0], beta2=betas[1], **settings)
    torchs = getattr(torch.optim, name)(twins, betas=betas, **settings)
    # A step without a gradient does not count in PyTorch, and does in ours.
    steps(ours, torchs, params, twins, without=None)


@pytest.mark.parametrize("largest", [0.1, 1.0, 100.0])
def test_clip_grad_norm(largest):
    params, twins = parameters()
    for p, twin in zip(params, twins, strict=True):
        p.grad = normal(*p.shape)
        twin.grad = theirs(p.grad, False)
    ours = optim.SGD(params).clip_grad_norm(largest)
    torchs = torch.nn.utils.clip_grad_norm_(twins, largest)
    np.testing.assert_allclose(ours, float(torchs), rtol=1e-12)
    for p, twin in zip(params, twins, strict=True):
        # PyTorch adds 1e-6 to the norm that it divides by
        np.testing.assert_allclose(p.grad.numpy(), twin.grad.numpy(), rtol=1e-5)


def rates(schedule, torchs, count=25):
    for _ in range(count):
        (group,) = torchs.optimizer.param_groups
        assert schedule.optimizer.lr == pytest.approx(group["lr"], abs=1e-12)
        torchs.optimizer.step()
        schedule.step()
        torchs.step()


def test_step_schedule():
    opt = torch.optim.SGD([torch.ones(1)], lr=0.5)
    rates(
        optim.StepSchedule(optim.SGD([], lr=0.5), every=7, gamma=0.3),
        torch.optim.lr_scheduler.StepLR(opt, 7, 0.3),
    )


def test_cosine_schedule():
    opt = torch.optim.SGD([torch.ones(1)], lr=0.5)
    rates(
        optim.CosineSchedule(optim.SGD([], lr=0.5), steps=20, least=0.1),
        torch.optim.lr_scheduler.CosineAnnealingLR(opt, 20, eta_min=0.05),
        count=20,
    )


@pytest.mark.parametrize(
    "kind, twin, settings",
    [
        (optim.SGD, torch.optim.SGD, {"lr": 0.5}),
        (optim.Adam, torch.optim.Adam, {"lr": 0.01, "weight_decay": 0.01}),
        (optim.AdamW, torch.optim.AdamW, {"lr": 0.01, "weight_decay": 0.1}),
    ],
)
def test_a_training_takes_the_same_way(kind, twin, settings):
    net = nn.Sequential(
        nn.Linear(4, 8, dtype="float64"),
        nn.BatchNorm1d(8, dtype="float64"),
        nn.ReLU(),
        nn.Linear(8, 3, dtype="float64"),
    )
    twins = [theirs(p) for p in net.parameters()]
    X, y = normal(30, 4), np.random.randint(3, size=30)
    ours, torchs = kind(net.parameters(), **settings), twin(twins, **settings)
    for _ in range(20):
        ours.reset_grad()
        loss = nn.SoftmaxLoss()(net(X), ndl.Tensor(y))
        loss.backward()
        ours.step()

        torchs.zero_grad()
        w0, b0, g, c, w1, b1 = twins
        hidden = F.batch_norm(theirs(X, False) @ w0 + b0, None, None, g, c, True)
        expected = F.cross_entropy(hidden.relu() @ w1 + b1, torch.tensor(y))
        expected.backward()
        torchs.step()
        np.testing.assert_allclose(float(loss), expected.item(), rtol=1e-6)
