"""Tensors, the graph that computing with them leaves behind, and its gradients.

A `Tensor` is a node of a graph: ``op`` says how its value comes from those of its
``inputs``; a leaf has no op. Values are computed as soon as a node is made, unless
`LAZY_MODE` is set. `Tensor.backward` walks the graph from an output to its leaves and
leaves a gradient, itself a node of a graph, in ``.grad`` of every node on the way.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

import numpy

import needle

from . import grad_mode
from .arrays import device_of, new_array
from .backend_selection import (
    Device,
    NDArray,
    all_devices,
    array_api,
    cpu,
    default_device,
)

from .checks import (
    FAILURES,
    check_gradients,
    check_operands,
    check_result,
    explain_failure,
    same_shapes,
)
from .operands import (
    beside,
    broadcast_shape,
    constant_like,
    factor_like,
    instead_of_numpy,
    on_numbers,
)

# Compute a value only when somebody asks for it.
LAZY_MODE = False
# How many values are alive now.
TENSOR_COUNTER = 0


class Op:
    """An operation: how a value comes from others, and how gradients go back."""

    # Shapes of inputs are made equal by broadcasting before `compute`.
    elementwise = False

    def __call__(self, *args: Value) -> Value:
        """Return the node that applies this operation to its arguments."""
        raise NotImplementedError(f"{type(self).__name__}.__call__")

    def compute(self, *args: NDArray) -> Any:
        """Return the value: an array (a tuple of them for a tuple op) from arrays."""
        raise NotImplementedError(f"{type(self).__name__}.compute")

    def gradient(self, out_grad: Any, node: Any) -> Any:
        """Return what flows back into each input.

        Args:
            out_grad: the gradient of the final output in this node, a tensor of the
                shape of ``node``.
            node: the node of this operation; its inputs are ``node.inputs``.

        Returns:
            One tensor for each input, of the input's shape, in a tuple; for a single
            input also without the tuple. They are built from operations of needle, so
            that they can be differentiated again. Where a gradient is much work, None
            is enough for an input whose ``requires_grad`` is False.
        """
        raise NotImplementedError(f"{type(self).__name__}.gradient")

    def gradient_as_tuple(self, out_grad: Any, node: Any) -> tuple[Any, ...]:
        """Return the result of `gradient` as a tuple, one gradient for each input.

        Raises:
            TypeError, ValueError: if their number, type or a shape is not right.
        """
        gradients = self.gradient(out_grad, node)
        if isinstance(gradients, list):
            gradients = tuple(gradients)
        elif not isinstance(gradients, tuple):
            gradients = (gradients,)
        if not same_shapes(gradients, node.inputs):
            check_gradients(self, gradients, node.inputs)
        return gradients


class TensorOp(Op):
    """An operation whose result is a tensor."""

    def __call__(self, *args: Value) -> Tensor:
        """Return the tensor that applies this operation to its arguments."""
        try:
            return Tensor.make_from_op(self, args)
        except AttributeError:  # perhaps of an argument that is no tensor
            check_operands(self, args)
            raise


class TensorTupleOp(Op):
    """An operation whose result is a tuple of tensors."""

    def __call__(self, *args: Value) -> TensorTuple:
        """Return the tuple that applies this operation to its arguments."""
        return TensorTuple.make_from_op(self, args)


class Value:
    """A node of the graph."""

    op: Op | None
    inputs: Sequence[Value]
    num_outputs: int
    cached_data: Any
    requires_grad: bool
    grad: Any = None
    _counted = False

    def realize_cached_data(self) -> Any:
        """Return the value of this node, and compute it first where that is due.

        Without recursion, so that a chain may be of any length.
        """
        if self.cached_data is None:
            _realize(self)
        return self.cached_data

    def _compute(self) -> None:
        """Compute the value of this node from those of its inputs."""
        op = self.op
        arrays = [node.realize_cached_data() for node in self.inputs]
        if op.elementwise and arrays[0].shape != arrays[1].shape:
            arrays = self._broadcast_inputs(arrays)
        try:
            data = op.compute(*arrays)
        except FAILURES as error:
            raise explain_failure(error, op, self.inputs) from error
        self.cached_data = data if type(data) is NDArray else check_result(data, self)
        if not self.requires_grad:  # a constant: how it came about is not needed
            self.op, self.inputs = None, ()

    def _broadcast_inputs(self, arrays: list[NDArray]) -> list[NDArray]:
        """Put a `broadcast_to` before inputs that do not have the common shape.

        Their gradients then have their own shapes: that of `broadcast_to` sums over
        what it had repeated.
        """
        try:
            common = broadcast_shape(arrays[0].shape, arrays[1].shape)
        except ValueError as error:
            raise explain_failure(error, self.op, self.inputs) from None
        self.inputs = tuple(
            node if array.shape == common else needle.ops.broadcast_to(node, common)
            for node, array in zip(self.inputs, arrays, strict=True)
        )
        return [node.realize_cached_data() for node in self.inputs]

    def is_leaf(self) -> bool:
        """Return whether this node was not computed from others."""
        return self.op is None

    def __del__(self) -> None:
        global TENSOR_COUNTER
        if self._counted:
            TENSOR_COUNTER -= 1

    def _init(
        self,
        op: Op | None,
        inputs: Sequence[Value],
        *,
        num_outputs: int = 1,
        cached_data: Any = None,
        requires_grad: bool | None = None,
    ) -> None:
        """Set the attributes of a new node; it requires a gradient if an input does."""
        global TENSOR_COUNTER
        if requires_grad is None:
            requires_grad = grad_mode.ENABLED and _any_requires_grad(inputs)
        self.op = op
        self.inputs = inputs
        self.num_outputs = num_outputs
        self.cached_data = cached_data
        self.requires_grad = requires_grad
        self._counted = True
        TENSOR_COUNTER += 1

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Become a copy: one value more."""
        global TENSOR_COUNTER
        for name, value in state.items():
            setattr(self, name, value)  # seen by who watches an attribute
        TENSOR_COUNTER += 1

    @classmethod
    def make_const(cls, data: Any, *, requires_grad: bool = False) -> Any:
        """Return a leaf around raw data."""
        value = cls.__new__(cls)
        value._init(None, (), cached_data=data, requires_grad=requires_grad)
        return value

    @classmethod
    def make_from_op(cls, op: Op, inputs: Sequence[Value]) -> Any:
        """Return the node that applies ``op`` to ``inputs``, computed unless lazy."""
        value = cls.__new__(cls)
        value._init(op, inputs)
        if not LAZY_MODE:
            value.realize_cached_data()
        return value


def _any_requires_grad(nodes: Sequence[Value]) -> bool:
    # Every node passes here: a plain loop takes a fifth of the time of `any(...)`.
    for node in nodes:  # noqa: SIM110
        if node.requires_grad:
            return True
    return False


def _realize(value: Value) -> None:
    """Compute a value, and before it what it needs, from left to right."""
    stack = [value]
    while stack:
        node = stack[-1]
        missing = [below for below in node.inputs if below.cached_data is None]
        if missing:
            stack.extend(reversed(missing))
            continue
        stack.pop()
        if node.cached_data is None:  # else another node needed it, too
            node._compute()


class TensorTuple(Value):
    """Several tensors as one node; its data are a tuple of arrays. Not nested."""

    def __len__(self) -> int:
        return len(self.realize_cached_data())

    def __getitem__(self, index: int) -> Tensor:
        return needle.ops.tuple_get_item(self, index)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[index] for index in range(len(self)))

    def tuple(self) -> tuple[Tensor, ...]:
        """Return the tensors in a tuple of Python's."""
        return tuple(self)

    def __repr__(self) -> str:
        return "needle.TensorTuple" + str(self.tuple())

    def __str__(self) -> str:
        return self.__repr__()

    def __add__(self, other: TensorTuple) -> TensorTuple:
        if not isinstance(other, TensorTuple):
            return NotImplemented
        assert len(self) == len(other), (
            f"a tuple of {len(self)} tensors plus one of {len(other)}"
        )
        return needle.ops.make_tuple(*[a + b for a, b in zip(self, other, strict=True)])

    def detach(self) -> TensorTuple:
        """Return a constant that shares the data."""
        return TensorTuple.make_const(self.realize_cached_data())


class Tensor(Value):
    """An array that remembers how it was computed.

    Args:
        array: a tensor, or whatever NumPy can make an array of numbers from. Another
            tensor of this device and dtype shares its data, anything else is copied.
        device: where the data lie.
        dtype: of the data; by default NumPy's choice, float64 for Python's floats.
        requires_grad: whether gradients flow here.

    >>> needle.Tensor([[1, 2], [3, 4]]).sum().backward()
    """

    def __init__(
        self,
        array: Any,
        *,
        device: Device | None = None,
        dtype: Any = None,
        requires_grad: bool = True,
        **kwargs: Any,
    ) -> None:
        if isinstance(array, Tensor):
            device = array.device if device is None else device
            dtype = array.dtype if dtype is None else dtype
            if device == array.device and dtype == array.dtype:
                data = array.realize_cached_data()
            else:
                data = Tensor._array_from_numpy(array.numpy(), device, dtype)
        else:
            device = device_of(array) if device is None else device
            data = Tensor._array_from_numpy(array, device, dtype)
        self._init(None, (), cached_data=data, requires_grad=requires_grad)

    @staticmethod
    def _array_from_numpy(numpy_array: Any, device: Device, dtype: Any) -> NDArray:
        return new_array(numpy_array, device, dtype)

    @staticmethod
    def make_from_op(op: Op, inputs: Sequence[Value]) -> Tensor:
        """Return the tensor that applies ``op`` to ``inputs``, computed unless lazy."""
        tensor = Tensor.__new__(Tensor)
        tensor._init(op, inputs)
        if not LAZY_MODE:
            tensor._compute()
        return tensor

    @staticmethod
    def make_const(data: Any, requires_grad: bool = False) -> Tensor:
        """Return a leaf around an array or number, or around another tensor's array."""
        tensor = Tensor.__new__(Tensor)
        if isinstance(data, Tensor):
            data = data.realize_cached_data()
        elif isinstance(data, numpy.generic):  # what NumPy makes of arrays without axes
            data = numpy.asarray(data)
        tensor._init(None, (), cached_data=data, requires_grad=requires_grad)
        return tensor

    @property
    def data(self) -> Tensor:
        """A constant that shares this tensor's array; assign one to replace the array.

        The new data have to be a tensor of the same dtype.
        """
        return self.detach()

    @data.setter
    def data(self, value: Tensor) -> None:
        assert isinstance(value, Tensor), (
            f"data has to be a Tensor, not {type(value).__name__}"
        )
        assert value.dtype == self.dtype, (
            f"data of dtype {value.dtype} for a tensor of dtype {self.dtype}"
        )
        self.cached_data = value.realize_cached_data()

    def detach(self) -> Tensor:
        """Return a constant that shares this tensor's array and knows no graph."""
        return Tensor.make_const(self.realize_cached_data())

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return self.realize_cached_data().shape

    @property
    def dtype(self) -> Any:
        """The type of the elements."""
        return self.realize_cached_data().dtype

    @property
    def device(self) -> Device:
        """Where the data lie."""
        return device_of(self.realize_cached_data())

    def backward(self, out_grad: Tensor | None = None) -> None:
        """Set ``.grad`` of every tensor that this one was computed from, but constants.

        Each is overwritten, nothing is added up from call to call.

        Args:
            out_grad: the gradient of some final output in this tensor, of the same
                shape; ones by default, the gradient of the sum of all its elements.
        """
        if out_grad is None:
            ones = self.device.full(self.shape, 1, dtype=self.dtype)
            out_grad = Tensor.make_const(ones)
        else:
            out_grad = self._as_out_grad(out_grad)
        if not self.requires_grad:
            warnings.warn(
                "backward() on a tensor that was computed from constants only, or"
                " inside no_grad(): there is nothing to differentiate",
                stacklevel=2,
            )
        compute_gradient_of_variables(self, out_grad)

    def _as_out_grad(self, out_grad: Any) -> Tensor:
        """Return what somebody hands to `backward` as a tensor that fits this one."""
        if not isinstance(out_grad, Tensor):
            out_grad = Tensor(out_grad, device=self.device, requires_grad=False)
        if out_grad.shape != self.shape:
            raise ValueError(
                f"backward: out_grad has shape {out_grad.shape},"
                f" the tensor {self.shape}; they have to be equal"
            )
        return out_grad

    def numpy(self) -> numpy.ndarray:
        """Return the data as a NumPy array of its own."""
        return numpy.array(self.realize_cached_data())

    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any
    ) -> Tensor:
        """Take operators over from NumPy: ``array + tensor`` is a tensor."""
        return instead_of_numpy(ufunc, method, inputs, kwargs)

    def __array_function__(
        self, function: Any, types: Any, args: Any, kwargs: Any
    ) -> Any:
        """Refuse what needle has itself; the rest of NumPy works on the numbers."""
        return on_numbers(function, args, kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> numpy.ndarray:
        if copy is False:
            raise ValueError("a Tensor gives its data as a copy only")
        return self.numpy() if dtype is None else self.numpy().astype(dtype)

    def __float__(self) -> float:
        return float(self.realize_cached_data().item())

    def __format__(self, spec: str) -> str:
        """Format a single number as one: ``f"{loss:.3f}"``."""
        return format(self.realize_cached_data().item(), spec) if spec else str(self)

    def __repr__(self) -> str:
        return f"needle.Tensor({self.realize_cached_data()})"

    def __str__(self) -> str:
        return str(self.realize_cached_data())

    # Operators build nodes: the one place where this layer reaches up to `needle.ops`.
    # A number becomes a scalar op, anything else that NumPy understands a constant.

    def __add__(self, other: Any) -> Tensor:
        if isinstance(other, Tensor):
            return needle.ops.EWiseAdd()(self, other)
        if isinstance(other, (int, float)):
            return needle.ops.AddScalar(other)(self)
        return beside(operator.add, self, other)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Tensor:
        if isinstance(other, Tensor):
            return needle.ops.EWiseMul()(self, other)
        if isinstance(other, (int, float)):
            return needle.ops.MulScalar(other)(self)
        return beside(operator.mul, self, other)

    __rmul__ = __mul__

    def __sub__(self, other: Any) -> Tensor:
        if isinstance(other, Tensor):
            return needle.ops.EWiseAdd()(self, needle.ops.Negate()(other))
        if isinstance(other, (int, float)):
            return needle.ops.AddScalar(-other)(self)
        return beside(operator.sub, self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return needle.ops.Negate()(self) + other

    def __truediv__(self, other: Any) -> Tensor:
        if isinstance(other, Tensor):
            return needle.ops.EWiseDiv()(self, other)
        if isinstance(other, (int, float)):
            return needle.ops.DivScalar(other)(self)
        return beside(operator.truediv, self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        other = constant_like(self, other)
        if other is NotImplemented:
            return NotImplemented
        return needle.ops.EWiseDiv()(other, self)

    def __pow__(self, other: Any) -> Tensor:
        if isinstance(other, Tensor):
            return needle.ops.EWisePow()(self, other)
        if isinstance(other, (int, float)):
            return needle.ops.PowerScalar(other)(self)
        return beside(operator.pow, self, other)

    def __rpow__(self, other: Any) -> Tensor:
        other = constant_like(self, other)
        if other is NotImplemented:
            return NotImplemented
        return needle.ops.EWisePow()(other, self)

    def __neg__(self) -> Tensor:
        return needle.ops.Negate()(self)

    def __matmul__(self, other: Any) -> Tensor:
        other = factor_like(self, other)
        if other is NotImplemented:
            return NotImplemented
        return needle.ops.MatMul()(self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        other = factor_like(self, other)
        if other is NotImplemented:
            return NotImplemented
        return needle.ops.MatMul()(other, self)

    def matmul(self, other: Any) -> Tensor:
        """Return the matrix product ``self @ other``."""
        return self @ other

    def sum(self, axes: int | tuple[int, ...] | None = None) -> Tensor:
        """Return the sum over some axes, by default over all of them."""
        return needle.ops.Summation(axes)(self)

    def broadcast_to(self, shape: tuple[int, ...]) -> Tensor:
        """Return this tensor repeated to a larger shape."""
        return needle.ops.BroadcastTo(shape)(self)

    def reshape(self, shape: tuple[int, ...]) -> Tensor:
        """Return the same elements, in the same order, with another shape."""
        return needle.ops.Reshape(shape)(self)

    def transpose(self, axes: tuple[int, int] | None = None) -> Tensor:
        """Return this tensor with two axes exchanged, by default the last two."""
        return needle.ops.Transpose(axes)(self)


def compute_gradient_of_variables(output_tensor: Tensor, out_grad: Tensor) -> None:
    """Set ``.grad`` of every node that ``output_tensor`` was computed from.

    Args:
        output_tensor: where the walk begins; it gets a gradient, too.
        out_grad: the gradient of some final output in ``output_tensor``.

    A node's gradient is the sum of what flows back from each of its uses; whatever
    stood in ``.grad`` before is replaced. Constants, whose ``requires_grad`` is False,
    need none. Gradients are built from operations of needle, so they have a graph of
    their own and can be differentiated again.
    """
    ### BEGIN YOUR SOLUTION hw1.compute_gradient
    raise NotImplementedError("hw1.compute_gradient: compute_gradient_of_variables is yours to write (handout, question 4 of hw1; `course carry hw1 hw3` brings yours)")
    ### END YOUR SOLUTION


def find_topo_sort(node_list: list[Value]) -> list[Value]:
    """Return every node below those in ``node_list``, and these, inputs first.

    The order is that of a post-order depth-first search: the nodes of ``node_list`` and
    the inputs of each node are visited from left to right, each node once, and a node
    comes right after the last of its inputs is done.
    """
    ### BEGIN YOUR SOLUTION hw1.topo_sort
    raise NotImplementedError("hw1.topo_sort: find_topo_sort is yours to write (handout, question 3 of hw1; `course carry hw1 hw3` brings yours)")
    ### END YOUR SOLUTION


def topo_sort_dfs(node: Value, visited: set[Value], topo_order: list[Value]) -> None:
    """Append to ``topo_order`` what is below ``node`` and not yet visited, then it."""
    ### BEGIN YOUR SOLUTION hw1.topo_sort
    raise NotImplementedError("hw1.topo_sort: topo_sort_dfs is yours to write (handout, question 3 of hw1; `course carry hw1 hw3` brings yours)")
    ### END YOUR SOLUTION


def sum_node_list(node_list: list[Value]) -> Value:
    """Return the sum of the nodes, without the 0 that Python's ``sum`` starts from."""
    return reduce(operator.add, node_list)
