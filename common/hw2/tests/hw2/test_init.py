"""Public tests of homework 2, question 1: how large weights are to begin with.

Run them with ``python3 -m pytest -k test_init``. A failing test says which property
broke.
"""

import math

import needle as ndl
import numpy as np
import pytest
from numeric import assert_close
from shares import assert_normal, assert_uniform

# How far the weights reach, or how large they typically are, for inputs and outputs.
BOUND = {
    "xavier_uniform": lambda *fans: math.sqrt(6 / sum(fans)),
    "kaiming_uniform": lambda *fans: math.sqrt(6 / fans[0]),
}
STD = {
    "xavier_normal": lambda *fans: math.sqrt(2 / sum(fans)),
    "kaiming_normal": lambda *fans: math.sqrt(2 / fans[0]),
}
EVERY = pytest.mark.parametrize("name", [*BOUND, *STD])
# as many inputs as outputs, clearly fewer, clearly more: a wrong fan shows
FANS = pytest.mark.parametrize("fans", [(60, 60), (20, 180), (300, 12)])


def drawn(name, fans, **settings):
    """Return weights as an array, the same ones at every call."""
    np.random.seed(17)
    return getattr(ndl.init, name)(*fans, **settings).numpy()


def check_uniform(name, fans):
    bound = BOUND[name](*fans)
    assert_uniform(drawn(name, fans), bound, f"{name}{fans}")


def check_normal(name, fans):
    assert_normal(drawn(name, fans), STD[name](*fans), f"{name}{fans}")


@FANS
def test_init_xavier_uniform(fans):
    check_uniform("xavier_uniform", fans)


@FANS
def test_init_xavier_normal(fans):
    check_normal("xavier_normal", fans)


@FANS
def test_init_kaiming_uniform(fans):
    check_uniform("kaiming_uniform", fans)


@FANS
def test_init_kaiming_normal(fans):
    check_normal("kaiming_normal", fans)


@EVERY
def test_init_draws_one_number_a_weight(name):
    weights = drawn(name, (7, 3))
    next_number = np.random.rand()
    np.random.seed(17)
    numbers = np.random.rand(7, 3) if name in BOUND else np.random.randn(7, 3)
    wanted = [
        # a draw from [0, 1) goes to the same place between -bound and bound
        [
            (
                BOUND[name](7, 3) * (u - 0.5) * 2
                if name in BOUND
                else STD[name](7, 3) * u
            )
            for u in row
        ]
        for row in numbers.tolist()
    ]
    claim = f"{name}(7, 3) of one call of {'rand' if name in BOUND else 'randn'}"
    assert_close(weights, wanted, claim, rtol=1e-5, atol=1e-7)
    claim = f"{name}(7, 3) should draw 21 numbers and no more"
    assert_close(next_number, np.random.rand(), claim, rtol=0, atol=0)


@pytest.mark.parametrize("name", ["xavier_uniform", "xavier_normal"])
@pytest.mark.parametrize("gain", [3.0, 0.25])
def test_init_xavier_gain(name, gain):
    claim = f"{name} with gain={gain}: every weight {gain} times what it is with gain 1"
    wanted = gain * drawn(name, (9, 5))
    assert_close(drawn(name, (9, 5), gain=gain), wanted, claim)


@EVERY
def test_init_keeps_the_variance(name):
    # a layer that has as many outputs as inputs, behind it ReLU for Kaiming
    rng = np.random.default_rng(5)
    before = rng.standard_normal((200, 400))
    after = before @ drawn(name, (400, 400))
    if name.startswith("kaiming"):
        after = np.where(after > 0, after, 0)
    sizes = [float((values**2).mean()) for values in (before, after)]
    what = "a layer and ReLU" if name.startswith("kaiming") else "a layer"
    claim = f"{name}: {what} should leave the mean square of its input as it is"
    assert_close(sizes[1], sizes[0], claim, rtol=0.1)


@EVERY
def test_init_passes_its_keywords_on(name):
    make = getattr(ndl.init, name)
    plain = make(4, 6)
    assert isinstance(plain, ndl.Tensor), f"{name} returned a {type(plain).__name__}"
    assert plain.shape == (4, 6), f"{name}(4, 6) has shape {plain.shape}"
    assert plain.dtype == np.float32, f"{name} gave {plain.dtype}, not float32"
    assert not plain.requires_grad, f"{name} should not require a gradient by itself"
    asked = make(4, 6, dtype="float64", requires_grad=True, device=ndl.cpu())
    assert asked.dtype == np.float64, f"{name}: dtype='float64' gave {asked.dtype}"
    assert asked.requires_grad, f"{name}: requires_grad=True was lost"
