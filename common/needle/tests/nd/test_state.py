"""States of networks and optimizers on arrays of our own: where, and how exact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import needle as ndl
import numpy as np
import pytest
from needle import nn, optim


def network(device: Any) -> nn.Module:
    np.random.seed(1)
    return nn.Sequential(
        nn.Linear(3, 2, device=device), nn.BatchNorm1d(2, device=device)
    )


def trained(model: nn.Module, opt: optim.Optimizer, steps: int) -> list[np.ndarray]:
    """Take some steps and return the parameters."""
    device = opt.params[0].device
    x = np.random.RandomState(2).randn(4, 3)
    for _ in range(steps):
        opt.reset_grad()
        (model(ndl.Tensor(x, device=device)) ** 2).sum().backward()
        opt.step()
    return [p.numpy() for p in model.parameters()]


@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam, optim.AdamW])
def test_from_a_file_training_goes_on_as_if_it_had_not_stopped(
    kind: Any, device: Any, tmp_path: Path
) -> None:
    settings = {"lr": 0.1, "weight_decay": 0.01}
    model = network(device)
    opt = kind(model.parameters(), **settings)
    trained(model, opt, 2)
    ndl.save(tmp_path / "model", model.state_dict())
    ndl.save(tmp_path / "opt", opt.state_dict())
    expected = trained(model, opt, 2)

    again = network(device)
    other = kind(again.parameters(), lr=9)
    again.load_state_dict(ndl.load(tmp_path / "model"))
    other.load_state_dict(ndl.load(tmp_path / "opt"))

    assert all(p.device == device for p in again.parameters())
    assert other.lr == settings["lr"]  # and not the float32 next to it
    for got, want in zip(trained(again, other, 2), expected, strict=True):
        np.testing.assert_array_equal(got, want)


def test_a_state_is_a_copy_on_the_same_device(device: Any) -> None:
    model = network(device)
    state = model.state_dict()
    before = {name: each.numpy() for name, each in state.items()}
    for p in model.parameters():
        p.cached_data.fill(7)

    assert all(each.device == device for each in state.values())
    for name, each in state.items():
        np.testing.assert_array_equal(each.numpy(), before[name])


def test_settings_and_counts_keep_value_and_type(device: Any) -> None:
    opt = optim.Adam(network(device).parameters(), lr=1e-3, beta1=1 / 3, eps=1e-12)
    opt.t = 7
    other = optim.Adam(network(device).parameters())
    other.load_state_dict(opt.state_dict())

    assert (other.lr, other.beta1, other.eps, other.t) == (1e-3, 1 / 3, 1e-12, 7)
    assert type(other.t) is int


class OnArrays(optim.Optimizer):
    """An optimizer that keeps arrays of our own, by the id of the parameter."""

    def __init__(self, params: Any) -> None:
        super().__init__(params)
        self.kept: dict[int, Any] = {}

    def step(self) -> None:
        for p in self.params:
            self.kept[id(p)] = self.kept.get(id(p), 0) + p.grad.cached_data


def test_arrays_of_our_own_are_remembered_as_such(device: Any) -> None:
    model = network(device)
    opt, other = OnArrays(model.parameters()), OnArrays(model.parameters())
    trained(model, opt, 1)
    other.load_state_dict(opt.state_dict())

    assert other.kept.keys() == opt.kept.keys()
    for key, array in other.kept.items():
        assert type(array) is ndl.NDArray
        assert array.device == device
        np.testing.assert_array_equal(array.numpy(), opt.kept[key].numpy())
