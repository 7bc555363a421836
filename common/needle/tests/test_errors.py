"""Mistakes: what is said names the operation, the shapes and the axis."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest


def of(*shape):
    return ndl.Tensor(np.ones(shape))


FAILURES = {
    "elementwise, last axis": (
        lambda: of(2, 3) + of(2),
        "EWiseAdd of (2, 3) and (2,): axis -1 has length 3 in the first and 2 in the"
        " second; lengths have to be equal, or one of them 1",
    ),
    "elementwise, an inner axis": (
        lambda: of(4, 2, 1) * of(3, 5),
        "EWiseMul of (4, 2, 1) and (3, 5): axis -2 has length 2 in the first and 3 in"
        " the second; lengths have to be equal, or one of them 1",
    ),
    "with an array": (
        lambda: of(2, 3) / np.ones(2),
        "EWiseDiv of (2, 3) and (2,): axis -1 has length 3 in the first and 2 in the"
        " second; lengths have to be equal, or one of them 1",
    ),
    "matmul, sizes": (
        lambda: of(2, 3) @ of(2, 3),
        "MatMul of (2, 3) and (2, 3): axis -1 of the first has length 3, axis -2 of the"
        " second 2; they have to be equal",
    ),
    "matmul, batches": (
        lambda: of(2, 3, 4) @ of(5, 4, 1),
        "MatMul of (2, 3, 4) and (5, 4, 1): axis -3 has length 2 in the first and 5 in"
        " the second; lengths have to be equal, or one of them 1",
    ),
    "matmul, a vector": (
        lambda: of(3) @ of(2, 3),
        "MatMul of (1, 3) and (2, 3): axis -1 of the first has length 3, axis -2 of the"
        " second 2; they have to be equal",
    ),
    "matmul, no axes": (
        lambda: of(2, 3) @ 2.0,
        "MatMul of (2, 3) and (): the second has no axes; a number multiplies with *,"
        " not @",
    ),
    "matmul, no axes on the left": (
        lambda: of() @ of(2, 3),
        "MatMul of () and (2, 3): the first has no axes; a number multiplies with *,"
        " not @",
    ),
    "reshape": (
        lambda: of(2, 3).reshape((4,)),
        "Reshape(shape=(4,)) of (2, 3): 6 elements do not fit into (4,), which holds 4",
    ),
    "reshape, -1": (
        lambda: of(2, 3).reshape((4, -1)),
        "Reshape(shape=(4, -1)) of (2, 3): 6 elements cannot be shared out over"
        " (4, -1)",
    ),
    "reshape, -1 of nothing": (
        lambda: of(2, 3).reshape((0, -1)),
        "Reshape(shape=(0, -1)) of (2, 3): 6 elements cannot be shared out over"
        " (0, -1)",
    ),
    "reshape, two unknown": (
        lambda: of(2, 3).reshape((-1, -1)),
        "Reshape(shape=(-1, -1)) of (2, 3): only one of the lengths can be -1",
    ),
    "broadcast_to, a length": (
        lambda: of(2, 3).broadcast_to((4, 3)),
        "BroadcastTo(shape=(4, 3)) of (2, 3): axis -2 has length 2 and cannot become"
        " 4; only length 1 can be repeated",
    ),
    "broadcast_to, fewer axes": (
        lambda: of(1, 3).broadcast_to((3,)),
        "BroadcastTo(shape=(3,)) of (1, 3): 2 axes cannot become 1; they can only grow"
        " in number",
    ),
    "sum, out of range": (
        lambda: of(2, 3).sum(2),
        "Summation(axes=2) of (2, 3): there is no axis 2: the tensor has 2 axes,"
        " 0 to 1",
    ),
    "sum, far too negative": (
        lambda: of(2, 3).sum((0, -3)),
        "Summation(axes=(0, -3)) of (2, 3): there is no axis -3: the tensor has 2 axes,"
        " 0 to 1",
    ),
    "sum, no axes at all": (
        lambda: of().sum(1),
        "Summation(axes=1) of (): there is no axis 1: the tensor has no axes",
    ),
    "sum, named twice": (
        lambda: of(2, 3).sum((1, -1)),
        "Summation(axes=(1, -1)) of (2, 3): axis 1 is named more than once",
    ),
    "transpose, out of range": (
        lambda: of(3).transpose((0, 1)),
        "Transpose(axes=(0, 1)) of (3,): there is no axis 1: the tensor has 1 axis",
    ),
    "transpose, too few": (
        lambda: of(3).transpose(),
        "Transpose(axes=None) of (3,): it exchanges the last two axes, and the tensor"
        " has 1 axis",
    ),
    "transpose, three": (
        lambda: of(2, 3, 4).transpose((2, 0, 1)),
        "Transpose exchanges two axes, not (2, 0, 1)",
    ),
    "transpose, one": (
        lambda: of(2, 3).transpose(1),
        "Transpose exchanges two axes, not 1",
    ),
    "not a cause of shapes": (
        lambda: ndl.Tensor([1, 2]) ** -1,
        "PowerScalar(scalar=-1) of (2,): Integers to negative integer powers are not"
        " allowed.",
    ),
    "out_grad": (
        lambda: of(2, 3).backward(of(3, 2)),
        "backward: out_grad has shape (3, 2), the tensor (2, 3); they have to be equal",
    ),
}


@pytest.mark.parametrize("do, said", FAILURES.values(), ids=FAILURES)
def test_a_failure_is_one_exact_line(do, said):
    with pytest.raises(ValueError) as error:
        do()
    assert str(error.value) == said


TYPE_FAILURES = {
    "no tensor": (
        lambda: ndl.exp(np.ones(2)),
        "Exp works on tensors; argument 0 is an ndarray",
    ),
    "a number for a tensor": (
        lambda: ndl.add(of(2), 3),
        "EWiseAdd works on tensors; argument 1 is an int",
    ),
    "a number in a product": (
        lambda: ndl.matmul(of(2, 2), 3),
        "MatMul works on tensors; argument 1 is an int",
    ),
    "a tuple of tensors": (
        lambda: ndl.multiply(of(2), ndl.ops.make_tuple(of(2), of(2))),
        "EWiseMul works on tensors; argument 1 is a TensorTuple",
    ),
    "a tensor for a number": (
        lambda: ndl.mul_scalar(of(2), of(1)),
        "the scalar of an operation is a number, not needle.Tensor([1.])",
    ),
    "a word for a number": (
        lambda: ndl.power_scalar(of(2), "two"),
        "the scalar of an operation is a number, not 'two'",
    ),
    "axes that are none": (
        lambda: ndl.summation(of(2), axes=0.0),
        "axes and lengths are integers, not 0.0",
    ),
    "a shape that is none": (
        lambda: ndl.reshape(of(2), (2.0, 1)),
        "axes and lengths are integers, not (2.0, 1)",
    ),
    "no shape": (
        lambda: ndl.broadcast_to(of(2), None),
        "axes and lengths are integers, not None",
    ),
    "a word": (
        lambda: ndl.Tensor("abc"),
        "a Tensor holds real numbers, not <U3: abc",
    ),
    "nothing": (
        lambda: ndl.Tensor(None),
        "a Tensor holds real numbers, not object: None",
    ),
    "complex numbers": (
        lambda: ndl.Tensor([1j]),
        "a Tensor holds real numbers, not complex128: [0.+1.j]",
    ),
    "objects beside a tensor": (
        lambda: of(1) + np.array([{}], dtype=object),
        "a Tensor holds real numbers, not object: [{}]",
    ),
}


@pytest.mark.parametrize("do, said", TYPE_FAILURES.values(), ids=TYPE_FAILURES)
def test_a_value_of_a_wrong_type_is_one_exact_line(do, said):
    with pytest.raises(TypeError) as error:
        do()
    assert str(error.value) == said


@pytest.mark.parametrize("do, said", FAILURES.values(), ids=FAILURES)
def test_a_lazy_failure_says_the_same_when_it_comes(do, said, lazy):
    with pytest.raises(ValueError) as error:
        result = do()
        result.realize_cached_data()
    assert str(error.value) == said


def test_rows_of_different_lengths_are_no_tensor():
    with pytest.raises(ValueError, match="inhomogeneous"):
        ndl.Tensor([[1, 2], [3]])


def test_numbers_too_large_for_the_integers_they_meet_are_told():
    with pytest.raises(OverflowError, match=r"^AddScalar\(scalar=-1\) of \(2,\): .*"):
        ndl.Tensor(np.array([1, 2], dtype=np.uint8)) - 1


def test_inside_no_grad_the_same_is_said():
    with ndl.no_grad():
        with pytest.raises(TypeError, match="Exp works on tensors"):
            ndl.exp(2.0)
        with pytest.raises(ValueError, match="EWiseAdd of"):
            of(2) + of(3)


class Wrong(ndl.ops.TensorOp):
    """An operation as a beginner may write it."""

    def __init__(self, result=None, gradient=None):
        self.result, self.returned = result, gradient

    def compute(self, *arrays):
        return self.result(*arrays) if self.result else arrays[0]

    def gradient(self, out_grad, node):
        return self.returned(out_grad, node)


@pytest.mark.parametrize(
    "result, said",
    [
        (lambda a: a.tolist(), "returned a list"),
        (lambda a: None, "returned a NoneType"),
        (ndl.Tensor, "returned a Tensor"),
        (lambda a: float(a[0]), "returned a float"),
    ],
)
def test_a_compute_that_returns_no_array(result, said):
    with pytest.raises(TypeError) as error:
        Wrong(result)(of(2))
    assert str(error.value) == (
        f"Wrong.compute {said}; it works on arrays and returns an array"
    )


@pytest.mark.parametrize(
    "gradient, kind, said",
    [
        (lambda g, n: (g, g), ValueError, "2 gradients for 1 inputs"),
        (lambda g, n: (), ValueError, "0 gradients for 1 inputs"),
        (
            lambda g, n: g.numpy(),
            TypeError,
            "an ndarray for input 0; it works on tensors and returns tensors",
        ),
        (
            lambda g, n: None,
            TypeError,
            "a NoneType for input 0; it works on tensors and returns tensors",
        ),
        (
            lambda g, n: g.sum(),
            ValueError,
            "a gradient of shape () for input 0, which has shape (2,)",
        ),
        (
            lambda g, n: ndl.ops.make_tuple(g, g),
            ValueError,
            "a gradient of shape ((2,), (2,)) for input 0, which has shape (2,)",
        ),
    ],
)
def test_a_gradient_of_the_wrong_number_type_or_shape(gradient, kind, said):
    x = of(2)
    with pytest.raises(kind) as error:
        Wrong(gradient=gradient)(x).backward()
    assert str(error.value) == f"Wrong.gradient returned {said}"


def test_none_is_enough_for_an_input_that_requires_no_gradient():
    x, constant = of(2), of(2).detach()
    op = Wrong(gradient=lambda g, n: (g, None))
    op(x, constant).backward()
    assert x.grad.shape == (2,)
    assert constant.grad is None
    with pytest.raises(TypeError, match="a NoneType for input 1"):
        op(x, of(2)).backward()


@pytest.mark.parametrize("wrap", [tuple, list, lambda pair: pair[0]])
def test_a_gradient_may_be_a_tuple_a_list_or_for_one_input_bare(wrap):
    x = of(2)
    Wrong(gradient=lambda g, n: wrap([g]))(x).backward()
    np.testing.assert_array_equal(x.grad.numpy(), [1, 1])


def test_a_mistake_inside_a_compute_keeps_its_own_traceback():
    def result(a):
        return a.no_such_thing

    with pytest.raises(AttributeError, match="no_such_thing"):
        Wrong(result)(of(2))


def test_an_operation_without_methods_says_which_is_missing():
    class Empty(ndl.ops.TensorOp):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty\.compute"):
        Empty()(of(2))
    with pytest.raises(NotImplementedError, match=r"Empty\.gradient"):
        Empty().gradient(of(2), of(2))
    with pytest.raises(NotImplementedError, match=r"Op\.__call__"):
        ndl.ops.Op()(of(2))


def test_backward_of_what_has_no_graph_warns():
    constant = ndl.Tensor([1.0], requires_grad=False) * 2
    with pytest.warns(UserWarning, match="nothing to differentiate"):
        constant.backward()
