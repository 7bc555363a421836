"""Names, parameters and defaults of layers, optimizers and data."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

import needle as ndl
import numpy as np
import pytest
from signatures import bare, find

SIGNATURES = """
needle.ops.logsumexp(a, axes=None)
needle.ops.LogSumExp(axes=None)
needle.ops.logsoftmax(a)
needle.ops.LogSoftmax()
needle.init.xavier_uniform(fan_in, fan_out, gain=1.0, **kwargs)
needle.init.xavier_normal(fan_in, fan_out, gain=1.0, **kwargs)
needle.init.kaiming_uniform(fan_in, fan_out, nonlinearity='relu', **kwargs)
needle.init.kaiming_normal(fan_in, fan_out, nonlinearity='relu', **kwargs)
needle.nn.Parameter(array, *, device=None, dtype=None, requires_grad=True, **kwargs)
needle.nn.Module()
needle.nn.Module.parameters(self)
needle.nn.Module.eval(self)
needle.nn.Module.train(self)
needle.nn.Module._children(self)
needle.nn.Module.__call__(self, *args, **kwargs)
needle.nn.Identity()
needle.nn.Identity.forward(self, x)
needle.nn.Linear(in_features, out_features, bias=True, device=None, dtype='float32')
needle.nn.Linear.forward(self, X)
needle.nn.Flatten()
needle.nn.Flatten.forward(self, X)
needle.nn.ReLU()
needle.nn.ReLU.forward(self, x)
needle.nn.Sequential(*modules)
needle.nn.Sequential.forward(self, x)
needle.nn.SoftmaxLoss()
needle.nn.SoftmaxLoss.forward(self, logits, y)
needle.nn.BatchNorm1d(dim, eps=1e-05, momentum=0.1, device=None, dtype='float32')
needle.nn.BatchNorm1d.forward(self, x)
needle.nn.LayerNorm1d(dim, eps=1e-05, device=None, dtype='float32')
needle.nn.LayerNorm1d.forward(self, x)
needle.nn.Dropout(p=0.5)
needle.nn.Dropout.forward(self, x)
needle.nn.Residual(fn)
needle.nn.Residual.forward(self, x)
needle.optim.Optimizer(params)
needle.optim.Optimizer.step(self)
needle.optim.Optimizer.reset_grad(self)
needle.optim.SGD(params, lr=0.01, momentum=0.0, weight_decay=0.0)
needle.optim.SGD.step(self)
needle.optim.SGD.clip_grad_norm(self, max_norm=0.25)
needle.optim.Adam(params, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-08, weight_decay=0.0)
needle.optim.Adam.step(self)
needle.data.Dataset(transforms=None)
needle.data.Dataset.__getitem__(self, index)
needle.data.Dataset.__len__(self)
needle.data.Dataset.apply_transforms(self, x)
needle.data.DataLoader.__iter__(self)
needle.data.Transform()
needle.data.Transform.__call__(self, x)
needle.data.RandomFlipHorizontal.__call__(self, img)
needle.data.RandomCrop.__call__(self, img)
needle.data.MNISTDataset(image_filename, label_filename, transforms=None)
needle.data.MNISTDataset.__getitem__(self, index)
needle.data.MNISTDataset.__len__(self)
needle.data.NDArrayDataset(*arrays)
needle.data.NDArrayDataset.__len__(self)
needle.data.NDArrayDataset.__getitem__(self, i)
""".strip().splitlines()

# Ours have more parameters behind these.
BEGINNINGS = """
needle.data.DataLoader(dataset, batch_size=1, shuffle=False
needle.data.RandomFlipHorizontal(p=0.5
needle.data.RandomCrop(padding=3
""".strip().splitlines()

APPS = """
ResidualBlock(dim, hidden_dim, norm=BatchNorm1d, drop_prob=0.1)
MLPResNet(dim, hidden_dim=100, num_blocks=3, num_classes=10, norm=BatchNorm1d, \
drop_prob=0.1)
epoch(dataloader, model, opt=None)
train_mnist(batch_size=100, epochs=10, optimizer=Adam, lr=0.001, weight_decay=0.001, \
hidden_dim=100, data_dir='data')
""".strip().splitlines()


def name_of(line):
    return line.partition("(")[0]


@pytest.mark.parametrize("line", SIGNATURES, ids=name_of)
def test_the_signature_is(line):
    name = name_of(line)
    assert f"{name}{bare(find(name))}" == line


@pytest.mark.parametrize("line", BEGINNINGS, ids=name_of)
def test_the_signature_begins_with(line):
    name = name_of(line)
    assert f"{name}{bare(find(name))}".startswith(f"{line}, ")


@pytest.mark.parametrize("line", APPS, ids=name_of)
def test_the_signature_of_the_application_is(line, monkeypatch):
    path = Path(__file__).parents[1] / "apps" / "mlp_resnet.py"
    monkeypatch.setattr("sys.path", importlib.import_module("sys").path[:])
    spec = importlib.util.spec_from_file_location("mlp_resnet_of_the_interface", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    name = name_of(line)
    said = f"{name}{bare(getattr(module, name))}"
    for kind in (ndl.nn.BatchNorm1d, ndl.optim.Adam):
        said = said.replace(repr(kind), kind.__name__)
    assert said == line


@pytest.mark.parametrize(
    "module, names",
    [
        ("needle", "data nn optim logsumexp logsoftmax"),
        ("needle.nn", "Parameter Module Identity Linear Flatten ReLU Sequential"),
        ("needle.nn", "SoftmaxLoss BatchNorm1d LayerNorm1d Dropout Residual"),
        ("needle.nn.nn_basic", "Parameter Module _unpack_params _child_modules Linear"),
        ("needle.data", "Dataset DataLoader Transform RandomFlipHorizontal RandomCrop"),
        ("needle.data", "MNISTDataset NDArrayDataset"),
        ("needle.data.data_basic", "Dataset DataLoader"),
        ("needle.data.data_transforms", "Transform RandomFlipHorizontal RandomCrop"),
        ("needle.data.datasets.mnist_dataset", "MNISTDataset"),
        ("needle.data.datasets.ndarray_dataset", "NDArrayDataset"),
        ("needle.ops.ops_logarithmic", "LogSumExp LogSoftmax logsumexp logsoftmax"),
        ("needle.init.init_initializers", "xavier_uniform kaiming_normal"),
        ("needle.optim", "Optimizer SGD Adam"),
    ],
)
def test_the_names_are_there(module, names):
    for name in names.split():
        assert hasattr(importlib.import_module(module), name)


def test_attributes_that_other_code_reads():
    params = ndl.nn.Linear(2, 3).parameters()
    sgd = vars(ndl.optim.SGD(params))
    adam = vars(ndl.optim.Adam(params))
    assert {name: sgd[name] for name in ("lr", "momentum", "u", "weight_decay")} == {
        "lr": 0.01,
        "momentum": 0.0,
        "u": {},
        "weight_decay": 0.0,
    }
    assert (adam["t"], adam["m"], adam["v"]) == (0, {}, {})
    assert sgd["params"] == adam["params"] == params
    for kind in (ndl.nn.BatchNorm1d, ndl.nn.LayerNorm1d):
        layer = kind(3)
        assert (layer.dim, layer.eps) == (3, 1e-5)
    assert ndl.nn.BatchNorm1d(3).momentum == 0.1
    assert ndl.nn.Dropout(0.25).p == 0.25
    assert isinstance(ndl.nn.Sequential(ndl.nn.ReLU()).modules, tuple)
    assert ndl.nn.Module().training is True


def test_parameters_are_tensors_like_others():
    p = ndl.nn.Parameter(ndl.Tensor([1.0, 2.0], dtype="float32"))
    assert isinstance(p, ndl.Tensor)
    assert p.requires_grad
    assert p.dtype == np.float32
    assert type(p * 2) is ndl.Tensor
    assert ndl.ops.LogSumExp((0, 1)).axes == (0, 1)
