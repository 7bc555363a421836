"""Tensors of needle travel as their data; a class gains nothing by the name alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradebox import close, exact
from gradebox.decode import decode
from gradebox.encode import encode
from gradebox.values import ArrayValue, Opaque, Value
from grader.compare import Finding, Question, verdict
from mini_homework import (
    by_name,
    grade_quickly,
    mini_material,
    python_change,
)


class Holder:
    """What holds something, and gives it away as a tensor does."""

    def __init__(self, data: object) -> None:
        self.data = data

    def numpy(self) -> object:
        return self.data


def tensor_class(module: str = "needle.autograd", name: str = "Tensor") -> Any:
    """Return a class that is named like needle's."""
    return type(name, (Holder,), {"__module__": module})


Tensor = tensor_class()


def travelled(value: object) -> Value:
    encoded = encode(value)
    return decode(encoded.node, encoded.buffers)


@pytest.mark.parametrize("module", ["needle", "needle.autograd"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "bool"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 3, 4)])
def test_a_tensor_travels_as_its_data(
    module: str, dtype: str, shape: tuple[int, ...]
) -> None:
    data = np.ones(shape, dtype)
    value = travelled(tensor_class(module)(data))
    assert isinstance(value, ArrayValue)
    assert (value.kind, value.data.dtype, value.data.shape) == ("Tensor", dtype, shape)
    assert value.data.tobytes() == data.tobytes()


def test_tensors_inside_other_answers_and_of_derived_classes() -> None:
    class Parameter(Tensor):
        pass

    found = travelled((Tensor(np.zeros(2)), [Parameter(np.zeros(3))]))
    assert isinstance(found, tuple)
    one, [other] = found  # type: ignore[misc]
    assert isinstance(one, ArrayValue)
    assert isinstance(other, ArrayValue)
    assert (one.kind, other.kind) == ("Tensor", "Tensor")


def test_the_copy_of_a_tensor_is_made_at_once() -> None:
    data = np.zeros(3)
    encoded = encode(Tensor(data))
    data[:] = 1
    value = decode(encoded.node, encoded.buffers)
    assert isinstance(value, ArrayValue)
    assert not value.data.any()


def test_an_array_may_have_as_many_axes_as_numpy_lets_it() -> None:
    most = 64 if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else 32
    found = travelled(Tensor(np.zeros((1,) * most)))
    assert isinstance(found, ArrayValue)
    assert found.data.ndim == most


@pytest.mark.parametrize(
    "other", [tensor_class("torch"), tensor_class(name="Tensors"), tensor_class("need")]
)
def test_other_classes_are_only_named(other: Any) -> None:
    assert isinstance(travelled(other(np.zeros(3))), Opaque)


class SubArray(np.ndarray[Any, Any]):
    pass


@pytest.mark.parametrize(
    "data",
    [
        None,
        1.0,
        [1.0, 2.0],
        np.float64(1),
        np.zeros(2).view(SubArray),
        np.ma.masked_array([1.0, 2.0]),
        np.array([object()]),
        np.array(["text"]),
        Tensor(np.zeros(2)),
    ],
    ids=lambda data: type(data).__name__,
)
def test_a_tensor_without_a_plain_array_is_opaque(data: object) -> None:
    found = travelled(Tensor(data))
    assert isinstance(found, Opaque)
    assert found.name.startswith("Tensor ")


X = np.linspace(-1, 1, 6).reshape(2, 3)


def judge(check: Any, right: object, theirs: object) -> Finding | None:
    return verdict(Question(check, travelled(right), ()), travelled(theirs))


@pytest.mark.parametrize("dtype", [True, False])
def test_an_array_does_not_stand_for_a_tensor_nor_a_tensor_for_an_array(
    dtype: bool,
) -> None:
    for check in (close(dtype=dtype), exact(dtype=dtype)):
        assert judge(check, Tensor(X), Tensor(X.copy())) is None
        found = judge(check, Tensor(X), X)
        assert found is not None
        assert "is an array of shape" in found.what
        assert "where a Tensor of shape (2, 3)" in found.what
        assert judge(check, X, Tensor(X)) is not None
        assert judge(check, Tensor(X[0, 0]), float(X[0, 0])) is not None


def test_what_is_wrong_with_a_tensor_is_told_as_with_an_array() -> None:
    single = Tensor(X.astype("float32"))
    found = judge(close(), Tensor(X), single)
    assert found is not None
    assert "has dtype float32 where float64 is asked for" in found.what
    assert judge(close(dtype=False, rtol=1e-6), Tensor(X), single) is None
    found = judge(close(), Tensor(X), Tensor(X.T))
    assert found is not None
    assert "has shape (3, 2) where (2, 3) is asked for" in found.what
    found = judge(close(), Tensor(X), Tensor(-X))
    assert found is not None
    assert "the wrong sign" in found.hint


HOSTILE = """
    class Tensor:
        __module__ = "needle.autograd"
        calls = 0

        def numpy(self):
            {body}
    return Tensor()
"""
BODIES = {
    "raises": ("raise ValueError('not today')", "error", "not today"),
    "is a stub": (
        "raise NotImplementedError('hw1.forward: Exp.compute is yours to write"
        " (handout, question 1)')",
        "not_written",
        "Not written yet",
    ),
    "exits": ("raise SystemExit", "error", "asked Python to exit"),
    "never ends": ("\n            while True: pass", "timeout", "longer than"),
    "is too large": (
        "return np.broadcast_to(np.zeros(1), (2**40,))",
        "error",
        "larger than 64 MiB",
    ),
    "is a list": ("return [1, 2]", "wrong", "Tensor whose data are no array"),
    "is right": ("return np.asarray(x + y)", "wrong", "is a Tensor of shape"),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_hostile_tensor_costs_its_case_and_no_other(
    what: str, tmp_path: Path
) -> None:
    body, status, said = BODIES[what]
    submission = python_change("return x + y", HOSTILE.format(body=body).strip())
    questions = ("add", "scale")
    material = mini_material(tmp_path, seconds=1.0)
    cases = by_name(grade_quickly(material, submission, questions=questions))
    for name in ("adds_numbers", "adds_arrays"):
        assert cases[name].status == status, cases[name].message
        assert said in cases[name].message
        assert cases[name].earned == 0
    assert cases["scales_in_place"].status == "passed"
