"""Answers survive the way out of the box unchanged; what cannot is only named."""

from __future__ import annotations

import enum
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from gradebox.decode import decode
from gradebox.encode import EncodeError, encode
from gradebox.values import (
    ArrayValue,
    DTypeValue,
    ExceptionValue,
    Opaque,
    TypeValue,
    Value,
)
from gradebox.wire import FrameReader, pack
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def travelled(value: object) -> Value:
    """Send a value through bytes and back."""
    encoded = encode(value)
    (frame,) = FrameReader().feed(pack({"value": encoded.node}, encoded.buffers))
    return decode(frame.header["value"], frame.buffers)


def same(a: object, b: object) -> bool:
    """Compare exactly, types and NaN included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        assert isinstance(b, float)
        return (math.isnan(a) and math.isnan(b)) or a.hex() == b.hex()
    if isinstance(a, complex):
        assert isinstance(b, complex)
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, list | tuple):
        assert isinstance(b, list | tuple)
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        assert isinstance(b, dict)
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return a == b


texts = st.text(st.characters(exclude_categories=()), max_size=20)  # surrogates too
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**8000), 2**8000)
    | st.floats()
    | st.complex_numbers()
    | texts
    | st.binary(max_size=20)
)
nested = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=20,
)


@given(nested)
def test_plain_values_round_trip(value: object) -> None:
    assert same(travelled(value), value)


dtypes = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="?"),
    hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?", sizes=(16, 32, 64)),
    hnp.complex_number_dtypes(endianness="?", sizes=(64, 128)),
)
arrays = hnp.arrays(dtypes, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))


@st.composite
def views(draw: st.DrawFn) -> npt.NDArray[Any]:
    """Draw arrays whose entries do not lie in a row."""
    array = draw(arrays)
    if draw(st.booleans()):
        array = array.T
    if array.ndim and draw(st.booleans()):
        array = array[:: draw(st.sampled_from([-1, 2, -2]))]
    if draw(st.booleans()):
        array = np.broadcast_to(array, (2, *array.shape))
    return array


@settings(max_examples=300)
@given(views())
def test_arrays_round_trip(array: npt.NDArray[Any]) -> None:
    value = travelled(array)
    assert isinstance(value, ArrayValue)
    assert value.kind == "ndarray"
    assert value.data.dtype == array.dtype
    assert value.data.dtype.byteorder == array.dtype.byteorder
    assert value.data.shape == array.shape
    assert value.strides == array.strides
    assert value.data.tobytes() == array.tobytes()


@given(hnp.from_dtype(np.dtype("float32")) | hnp.from_dtype(np.dtype("uint8")))
def test_numpy_scalars_stay_apart_from_arrays(scalar: Any) -> None:
    value = travelled(scalar)
    assert isinstance(value, ArrayValue)
    assert (value.kind, value.data.shape) == ("scalar", ())
    assert value.data.dtype == scalar.dtype
    assert value.data.tobytes() == scalar.tobytes()


def test_types_dtypes_and_exceptions() -> None:
    assert travelled(int) == TypeValue("int")
    assert travelled(np.float32) == TypeValue("numpy.float32")
    assert travelled(np.dtype("float32")) == DTypeValue("float32")
    error = travelled(ZeroDivisionError("by zero"))
    assert isinstance(error, ExceptionValue)
    assert error.types[:2] == ("ZeroDivisionError", "ArithmeticError")
    assert error.message == "by zero"


class Colour(enum.IntEnum):
    RED = 1


class LyingFloat(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class Liar:
    def __array__(self, dtype: object = None, copy: object = None) -> object:
        raise AssertionError("never asked")

    def __len__(self) -> int:
        raise AssertionError("never asked")


class SubArray(np.ndarray[Any, Any]):
    pass


@pytest.mark.parametrize(
    "value",
    [
        Colour.RED,
        LyingFloat(1),
        Liar(),
        np.zeros(2).view(SubArray),
        np.array([object()]),
        np.array(["text"]),
        np.zeros(2, [("a", "i4")]),
        np.datetime64("2020-01-01"),
        {1: 2},
        {1, 2},
        range(3),
        10**5000,
        lambda: None,
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_could_lie_is_opaque(value: object) -> None:
    found = travelled(value)
    assert isinstance(found, Opaque)
    assert travelled([value]) == [found]


def test_an_exception_whose_text_fails_is_still_an_answer() -> None:
    class RudeError(Exception):
        def __str__(self) -> str:
            raise SystemExit

    found = travelled(RudeError())
    assert isinstance(found, ExceptionValue)
    assert "could not be had" in found.message


def test_the_copy_is_made_at_once() -> None:
    array = np.zeros(3)
    encoded = encode(array)
    array[:] = 1
    value = decode(encoded.node, encoded.buffers)
    assert isinstance(value, ArrayValue)
    assert not value.data.any()


def test_too_large_and_too_deep_answers_are_refused() -> None:
    with pytest.raises(EncodeError, match="64 MiB"):
        encode(np.broadcast_to(np.zeros(1), (2**24,)))
    deep: list[object] = []
    for _ in range(20):
        deep = [deep]
    with pytest.raises(EncodeError):
        encode(deep)
    cycle: list[object] = []
    cycle.append(cycle)
    with pytest.raises(EncodeError):
        encode(cycle)
