"""Try one layer: its parameters and gradients, the types it keeps, its modes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import needle as ndl
import numpy as np
from gradient_check import gradient_check
from numeric import assert_close

# A report shows the test and your code, not what is between them.
__tracebackhide__ = True


def put(layer: Any, **arrays: Any) -> Any:
    """Give a layer tensors made of these arrays as attributes; return the layer."""
    for name, array in arrays.items():
        setattr(layer, name, ndl.Tensor(array, requires_grad=True))
    return layer


def layer_gradient_check(
    layer: Any, x: np.ndarray, order: int = 1, **parameters: np.ndarray
) -> None:
    """Compare a layer's gradients, in input and parameters, with measured ones."""

    def call(inputs: ndl.Tensor, *tensors: ndl.Tensor) -> ndl.Tensor:
        for name, tensor in zip(parameters, tensors, strict=True):
            setattr(layer, name, tensor)
        return layer(inputs)

    words = ["x", *parameters]
    call.__name__ = f"{type(layer).__name__}, a function of {', '.join(words)}"
    arrays = [x, *parameters.values()]
    # twice differentiated the error of measuring is larger
    rtol, atol = (1e-6, 1e-7) if order == 1 else (1e-5, 1e-6)
    gradient_check(call, *arrays, backward=True, order=order, rtol=rtol, atol=atol)


def assert_parameters(layer: Any, names: Sequence[str]) -> None:
    """Fail unless just these attributes are the layer's parameters, in this order."""
    kind = type(layer).__name__
    for name in names:
        each = getattr(layer, name)
        assert isinstance(each, ndl.nn.Parameter), (
            f"{kind}.{name} is a {type(each).__name__}: make it a Parameter, else no"
            " optimizer finds it"
        )
        assert each.requires_grad, f"{kind}.{name} does not require a gradient"
    found = [id(each) for each in layer.parameters()]
    wanted = [id(getattr(layer, name)) for name in names]
    assert found == wanted, f"the parameters of {kind} should be {', '.join(names)}"


def assert_keeps_float32(layer: Any, shape: tuple[int, ...]) -> None:
    """Fail where a layer of float32 turns float32 into something else."""
    rng = np.random.default_rng(0)
    x = ndl.Tensor(rng.uniform(0.5, 2, shape), dtype="float32")
    out = layer(x)
    kind = type(layer).__name__
    assert out.dtype == np.float32, f"{kind} of a float32 input became {out.dtype}"
    out.backward()
    for name, each in [("x", x), *((p.shape, p) for p in layer.parameters())]:
        assert each.grad.dtype == np.float32, (
            f"{kind}: the gradient in {name} became {each.grad.dtype}"
        )


def assert_steady(layer: Any, shape: tuple[int, ...]) -> None:
    """Fail where evaluation does otherwise than training, or where x is changed."""
    kind = type(layer).__name__
    array = np.random.default_rng(1).standard_normal(shape)
    x = ndl.Tensor(array)
    in_training = layer(x).numpy()
    layer.eval()
    for calls in ("in evaluation", "in evaluation, the same once more"):
        assert_close(layer(x).numpy(), in_training, f"{kind}, {calls}", rtol=1e-9)
    layer.train()
    claim = f"{kind} should leave its input as it is"
    assert_close(x.numpy(), array, claim, rtol=0, atol=0)
