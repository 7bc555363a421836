"""What does not fit a layer is told before it is computed with, and where it is."""

from __future__ import annotations

import pickle

import needle as ndl
import numpy as np
import pytest
from needle import nn

SAID = {
    "images": (
        nn.Linear(784, 100),
        [(10, 28, 28, 1)],
        "Linear(in_features=784, out_features=100): the input has shape"
        " (10, 28, 28, 1), not (n, 784): put Flatten() before it",
    ),
    "one example": (
        nn.Linear(4, 3),
        [(4,)],
        "Linear(in_features=4, out_features=3): the input has shape (4,), not"
        " (n, 4): make a batch of one of it, x.reshape((1, 4))",
    ),
    "another length": (
        nn.Linear(4, 3),
        [(2, 3)],
        "Linear(in_features=4, out_features=3): the input has shape (2, 3), not (n, 4)",
    ),
    "a number": (
        nn.Linear(4, 3),
        [()],
        "Linear(in_features=4, out_features=3): the input has shape (), not (n, 4)",
    ),
    "layer norm of one feature for all": (
        nn.LayerNorm1d(3),
        [(4, 1)],
        "LayerNorm1d(dim=3, eps=1e-05): the input has shape (4, 1), not (n, 3)",
    ),
    "layer norm of sequences": (
        nn.LayerNorm1d(3),
        [(2, 5, 3)],
        "LayerNorm1d(dim=3, eps=1e-05): the input has shape (2, 5, 3), not (n, 3):"
        " make one axis of all but the last, and reshape the output back",
    ),
    "batch norm of images": (
        nn.BatchNorm1d(3),
        [(2, 4, 4, 3)],
        "BatchNorm1d(dim=3, eps=1e-05, momentum=0.1): the input has shape"
        " (2, 4, 4, 3), not (n, 3): make one axis of all but the last, and reshape"
        " the output back",
    ),
    "batch norm of nothing": (
        nn.BatchNorm1d(3),
        [(0, 3)],
        "BatchNorm1d(dim=3, eps=1e-05, momentum=0.1): an empty batch has no"
        " statistics to train with",
    ),
    "labels as one-hot": (
        nn.SoftmaxLoss(),
        [(5, 3), (5, 3)],
        "SoftmaxLoss(): logits have shape (5, 3) and labels (5, 3), not (n, k) and"
        " (n,): labels are the numbers of classes, not one-hot",
    ),
    "labels in a column": (
        nn.SoftmaxLoss(),
        [(5, 3), (5, 1)],
        "SoftmaxLoss(): logits have shape (5, 3) and labels (5, 1), not (n, k) and"
        " (n,)",
    ),
    "too few labels": (
        nn.SoftmaxLoss(),
        [(5, 3), (1,)],
        "SoftmaxLoss(): logits have shape (5, 3) and labels (1,), not (n, k) and (n,)",
    ),
    "the logits of one example": (
        nn.SoftmaxLoss(),
        [(3,), (3,)],
        "SoftmaxLoss(): logits have shape (3,) and labels (3,), not (n, k) and (n,)",
    ),
    "a loss of nothing": (
        nn.SoftmaxLoss(),
        [(0, 3), (0,)],
        "SoftmaxLoss(): there are no examples, hence no mean",
    ),
}


@pytest.mark.parametrize("layer, shapes, said", SAID.values(), ids=SAID)
def test_the_line_is(layer, shapes, said):
    with pytest.raises(ValueError) as error:
        layer(*[ndl.init.zeros(*shape) for shape in shapes])
    assert str(error.value) == said


@pytest.mark.parametrize(
    "layer, args, said",
    [
        (
            nn.Linear(2, 3),
            ([[1, 2]],),
            "Linear(in_features=2, out_features=3): it takes a tensor, not a list",
        ),
        (
            nn.LayerNorm1d(2),
            (None,),
            "LayerNorm1d(dim=2, eps=1e-05): it takes a tensor, not a NoneType",
        ),
        (
            nn.SoftmaxLoss(),
            ([[1, 2]], [0]),
            "SoftmaxLoss(): logits are a tensor, not a list",
        ),
    ],
)
def test_what_is_no_tensor(layer, args, said):
    with pytest.raises(ValueError) as error:
        layer(*args)
    assert str(error.value) == said


def test_the_layer_is_found_in_the_network():
    blocks = [
        nn.Residual(nn.Sequential(nn.LayerNorm1d(4), nn.Linear(3, 4))) for _ in range(2)
    ]
    net = nn.Sequential(nn.Linear(2, 4), nn.Flatten(), *blocks)
    blocks[0].fn.modules[1].in_features = 4  # only the second block is wrong
    blocks[0].fn.modules[1].weight = nn.Parameter(ndl.init.ones(4, 4))
    with pytest.raises(ValueError) as error:
        net(ndl.init.ones(5, 2))
    assert str(error.value) == (
        "Linear(in_features=3, out_features=4) at modules.3.fn.modules.1 of"
        " Sequential: the input has shape (5, 4), not (n, 3)"
    )
    kept = pickle.loads(pickle.dumps(error.value))
    assert kept.why == "the input has shape (5, 4), not (n, 3)"


def test_what_fits_is_not_refused():
    rows = ndl.init.ones(0, 3)
    assert nn.BatchNorm1d(3).eval()(rows).shape == (0, 3)
    assert nn.LayerNorm1d(3)(rows).shape == (0, 3)
    assert nn.SoftmaxLoss()(ndl.init.ones(2, 3), [0, 1]).shape == ()
    assert nn.Linear(3, 2)(np.ones((2, 3), dtype="float32")).shape == (2, 2)


def test_labels_that_no_class_has():
    for label in (-1, 3):
        with pytest.raises(IndexError, match=rf"{label}.* in 0 \.\. 2"):
            nn.SoftmaxLoss()(ndl.init.ones(2, 3), ndl.Tensor([1, label]))


def test_an_error_of_forward_itself_stays_as_it_is():
    class Wrong(nn.Module):
        def forward(self, x):
            raise ValueError("mine")

    with pytest.raises(ValueError) as error:
        nn.Sequential(Wrong())(1)
    assert str(error.value) == "mine"


def test_a_layer_with_a_forward_of_its_own_takes_what_it_likes():
    class OfImages(nn.BatchNorm1d):
        def forward(self, x, scale=1):
            rows = x.reshape((-1, x.shape[-1]))
            return super().forward(rows).reshape(x.shape) * scale

    class Further(OfImages):
        pass

    images = ndl.init.randn(2, 3, 3, 4)
    for kind in (OfImages, Further):
        assert kind(4)(images, scale=2).shape == images.shape
    assert type("Same", (nn.Linear,), {})(4, 3).misfit(images) is None
    with pytest.raises(ValueError, match=r"^Same\(in_features=2, .*not \(n, 2\)"):
        type("Same", (nn.Linear,), {})(2, 3)(images)
