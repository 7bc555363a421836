"""The names, parameters and defaults that code written for needle relies on."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import needle as ndl
import numpy as np
import pytest
from signatures import bare, find

SIGNATURES = """
needle.Tensor(array, *, device=None, dtype=None, requires_grad=True, **kwargs)
needle.autograd.Tensor._array_from_numpy(numpy_array, device, dtype)
needle.autograd.Tensor.make_from_op(op, inputs)
needle.autograd.Tensor.make_const(data, requires_grad=False)
needle.autograd.Tensor.detach(self)
needle.autograd.Tensor.backward(self, out_grad=None)
needle.autograd.Tensor.numpy(self)
needle.autograd.Tensor.matmul(self, other)
needle.autograd.Tensor.sum(self, axes=None)
needle.autograd.Tensor.broadcast_to(self, shape)
needle.autograd.Tensor.reshape(self, shape)
needle.autograd.Tensor.transpose(self, axes=None)
needle.autograd.Value.realize_cached_data(self)
needle.autograd.Value.is_leaf(self)
needle.autograd.Value._init(self, op, inputs, *, num_outputs=1, cached_data=None, \
requires_grad=None)
needle.autograd.Value.make_const(data, *, requires_grad=False)
needle.autograd.Value.make_from_op(op, inputs)
needle.autograd.TensorTuple.tuple(self)
needle.autograd.TensorTuple.detach(self)
needle.autograd.Op.compute(self, *args)
needle.autograd.Op.gradient(self, out_grad, node)
needle.autograd.Op.gradient_as_tuple(self, out_grad, node)
needle.autograd.compute_gradient_of_variables(output_tensor, out_grad)
needle.autograd.find_topo_sort(node_list)
needle.autograd.topo_sort_dfs(node, visited, topo_order)
needle.autograd.sum_node_list(node_list)
needle.ops.add(a, b)
needle.ops.add_scalar(a, scalar)
needle.ops.AddScalar(scalar)
needle.ops.multiply(a, b)
needle.ops.mul_scalar(a, scalar)
needle.ops.MulScalar(scalar)
needle.ops.power(a, b)
needle.ops.power_scalar(a, scalar)
needle.ops.PowerScalar(scalar)
needle.ops.divide(a, b)
needle.ops.divide_scalar(a, scalar)
needle.ops.DivScalar(scalar)
needle.ops.transpose(a, axes=None)
needle.ops.Transpose(axes=None)
needle.ops.reshape(a, shape)
needle.ops.Reshape(shape)
needle.ops.broadcast_to(a, shape)
needle.ops.BroadcastTo(shape)
needle.ops.summation(a, axes=None)
needle.ops.Summation(axes=None)
needle.ops.matmul(a, b)
needle.ops.negate(a)
needle.ops.log(a)
needle.ops.exp(a)
needle.ops.relu(a)
needle.ops.make_tuple(*args)
needle.ops.tuple_get_item(value, index)
needle.ops.TupleGetItem(index)
needle.ops.TupleGetItem.__call__(self, a, fold_const=True)
needle.ops.fused_add_scalars(x, c0, c1)
needle.ops.FusedAddScalars(c0, c1)
needle.init.rand(*shape, low=0.0, high=1.0, device=None, dtype='float32', \
requires_grad=False)
needle.init.randn(*shape, mean=0.0, std=1.0, device=None, dtype='float32', \
requires_grad=False)
needle.init.constant(*shape, c=1.0, device=None, dtype='float32', requires_grad=False)
needle.init.ones(*shape, device=None, dtype='float32', requires_grad=False)
needle.init.zeros(*shape, device=None, dtype='float32', requires_grad=False)
needle.init.randb(*shape, p=0.5, device=None, dtype='bool', requires_grad=False)
needle.init.one_hot(n, i, device=None, dtype='float32', requires_grad=False)
needle.init.zeros_like(array, *, device=None, requires_grad=False)
needle.init.ones_like(array, *, device=None, requires_grad=False)
needle.backend_numpy.CPUDevice.zeros(self, *shape, dtype='float32')
needle.backend_numpy.CPUDevice.ones(self, *shape, dtype='float32')
needle.backend_numpy.CPUDevice.rand(self, *shape)
needle.backend_numpy.CPUDevice.randn(self, *shape)
needle.backend_numpy.CPUDevice.one_hot(self, n, i, dtype='float32')
needle.backend_numpy.CPUDevice.empty(self, shape, dtype='float32')
needle.backend_numpy.CPUDevice.full(self, shape, fill_value, dtype='float32')
needle.backend_numpy.CPUDevice.enabled(self)
needle.backend_numpy.cpu()
needle.backend_numpy.default_device()
needle.backend_numpy.all_devices()
""".strip().splitlines()


@pytest.mark.parametrize("line", SIGNATURES, ids=lambda line: line.partition("(")[0])
def test_the_signature_is(line):
    name = line.partition("(")[0]
    assert f"{name}{bare(find(name))}" == line


@pytest.mark.parametrize("module", ["needle", "needle.ops"])
@pytest.mark.parametrize(
    "name",
    [
        *("Op", "Value", "Tensor", "TensorOp", "TensorTuple", "TensorTupleOp"),
        *("NDArray", "array_api", "numpy"),
        *("EWiseAdd", "AddScalar", "EWiseMul", "MulScalar", "EWisePow", "PowerScalar"),
        *("EWiseDiv", "DivScalar", "Transpose", "Reshape", "BroadcastTo", "Summation"),
        *("MatMul", "Negate", "Log", "Exp", "ReLU"),
        *("MakeTensorTuple", "TupleGetItem", "FusedAddScalars"),
        *("add", "add_scalar", "multiply", "mul_scalar", "power", "power_scalar"),
        *("divide", "divide_scalar", "transpose", "reshape", "broadcast_to"),
        *("summation", "matmul", "negate", "log", "exp", "relu"),
        *("make_tuple", "tuple_get_item", "fused_add_scalars"),
        *("LogSumExp", "LogSoftmax", "logsumexp", "logsoftmax"),
    ],
)
def test_the_name_is_exported(module, name):
    assert hasattr(importlib.import_module(module), name)


def test_what_else_the_package_exports():
    for name in ("ops", "init", "cpu", "all_devices", "no_grad"):
        assert hasattr(ndl, name)
    for name in ("ones", "zeros", "ones_like", "zeros_like"):
        assert getattr(ndl, name) is getattr(ndl.init, name)
    assert ndl.ops.BACKEND == "np"
    assert ndl.Tensor is ndl.autograd.Tensor is ndl.ops.Tensor


# What the original's engine has, so that one written for it can take the place of ours.
ENGINE = {
    *("NDArray", "Op", "Tensor", "TensorOp", "TensorTuple", "TensorTupleOp", "Value"),
    *("all_devices", "cpu"),
}


def test_the_rest_of_the_package_asks_little_of_the_engine():
    folder = Path(ndl.__file__).parent
    trees = {path: ast.parse(path.read_text()) for path in folder.rglob("*.py")}
    asked = {
        (path.name, alias.name)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("autograd")
        for alias in node.names
    }
    assert len(asked) > 5
    assert {(file, name) for file, name in asked if name not in ENGINE} == set()


def test_the_engine_has_its_globals():
    assert ndl.autograd.LAZY_MODE is False
    assert isinstance(ndl.autograd.TENSOR_COUNTER, int)
    assert ndl.autograd.array_api is np
    assert ndl.autograd.NDArray is np.ndarray


def test_constructor_arguments_are_attributes():
    for op, attributes in [
        (ndl.ops.AddScalar(2), {"scalar": 2}),
        (ndl.ops.Transpose((0, 1)), {"axes": (0, 1)}),
        (ndl.ops.Reshape((2, 3)), {"shape": (2, 3)}),
        (ndl.ops.BroadcastTo((2, 3)), {"shape": (2, 3)}),
        (ndl.ops.Summation(1), {"axes": 1}),
        (ndl.ops.TupleGetItem(1), {"index": 1}),
        (ndl.ops.FusedAddScalars(1, 2), {"c0": 1, "c1": 2}),
    ]:
        assert vars(op) == attributes


def test_scalars_are_kept_as_pythons_numbers():
    for given, kept in [
        (np.float64(2), 2.0),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.array([2.5]), 2.5),
        (np.array(2.5), 2.5),
        (True, True),
    ]:
        for kind in (
            ndl.ops.AddScalar,
            ndl.ops.MulScalar,
            ndl.ops.DivScalar,
            ndl.ops.PowerScalar,
        ):
            scalar = kind(given).scalar
            assert scalar == kept
            assert type(scalar) is type(kept)


def test_methods_of_tensors_that_are_operators():
    names = "add radd sub rsub mul rmul truediv rtruediv pow rpow matmul rmatmul neg"
    for name in names.split():
        assert callable(getattr(ndl.Tensor, f"__{name}__"))
