"""Tests of layers, optimizers and data as one wrote them for the original course.

Run from the homework's folder: relative paths, star imports, arrays and flags changed
from outside, counters read, whole trainings with one number as their result.
"""

import gc
import gzip
import struct
import sys

sys.path.append("./python")
sys.path.append("./apps")

import mugrade  # noqa: F401 -- every old test file imports it
import needle as ndl
import numpy as np
import pytest
from mlp_resnet import *  # noqa: F403
from needle import nn


def tensor(*shape, entropy=1):
    np.random.seed(np.prod(shape) * len(shape) * entropy)
    return ndl.Tensor(np.random.randint(0, 100, size=shape) / 20, dtype="float32")


def int_tensor(*shape, low=0, high=10):
    np.random.seed(np.prod(shape) * len(shape))
    return ndl.Tensor(np.random.randint(low, high, size=shape))


def backward(f, *shape):
    """Return the gradient in an input, of a cube of what a function makes of it."""
    x = tensor(*shape)
    (f(x) ** 3).sum().backward()
    return x.grad.cached_data


def counted(model):
    """Return the parameters of a model as one number."""
    return np.sum([np.prod(x.shape) for x in model.parameters()])


def test_layers():
    np.random.seed(1337)
    f = nn.Linear(10, 5)
    f.weight.data = tensor(10, 5, entropy=3)
    f.bias.data = tensor(5, entropy=2)  # of one axis, where the layer's has two
    x = tensor(3, 1, 10)
    expected = x.cached_data @ f.weight.cached_data + f.bias.cached_data
    np.testing.assert_allclose(f(x).cached_data, expected, rtol=1e-5, atol=1e-5)
    assert backward(f, 10, 10).shape == (10, 10)
    f.bias = ndl.Tensor(np.arange(5.0), dtype="float32")
    assert f(x).dtype == np.float32

    np.random.seed(42)
    f = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 5))
    hidden = f.modules[0](tensor(10, 5)).cached_data
    np.testing.assert_allclose(
        f(tensor(10, 5)).cached_data,
        f.modules[2](ndl.Tensor(np.maximum(hidden, 0))).cached_data,
        rtol=1e-5,
        atol=1e-5,
    )
    assert backward(f, 10, 5).shape == (10, 5)
    assert nn.Flatten()(tensor(2, 2, 2, 3)).cached_data.shape == (2, 12)
    assert backward(nn.Flatten(), 2, 2, 2, 2).shape == (2, 2, 2, 2)


def test_op_logsumexp():
    x = ndl.Tensor(np.random.RandomState(0).randn(3, 3, 3))
    for axes in (None, 1, (1,), (1, 2), (0, 2), (0, 1, 2)):
        expected = np.log(np.exp(x.numpy()).sum(axis=axes))
        got = ndl.ops.logsumexp(x, axes=axes).numpy()
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, expected, rtol=1e-10)
        (ndl.ops.LogSumExp(axes)(x) ** 2).sum().backward()
        assert x.grad.numpy().shape == (3, 3, 3)
    large = ndl.Tensor([[1e10, 1e9, 1e8, -10], [1e-10, 1e9, 1e8, -10]])
    np.testing.assert_allclose(
        ndl.ops.logsoftmax(large).numpy()[0], [0, -9e9, -9.9e9, -1.000000001e10]
    )


@pytest.mark.parametrize("kind", [np.uint8, np.int64, np.float32])
def test_nn_softmax_loss(kind):
    x, y = tensor(5, 10), int_tensor(5, low=0, high=10)
    y = ndl.Tensor(y.numpy().astype(kind), dtype=kind)
    f = nn.SoftmaxLoss()
    shares = np.exp(x.numpy()) / np.exp(x.numpy()).sum(axis=1, keepdims=True)
    at = shares[np.arange(5), y.numpy().astype(int)]
    np.testing.assert_allclose(f(x, y).cached_data, -np.log(at).mean(), rtol=1e-5)
    loss = f(x, y)
    loss.backward()
    assert x.grad.dtype == np.float32


def test_nn_norms():
    layer = nn.LayerNorm1d(8)
    x = tensor(10, 8)
    got = layer(x).cached_data
    np.testing.assert_allclose(got.mean(axis=1), np.zeros(10), atol=1e-5)
    assert backward(nn.LayerNorm1d(8), 10, 8).shape == (10, 8)

    layer = nn.BatchNorm1d(10)
    layer.weight.data = tensor(10, entropy=42)
    layer.bias.data = tensor(10, entropy=1337)
    for i in range(20):
        layer(tensor(10, 10, entropy=i + 1))
    assert (layer.running_mean.numpy() > 1).all()
    assert layer.running_var.shape == (10,)
    assert layer.running_mean.requires_grad is False
    x = tensor(16, 10)
    (layer(x) ** 2).sum().backward()
    assert layer.running_var.grad is None
    assert layer.weight.grad.shape == layer.bias.grad.shape == (10,)

    model = nn.Sequential(nn.BatchNorm1d(3), nn.Sequential(nn.Dropout(0.5)))
    model.eval()
    assert not model.modules[1].modules[0].training
    assert not model.modules[0].training
    model.train()
    assert model.modules[1].modules[0].training


def test_nn_dropout():
    np.random.seed(1337)
    mask = np.random.rand(2, 3) <= 1 - 0.45
    np.random.seed(1337)
    x = tensor(2, 3)
    np.random.seed(1337)
    got = nn.Dropout(0.45)(x).cached_data
    np.testing.assert_allclose(got, mask * x.cached_data / 0.55, rtol=1e-5)


def learn(features, classes, make, optimizer, epochs=1, evaluate=False, **settings):
    """Train a model on random data, and return its last loss."""
    np.random.seed(42)
    X = tensor(256, features).cached_data
    y = int_tensor(256, low=0, high=classes).cached_data.astype(np.uint8)
    model = make()
    loss_of = nn.SoftmaxLoss()
    opt = optimizer(model.parameters(), **settings)
    model.eval() if evaluate else model.train()
    losses = []
    for _ in range(epochs):
        for i in range(0, 256, 32):
            opt.reset_grad()
            out = model(ndl.Tensor(X[i : i + 32], dtype="float32"))
            loss = loss_of(out, ndl.Tensor(y[i : i + 32]))
            loss.backward()
            before = model.parameters()[0].grad.detach().cached_data
            opt.step()
            after = model.parameters()[0].grad.detach().cached_data
            np.testing.assert_allclose(before, after)
            losses.append(float(loss.numpy()))
    assert np.mean(losses[-8:]) < np.mean(losses[:8])
    return losses[-1]


def small(norm=None):
    layers = [nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 4)]
    if norm is not None:
        layers[1:1] = [norm(8)]
    return lambda: nn.Sequential(*layers)


@pytest.mark.parametrize("norm", [None, nn.BatchNorm1d, nn.LayerNorm1d])
@pytest.mark.parametrize(
    "optimizer, settings",
    [
        (ndl.optim.SGD, {"lr": 0.02, "momentum": 0.0}),
        (ndl.optim.SGD, {"lr": 0.01, "momentum": 0.9, "weight_decay": 0.01}),
        (ndl.optim.Adam, {"lr": 0.01}),
        (ndl.optim.Adam, {"lr": 0.01, "weight_decay": 0.01}),
    ],
)
def test_optim(norm, optimizer, settings):
    np.random.seed(0)
    learn(16, 4, small(norm), optimizer, epochs=3, **settings)
    if norm is nn.BatchNorm1d:
        np.random.seed(0)
        learn(16, 4, small(norm), optimizer, epochs=5, evaluate=True, **settings)


@pytest.mark.parametrize("optimizer", [ndl.optim.SGD, ndl.optim.Adam])
def test_optim_z_memory_check(optimizer):
    """Bounds on both sides: what waits for the collector is there, too."""
    np.random.seed(0)
    gc.collect()
    before = ndl.autograd.TENSOR_COUNTER
    learn(16, 4, small(nn.BatchNorm1d), optimizer, epochs=3, lr=0.001)
    assert 0 < ndl.autograd.TENSOR_COUNTER - before < 5000


def test_residual_block_and_resnet():
    np.random.seed(2)
    assert counted(ResidualBlock(15, 2, norm=nn.BatchNorm1d)) == 32 + 4 + 45 + 30  # noqa: F405
    assert ResidualBlock(15, 10, nn.LayerNorm1d, drop_prob=0.1)(  # noqa: F405
        tensor(2, 15)
    ).shape == (2, 15)
    model = MLPResNet(  # noqa: F405
        dim=10, hidden_dim=5, num_blocks=5, num_classes=5, norm=nn.LayerNorm1d
    )
    assert counted(model) == 55 + 5 * (12 + 4 + 15 + 10) + 30
    assert model(tensor(2, 10)).shape == (2, 5)


@pytest.fixture
def mnist(tmp_path):
    """Return a folder of small files with the names of MNIST's."""
    rng = np.random.RandomState(0)
    for part, m in [("train", 60), ("t10k", 20)]:
        labels = rng.randint(10, size=m).astype(np.uint8)
        images = rng.randint(40, size=(m, 28, 28)).astype(np.uint8)
        for image, label in zip(images, labels):  # noqa: B905
            image[label : label + 8, 5:20] += 200
        with gzip.open(tmp_path / f"{part}-images-idx3-ubyte.gz", "wb") as file:
            file.write(struct.pack(">IIII", 2051, m, 28, 28) + images.tobytes())
        with gzip.open(tmp_path / f"{part}-labels-idx1-ubyte.gz", "wb") as file:
            file.write(struct.pack(">II", 2049, m) + labels.tobytes())
    return tmp_path


def test_mnist_train_and_eval(mnist):
    folder = str(mnist)
    data = ndl.data.MNISTDataset(
        f"{folder}/train-images-idx3-ubyte.gz", f"{folder}/train-labels-idx1-ubyte.gz"
    )
    loader = ndl.data.DataLoader(dataset=data, batch_size=20)
    np.random.seed(1)
    model = MLPResNet(784, 10, num_blocks=1)  # noqa: F405
    evaluated = np.array(epoch(loader, model))  # noqa: F405
    opt = ndl.optim.Adam(model.parameters(), lr=0.01, weight_decay=0.01)
    trained = np.array(epoch(loader, model, opt))  # noqa: F405
    assert evaluated.shape == trained.shape == (2,)
    assert 0 <= trained[0] <= 1

    out = train_mnist(20, 3, ndl.optim.SGD, 0.01, 0.01, 20, data_dir=folder)  # noqa: F405
    assert len(out) == 4
    again = train_mnist(  # noqa: F405
        batch_size=20,
        epochs=3,
        optimizer=ndl.optim.SGD,
        lr=0.01,
        weight_decay=0.01,
        hidden_dim=20,
        data_dir=folder,
    )
    np.testing.assert_allclose(out, again, rtol=1e-4, atol=1e-4)


def test_transforms_and_datasets(mnist):
    np.random.seed(0)
    size = (3, 4, 1)
    image = np.random.rand(*size)
    flips = [ndl.data.RandomFlipHorizontal(1)(image) for _ in range(3)]
    np.testing.assert_allclose(flips[0], image[:, ::-1, :])
    assert ndl.data.RandomCrop(16)(image).shape == size
    data = ndl.data.MNISTDataset(
        f"{mnist}/train-images-idx3-ubyte.gz",
        f"{mnist}/train-labels-idx1-ubyte.gz",
        transforms=[ndl.data.RandomCrop(28), ndl.data.RandomFlipHorizontal()],
    )
    norms = [np.linalg.norm(data[idx][0]) for idx in (1, 42)]
    assert len(data) == 60
    assert data[5:10][0].shape[0] == 5
    assert norms[0] >= 0


def test_dataloader(mnist):
    paths = [
        f"{mnist}/train-{each}.gz"
        for each in ("images-idx3-ubyte", "labels-idx1-ubyte")
    ]
    data = ndl.data.MNISTDataset(*paths)
    loader = ndl.data.DataLoader(data, batch_size=7)
    for i, batch in enumerate(loader):
        X, y = batch[0].numpy(), batch[1].numpy()
        true_X, true_y = data[i * 7 : (i + 1) * 7]
        np.testing.assert_allclose(true_X, X)
        np.testing.assert_allclose(true_y, y)
    unshuffled = iter(ndl.data.DataLoader(data, batch_size=10, shuffle=False))
    np.random.seed(0)
    shuffled = iter(ndl.data.DataLoader(data, batch_size=10, shuffle=True))
    assert not np.allclose(next(unshuffled)[0].numpy(), next(shuffled)[0].numpy())

    for size in (1, 3):
        arrays = ndl.data.NDArrayDataset(np.arange(10), np.arange(10))
        loader = iter(ndl.data.DataLoader(arrays, batch_size=size))
        assert next(loader)[0].numpy().tolist() == list(range(size))
    np.random.seed(0)
    order = np.random.permutation(100)
    np.random.seed(0)
    arrays = ndl.data.NDArrayDataset(np.arange(100))
    batches = ndl.data.DataLoader(dataset=arrays, batch_size=10, shuffle=True)
    got = np.concatenate([batch[0].numpy() for batch in batches])
    np.testing.assert_array_equal(got, order)


def test_two_networks_against_each_other():
    """As in the lectures' notebooks: one draws, one judges, two losses are added."""
    np.random.seed(0)
    A = np.array([[1, 2], [-0.2, 0.5]])
    data = np.random.normal(0, 1, (60, 2)) @ A + np.array([2, 1])
    draw = nn.Sequential(nn.Linear(2, 2))
    judge = nn.Sequential(
        nn.Linear(2, 20), nn.ReLU(), nn.Linear(20, 10), nn.ReLU(), nn.Linear(10, 2)
    )
    loss_of = nn.SoftmaxLoss()
    opt_draw = ndl.optim.Adam(draw.parameters(), lr=0.01)
    opt_judge = ndl.optim.Adam(judge.parameters(), lr=0.01)

    start = draw.parameters()[1].numpy()
    for _ in range(200):
        real = ndl.Tensor(data[np.random.randint(60, size=20)])
        noise = ndl.Tensor(np.random.normal(0, 1, (20, 2)))
        drawn = draw(noise)

        opt_draw.reset_grad()
        fooled = loss_of(judge(drawn), ndl.ones(20, dtype="int32"))
        fooled.backward()
        opt_draw.step()

        opt_judge.reset_grad()
        loss = loss_of(judge(drawn.detach()), ndl.zeros(20, dtype="int32"))
        loss = loss + loss_of(judge(real), ndl.ones(20, dtype="int32"))
        loss.backward()
        opt_judge.step()
    weight, bias = draw.parameters()
    assert (weight.shape, bias.shape) == ((2, 2), (1, 2))
    assert np.abs(bias.numpy() - [[2, 1]]).sum() < np.abs(start - [[2, 1]]).sum()
