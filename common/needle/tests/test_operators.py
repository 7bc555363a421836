"""Python's operators on tensors, numbers, arrays and lists, in every order."""

from __future__ import annotations

import operator
from fractions import Fraction

import needle as ndl
import numpy as np
import pytest

OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
every_operator = pytest.mark.parametrize("apply", OPERATORS.values(), ids=OPERATORS)

NUMBERS = {
    "int": 2,
    "float": 2.5,
    "bool": True,
    "fraction": Fraction(5, 2),
    "float16": np.float16(2.5),
    "float32": np.float32(2.5),
    "float64": np.float64(2.5),
    "int8": np.int8(2),
    "int64": np.int64(2),
    "bool_": np.bool_(True),
    "0-d": np.array(2.5),
    "length 1": np.array([2.5]),
    "length 1 of int": np.array([2]),
    "list of one": [2.5],
}
every_number = pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)


def plain(number):
    """Return any of `NUMBERS` as a Python number."""
    if isinstance(number, Fraction):
        return float(number)
    return np.asarray(number).reshape(()).item()


@every_operator
@every_number
@pytest.mark.parametrize("side", ["right", "left"])
def test_no_number_promotes_float32(apply, number, side):
    x = np.array([[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]], dtype=np.float32)
    tensor = ndl.Tensor(x)
    if side == "right":
        result, expected = apply(tensor, number), apply(x, plain(number))
    else:
        result, expected = apply(number, tensor), apply(plain(number), x)

    assert type(result) is ndl.Tensor
    assert result.dtype == np.float32
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-6)
    result.backward()
    assert tensor.grad.dtype == np.float32
    assert tensor.grad.shape == (2, 3)


@every_operator
@pytest.mark.parametrize("number", [2, 2.5, True, np.int64(2), np.float32(2.5)])
def test_integers_become_with_numbers_what_numpy_makes_of_them(apply, number):
    x = np.array([1, 2, 3])
    for result, expected in [
        (apply(ndl.Tensor(x), number), apply(x, plain(number))),
        (apply(number, ndl.Tensor(x)), apply(plain(number), x)),
    ]:
        assert result.dtype == expected.dtype
        np.testing.assert_allclose(result.numpy(), expected, rtol=1e-15)


@every_operator
@pytest.mark.parametrize(
    "dtypes",
    [
        (np.float32, np.float64),
        (np.float64, np.float32),
        (np.float32, np.int64),
        (np.int32, np.float32),
        (np.uint8, np.int64),
        (np.float32, np.float32),
    ],
    ids=lambda pair: f"{pair[0].__name__}-{pair[1].__name__}",
)
def test_two_tensors_promote_as_in_numpy(apply, dtypes):
    a, b = np.array([1, 2, 3], dtypes[0]), np.array([3, 2, 1], dtypes[1])
    if apply is operator.sub:
        b = b[::-1].copy()  # no negative results: uint8 has none
    result = apply(ndl.Tensor(a), ndl.Tensor(b))
    expected = apply(a, b)
    assert result.dtype == expected.dtype
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-6)


@every_operator
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("shape", [(2, 3), (3,), (2, 1), (4, 1, 3), (1, 1)])
def test_an_array_beside_a_tensor_is_a_constant(apply, side, shape):
    x = np.random.default_rng(1).uniform(0.5, 2, (2, 3))
    array = np.random.default_rng(2).uniform(0.5, 2, shape)
    tensor, as_tensor = ndl.Tensor(x), ndl.Tensor(array)
    twin = ndl.Tensor(x)
    if side == "right":
        result, same, expected = (
            apply(tensor, array),
            apply(twin, as_tensor),
            apply(x, array),
        )
    else:
        result, same, expected = (
            apply(array, tensor),
            apply(as_tensor, twin),
            apply(array, x),
        )
    assert type(result) is ndl.Tensor
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-15)

    result.backward()
    same.backward()
    assert tensor.grad.shape == (2, 3)
    np.testing.assert_allclose(tensor.grad.numpy(), twin.grad.numpy(), rtol=1e-14)


@pytest.mark.parametrize("other", [[1.0, 2.0, 3.0], (1.0, 2.0, 3.0)])
@every_operator
def test_lists_are_constants_too(apply, other):
    x = np.array([[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]])
    right, left = apply(ndl.Tensor(x), other), apply(other, ndl.Tensor(x))
    np.testing.assert_allclose(right.numpy(), apply(x, np.array(other)))
    np.testing.assert_allclose(left.numpy(), apply(np.array(other), x))


def test_matrix_products_with_arrays_on_either_side():
    rng = np.random.default_rng(3)
    a, b = rng.standard_normal((2, 3)), rng.standard_normal((3, 4))
    for left, right in [(ndl.Tensor(a), b), (a, ndl.Tensor(b))]:
        result = left @ right
        assert type(result) is ndl.Tensor
        np.testing.assert_allclose(result.numpy(), a @ b)
        result.backward()
    x = ndl.Tensor(b)
    (a.tolist() @ x).backward()
    np.testing.assert_allclose(x.grad.numpy(), a.T @ np.ones((2, 4)))
    np.testing.assert_allclose(x.matmul(b.T).numpy(), b @ b.T)


def test_an_array_of_one_element_and_two_axes_is_an_array():
    x = ndl.Tensor(np.ones(3, dtype=np.float32))
    nested = [[2.0]]
    for result in (x + np.array(nested), np.array(nested) + x, x + nested):
        assert result.shape == (1, 3)
        assert result.dtype == np.float64


def test_an_array_of_one_element_is_a_vector_in_a_product():
    column = ndl.Tensor([[1.0], [2.0]])
    for vector in (np.array([3.0]), [3.0]):
        np.testing.assert_array_equal((column @ vector).numpy(), [3, 6])
        np.testing.assert_array_equal((vector @ column.transpose()).numpy(), [3, 6])


def test_the_nodes_that_operators_make():
    a, b = ndl.Tensor([1.0, 2.0]), ndl.Tensor([3.0, 4.0])

    def names(tensor):
        return [
            type(node.op).__name__ if node.op else "leaf"
            for node in ndl.autograd.find_topo_sort([tensor])
        ]

    assert names(a + b) == ["leaf", "leaf", "EWiseAdd"]
    assert names(a - b) == ["leaf", "leaf", "Negate", "EWiseAdd"]
    assert names(a - 2) == names(2 + a) == ["leaf", "AddScalar"]
    assert (a - 2).op.scalar == -2
    assert names(3 * a) == names(a * 3) == ["leaf", "MulScalar"]
    assert names(a / 3) == ["leaf", "DivScalar"]
    assert names(a**3) == ["leaf", "PowerScalar"]
    assert names(1 - a) == ["leaf", "Negate", "AddScalar"]
    assert names(a * b) == ["leaf", "leaf", "EWiseMul"]
    assert names(a / b) == ["leaf", "leaf", "EWiseDiv"]
    assert names(a**b) == ["leaf", "leaf", "EWisePow"]
    assert names(-a) == ["leaf", "Negate"]


def test_augmented_assignment_makes_a_new_tensor():
    x = first = ndl.Tensor([1.0, 2.0])
    x += np.array([1.0, 1.0])
    x *= 2
    assert x is not first
    np.testing.assert_array_equal(first.numpy(), [1, 2])
    x.backward()
    np.testing.assert_array_equal(first.grad.numpy(), [2, 2])


def test_an_array_cannot_take_a_tensor_in():
    # It would have to drop the graph without a word: `array += tensor.numpy()` says it.
    array = np.zeros(2)
    for assign in (operator.iadd, operator.isub, operator.imul, operator.itruediv):
        with pytest.raises(TypeError, match="an array cannot take a Tensor x in"):
            assign(array, ndl.Tensor([1.0, 2.0]))
    np.testing.assert_array_equal(array, [0, 0])


def test_functions_of_numpy_take_a_tensor_as_an_array_or_not_at_all():
    x = ndl.Tensor(np.array([[1, 2, 3]], dtype=np.float32))
    for array in (np.asarray(x), np.array(x), np.asarray(x, dtype=np.float64)):
        assert type(array) is np.ndarray
        np.testing.assert_array_equal(array, [[1, 2, 3]])
    assert np.asarray(x).dtype == np.float32
    assert np.asarray(x, dtype=np.float64).dtype == np.float64
    np.testing.assert_allclose(x, [[1, 2, 3]])
    with pytest.raises(ValueError, match="copy"):
        np.array(x, copy=False)
    np.testing.assert_array_equal(np.concatenate([x, x]), [[1, 2, 3], [1, 2, 3]])


@pytest.mark.parametrize(
    "function, said",
    [
        (np.exp, "numpy.exp does not work on a Tensor x: use needle.exp, or x.numpy()"),
        (
            np.sqrt,
            "numpy.sqrt does not work on a Tensor x: use needle's operations, or"
            " x.numpy()",
        ),
        (
            np.add.reduce,
            "numpy.add does not work on a Tensor x: use needle.add, or x.numpy()",
        ),
        (
            np.sum,
            "numpy.sum does not work on a Tensor x: use needle.summation, or x.numpy()",
        ),
        (
            np.transpose,
            "numpy.transpose does not work on a Tensor x: use needle.transpose, or"
            " x.numpy()",
        ),
    ],
)
def test_a_function_of_numpy_that_would_end_the_graph_says_what_to_use(function, said):
    with pytest.raises(TypeError) as error:
        function(ndl.Tensor([1.0]))
    assert str(error.value) == said


def test_functions_of_numpy_that_needle_has_are_refused():
    x, array = ndl.Tensor([1.0, 2.0]), np.ones(2)
    for call in (
        lambda: np.mean(x),
        lambda: np.dot(array, x),
        lambda: np.reshape(x, (2, 1)),
        lambda: np.swapaxes(x, 0, 0),
        lambda: np.broadcast_to(x, (2, 2)),
    ):
        with pytest.raises(TypeError, match="does not work on a Tensor x"):
            call()


def test_functions_of_numpy_that_look_at_numbers_get_them():
    x = ndl.Tensor([1.0, 2.0])
    assert np.allclose(x, [1, 2])
    assert np.array_equal(x, a2=x)
    assert np.argmax(x) == 1
    assert np.linalg.norm(x) == np.sqrt(5)
    stacked = np.stack((x, [3.0, 4.0]))
    assert type(stacked) is np.ndarray
    np.testing.assert_array_equal(stacked, [[1, 2], [3, 4]])


def test_functions_of_numpy_that_are_operators_make_tensors():
    x = ndl.Tensor([1.0, 2.0])
    for result, expected in [
        (np.add(x, 1), [2, 3]),
        (np.subtract(1, x), [0, -1]),
        (np.multiply(x, [2.0, 3.0]), [2, 6]),
        (np.power(x, x), [1, 4]),
    ]:
        assert type(result) is ndl.Tensor
        np.testing.assert_array_equal(result.numpy(), expected)


def test_comparisons_with_arrays_are_refused():
    x, array = ndl.Tensor([1.0]), np.ones(1)
    for compare in (operator.eq, operator.lt):
        for pair in ((x, array), (array, x)):
            with pytest.raises(TypeError, match="does not work on a Tensor x"):
                compare(*pair)


def test_an_array_made_of_a_tensor_shares_nothing_with_it():
    x = ndl.Tensor([1.0, 2.0])
    for array in (x.numpy(), np.asarray(x), np.array(x, dtype=float)):
        array[...] = 5
    np.testing.assert_array_equal(x.numpy(), [1, 2])


@every_operator
@pytest.mark.parametrize(
    "other",
    ["x", None, 1j, np.complex64(1j), object(), {1: 2}],
    ids=lambda other: type(other).__name__,
)
def test_anything_else_is_refused(apply, other):
    x = ndl.Tensor([1.0, 2.0])
    with pytest.raises(TypeError):
        apply(x, other)
    with pytest.raises(TypeError):
        apply(other, x)


@pytest.mark.parametrize(
    "other", ["x", None, object()], ids=lambda other: type(other).__name__
)
def test_a_matrix_product_with_anything_else_is_refused(other):
    x = ndl.Tensor([[1.0, 2.0]])
    with pytest.raises(TypeError):
        x @ other
    with pytest.raises(TypeError):
        other @ x


def test_another_type_may_know_what_to_do_with_a_tensor():
    class Friend:
        def __radd__(self, other):
            return "added"

        def __rmatmul__(self, other):
            return "multiplied"

    x = ndl.Tensor([[1.0]])
    assert x + Friend() == "added"
    assert x @ Friend() == "multiplied"


def test_tensors_are_compared_by_identity_and_can_be_keys():
    a, b = ndl.Tensor([1.0]), ndl.Tensor([1.0])
    assert a == a
    assert a != b
    assert len({a, b, a}) == 2
    assert bool(ndl.Tensor(0.0))
    with pytest.raises(TypeError):
        a < b  # noqa: B015
    for absent in ("__len__", "__iter__", "__getitem__"):
        assert not hasattr(a, absent)


def test_a_tensor_of_one_element_is_a_number_to_python():
    assert float(ndl.Tensor([[2.5]])) == 2.5
    losses = [ndl.Tensor(1.0), ndl.Tensor(2.0).sum()]
    assert np.mean(losses) == 1.5
    with pytest.raises(ValueError, match="size 1"):
        float(ndl.Tensor([1.0, 2.0]))
