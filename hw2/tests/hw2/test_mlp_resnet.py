"""Public tests of homework 2, question 19: the network, an epoch, all of training.

Run them with ``python3 -m pytest -k test_mlp``. A failing test says which property
broke.
"""

import idx_files
import layer_loops
import loops
import mlp_resnet
import needle as ndl
import numpy as np
import pytest
import resnet_loops
from alive import assert_no_pile, quick_collections
from needle import nn
from needle.data import DataLoader, NDArrayDataset
from numeric import assert_close
from toys import Plain, Watched

NORMS = pytest.mark.parametrize("norm", [nn.BatchNorm1d, nn.LayerNorm1d])
# features, units in the middle, blocks, classes
NETWORKS = pytest.mark.parametrize(
    "dim, hidden, blocks, classes", [(6, 8, 1, 3), (5, 7, 2, 4), (9, 4, 0, 2)]
)


def unlike(model):
    """Change every parameter, so that none is neutral; return them as arrays."""
    rng = np.random.default_rng(7)
    for p in model.parameters():
        moved = p.numpy() + rng.uniform(0.1, 0.5, p.shape)
        p.data = ndl.Tensor(moved, dtype="float32")
    return [p.numpy().astype(np.float64) for p in model.parameters()]


def drawn(*sizes):
    """Return weights and biases as Linear layers of these sizes draw them."""
    layers = [nn.Linear(features, units) for features, units in sizes]
    return [(layer.weight.numpy(), layer.bias.numpy()) for layer in layers]


def neutral(units):
    """Return weight and bias of a norm to begin with."""
    return np.ones(units), np.zeros(units)


def assert_parameters(model, wanted, what):
    """Compare all parameters of a model, in their order, with arrays."""
    found = [p.numpy() for p in model.parameters()]
    shapes = [p.shape for p in found]
    assert len(found) == len(wanted), f"{what}: parameters of shapes {shapes}"
    for i, (got, want) in enumerate(zip(found, wanted, strict=True)):
        assert_close(got, want, f"parameter {i} of {what}")


# ------------------------------------------------------------------- ResidualBlock


@pytest.mark.parametrize("dim, hidden", [(15, 6), (4, 30)])
@NORMS
def test_mlp_residual_block_parameters(dim, hidden, norm):
    np.random.seed(1)
    block = mlp_resnet.ResidualBlock(dim, hidden, norm)
    np.random.seed(1)
    first, second = drawn((dim, hidden), (hidden, dim))
    wanted = [*first, *neutral(hidden), *second, *neutral(dim)]
    what = "a block: Linear, norm, Linear, norm, made in this order"
    assert_parameters(block, wanted, what)


def test_mlp_residual_block_forward():
    x = np.random.default_rng(2).standard_normal((5, 4))
    for norm, of_norm in (
        (nn.BatchNorm1d, resnet_loops.in_evaluation),
        (nn.LayerNorm1d, layer_loops.layernorm),
    ):
        block = mlp_resnet.ResidualBlock(4, 6, norm)
        weights = unlike(block)
        block.eval()
        out = block(ndl.Tensor(x, dtype="float32")).numpy()
        claim = f"a block with {norm.__name__}, in evaluation: relu(x + f(x))"
        assert_close(out, resnet_loops.block(x, weights, of_norm), claim)


@pytest.mark.parametrize("drop_prob", [0.1, 0.6])
def test_mlp_residual_block_in_training(drop_prob):
    x = np.random.default_rng(3).standard_normal((7, 4))
    block = mlp_resnet.ResidualBlock(4, 6, drop_prob=drop_prob)
    weights = unlike(block)
    np.random.seed(5)
    out = block(ndl.Tensor(x, dtype="float32")).numpy()
    np.random.seed(5)
    keep = 1 - drop_prob
    mask = np.array(
        [[float(u <= keep) / keep for u in row] for row in np.random.rand(7, 6)]
    )
    claim = f"a block in training: BatchNorm1d, and Dropout({drop_prob}) behind ReLU"
    wanted = resnet_loops.block(x, weights, layer_loops.batchnorm, mask)
    assert_close(out, wanted, claim, rtol=1e-3, atol=1e-4)


# ----------------------------------------------------------------------- MLPResNet


@NETWORKS
@NORMS
def test_mlp_resnet_parameters(dim, hidden, blocks, classes, norm):
    np.random.seed(4)
    model = mlp_resnet.MLPResNet(dim, hidden, blocks, classes, norm)
    np.random.seed(4)
    half = hidden // 2
    inside = [(hidden, half), (half, hidden)] * blocks
    first, *middle, last = drawn((dim, hidden), *inside, (hidden, classes))
    wanted = [*first]
    for number, pair in enumerate(middle):
        wanted += [*pair, *neutral(hidden if number % 2 else half)]
    what = f"a network of {blocks} blocks, its layers made as they follow each other"
    assert_parameters(model, [*wanted, *last], what)


@NETWORKS
def test_mlp_resnet_forward(dim, hidden, blocks, classes):
    x = np.random.default_rng(6).standard_normal((4, dim))
    for norm, of_norm in (
        (nn.BatchNorm1d, resnet_loops.in_evaluation),
        (nn.LayerNorm1d, layer_loops.layernorm),
    ):
        model = mlp_resnet.MLPResNet(dim, hidden, blocks, classes, norm)
        weights = unlike(model)
        model.eval()
        out = model(ndl.Tensor(x, dtype="float32")).numpy()
        claim = f"{blocks} blocks with {norm.__name__}, in evaluation"
        wanted = resnet_loops.network(x, weights, of_norm)
        assert_close(out, wanted, claim, rtol=1e-3, atol=1e-4)


def test_mlp_resnet_drop_prob_reaches_the_blocks():
    x = ndl.Tensor(np.random.default_rng(8).standard_normal((6, 5)), dtype="float32")
    for drop_prob, same in ((0.0, True), (0.5, False)):
        model = mlp_resnet.MLPResNet(5, 20, 2, 3, drop_prob=drop_prob)
        first, second = model(x).numpy(), model(x).numpy()
        assert np.allclose(first, second) == same, (
            f"drop_prob={drop_prob}: the outputs of two calls in training"
            f" {'differ' if same else 'are the same'}"
        )


def test_mlp_resnet_backward_reaches_every_parameter():
    model = mlp_resnet.MLPResNet(5, 6, 2, 3)
    unlike(model)
    x = ndl.Tensor(np.random.default_rng(9).standard_normal((8, 5)), dtype="float32")
    nn.SoftmaxLoss()(model(x), ndl.Tensor(np.arange(8) % 3)).backward()
    for i, p in enumerate(model.parameters()):
        assert p.grad is not None, f"no gradient reaches parameter {i}, {p.shape}"
        assert p.grad.shape == p.shape, f"the gradient of {p.shape} is {p.grad.shape}"


# --------------------------------------------------------------------------- epoch


def examples(n):
    """Return images, labels of three classes, and the weight of a small model."""
    rng = np.random.default_rng(n)
    X = rng.standard_normal((n, 28, 28, 1)).astype(np.float32)
    y = rng.integers(3, size=n).astype(np.uint8)
    return X, y, 0.1 * rng.standard_normal((784, 3))


def batches_of(X, y, batch):
    """Return rows of pixels and labels, a pair for each batch."""
    rows = X.reshape(len(X), 784).astype(np.float64)
    return [
        (rows[start : start + batch], y[start : start + batch])
        for start in range(0, len(X), batch)
    ]


def mistakes(Z, y):
    """Return how many rows are largest where the label does not say."""
    pairs = zip(Z.tolist(), y.tolist(), strict=True)
    return sum(row.index(max(row)) != label for row, label in pairs)


def check_result(result, errors, losses, sizes, what):
    """Compare what `epoch` returned with the batches' errors, losses and sizes."""
    error, loss = result
    claim = f"{what}: the error is the share of wrong answers among all examples"
    assert_close(error, sum(errors) / sum(sizes), claim, rtol=1e-6)
    weighted = sum(a * b for a, b in zip(losses, sizes, strict=True)) / sum(sizes)
    claim = f"{what}: the loss is the mean loss of all examples"
    if not np.isclose(loss, sum(losses) / len(losses), rtol=1e-4):  # of all batches
        assert_close(loss, weighted, claim)


@pytest.mark.parametrize("n, batch", [(12, 4), (11, 4), (5, 8)])
def test_mlp_eval_epoch(n, batch):
    X, y, weight = examples(n)
    model = Plain(weight)
    result = mlp_resnet.epoch(DataLoader(NDArrayDataset(X, y), batch), model)
    cut = batches_of(X, y, batch)
    check_result(
        result,
        [mistakes(rows @ weight, labels) for rows, labels in cut],
        [loops.softmax_loss(rows @ weight, labels) for rows, labels in cut],
        [len(labels) for _, labels in cut],
        f"evaluation of {n} examples in batches of {batch}",
    )
    assert model.modes == {False}, "without an optimizer the model is in evaluation"
    shapes = [rows.shape for rows, _ in cut]
    assert model.shapes == shapes, f"the model got {model.shapes}, should be {shapes}"


@pytest.mark.parametrize("n, batch", [(12, 4), (11, 4), (5, 8)])
def test_mlp_train_epoch(n, batch):
    X, y, weight = examples(n)
    model = Plain(weight)
    model.eval()
    opt = ndl.optim.SGD(model.parameters(), lr=0.05)
    result = mlp_resnet.epoch(DataLoader(NDArrayDataset(X, y), batch), model, opt)
    errors, losses, sizes = [], [], []
    for rows, labels in batches_of(X, y, batch):
        errors.append(mistakes(rows @ weight, labels))
        losses.append(loops.softmax_loss(rows @ weight, labels))
        sizes.append(len(labels))
        weight = loops.softmax_regression_epoch(rows, labels, weight, 0.05, batch)
    what = f"training on {n} examples in batches of {batch}, before each step"
    check_result(result, errors, losses, sizes, what)
    claim = "the weight after an epoch of SGD, a step for each batch"
    assert_close(model.weight.numpy(), weight, claim)
    assert model.modes == {True}, "with an optimizer the model is in training"


def test_mlp_eval_epoch_changes_nothing():
    X, y, _ = examples(9)
    model = mlp_resnet.MLPResNet(784, 6, 1, 3)
    weights = unlike(model)
    norms = [each for each in _inside(model) if isinstance(each, nn.BatchNorm1d)]
    before = [each.running_mean.numpy().copy() for each in norms]
    loader = DataLoader(NDArrayDataset(X, y), 4)
    first, second = (mlp_resnet.epoch(loader, model) for _ in range(2))
    assert first == second, f"evaluated twice: {first}, then {second}"
    assert_parameters(model, weights, "a network that was evaluated")
    for norm, mean in zip(norms, before, strict=True):
        assert_close(norm.running_mean.numpy(), mean, "running_mean, after evaluation")


def _inside(model):
    return nn.nn_basic._child_modules(model)


def test_mlp_train_epoch_goes_back_to_training():
    X, y, _ = examples(8)
    model = mlp_resnet.MLPResNet(784, 6, 1, 3)
    opt = ndl.optim.Adam(model.parameters(), lr=0.01)
    loader = DataLoader(NDArrayDataset(X, y), 4, shuffle=True)
    for chosen, training in ((opt, True), (None, False), (opt, True)):
        mlp_resnet.epoch(loader, model, chosen)
        for module in _inside(model):
            name = type(module).__name__
            assert module.training == training, f"{name}.training: {module.training}"


def test_mlp_epoch_results_are_numbers():
    X, y, weight = examples(5)
    for chosen in (None, ndl.optim.SGD([nn.Parameter(weight)])):
        result = mlp_resnet.epoch(
            DataLoader(NDArrayDataset(X, y), 2), Plain(weight), chosen
        )
        for name, value in zip(("error", "loss"), result, strict=True):
            assert isinstance(value, (float, np.floating)), (
                f"the {name} is a {type(value).__name__}, which may hold on to a graph"
            )


def test_mlp_train_epoch_forgets_the_graph_of_each_step():
    X, y, weight = examples(30)

    def train(times):
        model = Watched(weight)
        opt = ndl.optim.Adam(model.parameters(), lr=1e-3)
        loader = DataLoader(NDArrayDataset(X, y), 30 // times)
        return mlp_resnet.epoch(loader, model, opt), model, opt

    assert_no_pile(train, "what an epoch adds up should be numbers, not tensors")
    with quick_collections():
        _, model, _ = train(30)
    early, late = model.held[2], model.held[-1]
    assert late < early + 20, (
        f"what an epoch adds up should be numbers: before step 3 {early} tensors are"
        f" held, before step 30 {late}"
    )


# --------------------------------------------------------------------- train_mnist


@pytest.fixture
def mnist_folder(tmp_path):
    """Write four small files: labels can be told from where an image is bright."""
    rng = np.random.default_rng(10)
    for part, m in (("train", 90), ("t10k", 40)):
        labels = (np.arange(m) * 7 % 10).astype(np.uint8)
        images = rng.integers(120, size=(m, 28, 28)).astype(np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[2 * label : 2 * label + 4, 5:20] += 130
        idx_files.write_images(tmp_path / f"{part}-images-idx3-ubyte.gz", images)
        idx_files.write_labels(tmp_path / f"{part}-labels-idx1-ubyte.gz", labels)
    return tmp_path


def set_of(folder, part):
    """Return a data set of one pair of files."""
    names = f"{part}-images-idx3-ubyte.gz", f"{part}-labels-idx1-ubyte.gz"
    return ndl.data.MNISTDataset(str(folder / names[0]), str(folder / names[1]))


@pytest.mark.parametrize("epochs", [1, 3])
def test_mlp_train_mnist_is_so_many_epochs(mnist_folder, epochs):
    result = mlp_resnet.train_mnist(
        batch_size=16,
        epochs=epochs,
        optimizer=ndl.optim.SGD,
        lr=0.3,
        weight_decay=0.02,
        hidden_dim=12,
        data_dir=str(mnist_folder),
    )
    np.random.seed(4)
    network = mlp_resnet.MLPResNet(784, hidden_dim=12)
    sgd = ndl.optim.SGD(network.parameters(), 0.3, weight_decay=0.02)
    shuffled = DataLoader(set_of(mnist_folder, "train"), shuffle=True, batch_size=16)
    for _ in range(epochs):
        wanted = mlp_resnet.epoch(shuffled, network, sgd)
    tests = DataLoader(set_of(mnist_folder, "t10k"), batch_size=16)
    wanted = [*wanted, *mlp_resnet.epoch(tests, network)]
    names = ("training error", "training loss", "test error", "test loss")
    for name, got, want in zip(names, result, wanted, strict=True):
        claim = f"the {name} of the last of {epochs} epochs, as trained step by step"
        assert_close(got, want, claim, rtol=1e-3, atol=1e-4)


def test_mlp_train_mnist_learns(mnist_folder):
    folder = str(mnist_folder)
    result = mlp_resnet.train_mnist(
        10, epochs=12, lr=0.01, hidden_dim=24, data_dir=folder
    )
    for name, error in (("training", result[0]), ("test", result[2])):
        assert error <= 0.2, (
            f"after 12 epochs the {name} error is {error:.2f}, of images that can be"
            " told apart at a glance"
        )
