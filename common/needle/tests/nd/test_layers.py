"""Layers, losses and optimizers on arrays of our own, on each device."""

from __future__ import annotations

from typing import Any

import needle as ndl
import numpy as np
import pytest
from layer_table import CASES, LayerCase
from needle import nn, optim

every_layer = pytest.mark.parametrize("case", CASES, ids=str)


@every_layer
def test_the_value_is_that_of_numpy(case: LayerCase, cpu: Any) -> None:
    layer, x = case.layer("float32"), case.input()
    value = layer(ndl.Tensor(x, device=cpu))

    assert value.device == cpu
    # Normalisation divides by a root that may be small.
    np.testing.assert_allclose(
        value.numpy(), case.value(layer, x), rtol=1e-4, atol=1e-4
    )


def network(device: Any) -> nn.Module:
    """Return a network with every kind of layer that has state."""
    of = {"device": device}
    around = nn.Sequential(
        nn.Linear(6, 4, **of), nn.BatchNorm1d(4, **of), nn.ReLU(), nn.Dropout(0.2)
    )
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(6, 6, **of),
        nn.LayerNorm1d(6, **of),
        around,
        nn.Residual(nn.Linear(4, 4, **of)),
    )


@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam, optim.AdamW])
def test_a_step_leaves_everything_on_its_device(kind: Any, device: Any) -> None:
    model = network(device)
    opt = kind(model.parameters(), lr=0.1, weight_decay=0.01)
    x = ndl.init.rand(5, 2, 3, device=device)
    labels = ndl.Tensor([0, 1, 2, 3, 0], device=device)
    for _ in range(2):
        loss = nn.SoftmaxLoss()(model(x), labels)
        opt.reset_grad()
        loss.backward()
        opt.clip_grad_norm(0.1)
        opt.step()

    assert loss.shape == (1,)
    assert isinstance(float(loss), float)
    remembered = [
        value
        for kept in vars(opt).values()
        if isinstance(kept, dict)
        for value in kept.values()
    ]
    grads = [p.grad for p in model.parameters()]
    buffers = [each for _, each in model.named_buffers()]
    for each in [*model.parameters(), *grads, *buffers, *remembered]:
        assert (each.device, each.dtype) == (device, "float32")


def test_a_network_learns_the_same_on_cuda_as_on_the_processor(
    cpu: Any, cuda: Any
) -> None:
    def trained(device: Any) -> list[np.ndarray]:
        np.random.seed(0)
        model = network(device)
        model.eval()  # no dropout; running statistics stay as they are
        opt = optim.Adam(model.parameters(), lr=0.1)
        rng = np.random.RandomState(1)
        x = ndl.Tensor(rng.rand(5, 2, 3), device=device)
        labels = ndl.Tensor([0, 1, 2, 3, 0], device=device)
        for _ in range(2):
            opt.reset_grad()
            nn.SoftmaxLoss()(model(x), labels).backward()
            opt.step()
        return [each.numpy() for each in model.parameters()]

    before = [each.numpy() for each in network(cpu).parameters()]
    for start, here, there in zip(before, trained(cpu), trained(cuda), strict=True):
        # The same sums of a few numbers, in another order; Adam divides by small roots.
        np.testing.assert_allclose(there, here, rtol=1e-4, atol=1e-5)
        assert abs(here - start).max() > 0.01


def test_labels_of_any_type_are_the_numbers_of_classes(device: Any) -> None:
    logits = ndl.Tensor(np.eye(3), device=device)
    for dtype in (None, "int32", "uint8", "float32"):
        labels = ndl.Tensor(np.arange(3, dtype=dtype), device=device)
        loss = nn.SoftmaxLoss()(logits, labels)
        expected = np.log(np.e + 2) - 1
        np.testing.assert_allclose(float(loss), expected, rtol=1e-6)


def test_dropout_draws_on_the_device_of_its_input(device: Any) -> None:
    np.random.seed(3)
    dropped = nn.Dropout(0.25)(ndl.init.ones(1000, device=device))
    np.random.seed(3)
    mask = np.random.rand(1000) <= 0.75

    assert dropped.device == device
    np.testing.assert_allclose(dropped.numpy(), mask / 0.75, rtol=1e-6)


def test_a_batch_is_where_layers_are_unless_it_is_sent_elsewhere(cpu: Any) -> None:
    data = ndl.data.NDArrayDataset(np.ones((4, 2)), np.arange(4))
    x, y = next(iter(ndl.data.DataLoader(data, batch_size=4)))
    assert (x.device, y.device) == (ndl.cpu(), ndl.cpu())
    nn.Linear(2, 3)(x)

    elsewhere = ndl.data.DataLoader(data, batch_size=4, device=ndl.cpu_numpy())
    assert next(iter(elsewhere))[0].device == ndl.cpu_numpy()
