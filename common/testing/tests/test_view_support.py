"""What hw3's tests are made of: views that are drawn, loops that say what is right."""

from __future__ import annotations

import math
import os
import re
from importlib.machinery import ModuleSpec

import devices
import kernel_loops
import numpy as np
import pytest
import strategies as ours
import view_strategies
from flat import MARGIN, flat, quarters, run_kernel
from hypothesis import find, given, settings
from hypothesis import strategies as st
from needle import backend_ndarray as nd
from view_check import assert_view, numbered, written
from view_strategies import Layout

drawn = settings(ours.quick, max_examples=100)


def elements(layout):
    """Return the view of a layout on numbered memory."""
    memory = np.arange(layout.size)
    return np.lib.stride_tricks.as_strided(
        memory[layout.offset :],
        layout.shape,
        [step * memory.itemsize for step in layout.strides],
    )


@drawn
@given(view_strategies.layouts())
def test_layouts_stay_in_memory_and_places_says_where(layout):
    where = kernel_loops.places(*layout.then())
    assert len(where) == math.prod(layout.shape)
    if where:
        assert 0 <= min(where) <= max(where) < layout.size
        assert where == elements(layout).reshape(-1).tolist()


@drawn
@given(view_strategies.layouts(repeat=False))
def test_layouts_without_repeats_have_every_element_once(layout):
    where = kernel_loops.places(*layout.then())
    assert len(set(where)) == len(where)


@drawn
@given(st.data())
def test_indices_are_indices_and_slices_keep_the_axes(data):
    shape = data.draw(ours.shapes(max_side=4))
    index = data.draw(view_strategies.indices(shape))
    part = np.zeros(shape)[view_strategies.as_slices(index, shape)]
    assert part.ndim == len(shape)
    assert part.size == np.asarray(np.zeros(shape)[index]).size


@pytest.mark.parametrize(
    "wanted",
    [
        lambda layout: layout.shape == (),
        lambda layout: 0 in layout.shape,
        lambda layout: len(layout.shape) == 5,
        lambda layout: min(layout.strides, default=0) < 0 and min(layout.shape) > 1,
        lambda layout: layout.offset > 0 and math.prod(layout.shape) > 4,
        lambda layout: any(
            step == 0 and n > 1
            for n, step in zip(layout.shape, layout.strides, strict=True)
        ),
        lambda layout: layout.size > 3 * math.prod(layout.shape) > 3,
        lambda layout: layout.shape[:2] == (1, 1),
    ],
)
def test_every_kind_of_layout_is_drawn(wanted):
    layouts = view_strategies.layouts()
    find(layouts, wanted, settings=settings(ours.quick, max_examples=3000))


def test_an_index_reads_as_it_is_written():
    index = (3, slice(None), slice(1, -2), slice(None, 4, -1), -1)
    assert written(index) == "3, :, 1:-2, :4:-1, -1"
    assert written(slice(2, None, 3)) == "2::3"


def test_loops_say_what_numpy_says():
    a, b = quarters((4, 6)), quarters((6, 8), 1)
    flat_a, flat_b = a.reshape(-1).tolist(), b.reshape(-1).tolist()
    assert kernel_loops.product(flat_a, flat_b, 4, 6, 8) == (a @ b).reshape(-1).tolist()
    assert kernel_loops.reduced(sum, flat_a, 3, 2) == (
        a.reshape(4, 3, 2).sum(axis=1).reshape(-1).tolist()
    )
    tiles = a.reshape(2, 2, 3, 2).transpose(0, 2, 1, 3)
    assert kernel_loops.in_tiles(flat_a, 4, 6, 2) == tiles.reshape(-1).tolist()
    assert kernel_loops.row_major((4, 0, 6)) == nd.NDArray.compact_strides((4, 0, 6))
    assert kernel_loops.scattered([1, 2, 3], [2, 0], [7, 8]) == [8, 2, 7]


def test_a_kernel_that_forgets_adds_or_changes_what_it_reads_is_seen():
    class Device:
        emulated = False
        mod = nd.cpu_numpy().mod
        borrow = staticmethod(nd.cpu_numpy().borrow)
        to_numpy = staticmethod(nd.cpu_numpy().to_numpy)

        def forgets(self, a, out):
            out.array[:-1] = a.array[:-1]

        def adds(self, a, out):
            out.array[:] += a.array

        def changes(self, a, out):
            out.array[:] = a.array
            a.array[0] = 7

    numbers = quarters(5)
    assert np.isnan(run_kernel(Device(), "forgets", numbers, out=5)).sum() == 1
    assert np.isnan(run_kernel(Device(), "adds", numbers, out=5)).all()
    with pytest.raises(AssertionError, match="should leave what it reads"):
        run_kernel(Device(), "changes", numbers, out=5)


@pytest.mark.parametrize("operand", ["read", "written"])
@pytest.mark.parametrize(
    "place, claim",
    [(-1, "wrote before the first element"), (5, "wrote behind the last element")],
)
def test_a_kernel_that_writes_outside_of_its_arrays_is_seen(operand, place, claim):
    class Device:
        emulated = False
        mod = nd.cpu_numpy().mod
        borrow = staticmethod(nd.cpu_numpy().borrow)
        to_numpy = staticmethod(nd.cpu_numpy().to_numpy)

        def copies(self, a, out):
            out.array[:] = a.array
            middle = (a if operand == "read" else out).array
            begin = (middle.ctypes.data - middle.base.ctypes.data) // middle.itemsize
            middle.base[begin + place] = 0

    with pytest.raises(AssertionError, match=f"copies {claim}"):
        run_kernel(Device(), "copies", quarters(5), out=5)


@pytest.mark.parametrize("size", [0, 1, 64, 100])
def test_memory_of_kernels_begins_where_arrays_begin(size):
    memory = np.asarray(flat(nd.cpu_numpy(), np.zeros(size)))
    assert memory.ctypes.data % (MARGIN * memory.itemsize) == 0
    assert memory.shape == (size,)


@pytest.mark.parametrize(
    "spoil, claim",
    [
        (lambda a: nd.array(a.numpy()), "here is a copy"),
        (lambda a: a.as_strided((3, 4), (4, 1)), "the shape is"),
        (lambda a: a.as_strided((4, 3), (3, 1)), "the strides are"),
        (lambda a: a.make((4, 3), (1, 4), a.device, a._handle, 1), "the offset is"),
    ],
)
def test_what_is_no_view_is_seen(spoil, claim):
    a, numbers = numbered((3, 4), nd.cpu_numpy())
    assert_view(a.as_strided((4, 3), (1, 4)), a, numbers.T, "transposed")
    with pytest.raises((AssertionError, ValueError), match=claim):
        assert_view(spoil(a), a, numbers.T, "transposed")


@pytest.mark.parametrize(
    "age, said",
    [
        (
            -60,
            r"^src/one\.cc was changed after the kernels were built: run `make` agai",
        ),
        (0, "^$"),
        (60, "^$"),
    ],
)
def test_kernels_older_than_their_sources_are_named(tmp_path, monkeypatch, age, said):
    module, source = tmp_path / "kernels.so", tmp_path / "src" / "one.cc"
    source.parent.mkdir()
    for path in (module, source, source.with_name("notes.txt")):
        path.touch()
    os.utime(source.with_name("notes.txt"), (2**31, 2**31))
    built = source.stat().st_mtime + age
    os.utime(module, (built, built))
    spec = ModuleSpec("kernels", None, origin=str(module))
    monkeypatch.setattr(devices, "find_spec", lambda name: spec)
    monkeypatch.setattr(devices.nd, "cuda", lambda: nd.BackendDevice("cuda", None))
    found = devices.why_not_ready(tmp_path)
    assert re.search(said, found), found


@pytest.mark.parametrize("name", ["cuda_findings.h", "ndarray_backend_cuda.cu"])
def test_what_is_cudas_makes_no_kernel_of_the_processors_older(
    tmp_path, monkeypatch, name
):
    module, source = tmp_path / "kernels.so", tmp_path / "src" / name
    source.parent.mkdir()
    module.touch()
    source.touch()
    os.utime(module, (1, 1))
    spec = ModuleSpec("kernels", None, origin=str(module))
    monkeypatch.setattr(devices, "find_spec", lambda name: spec)
    monkeypatch.setattr(devices.nd, "cuda", lambda: nd.BackendDevice("cuda", None))
    assert devices.why_not_ready(tmp_path) == ""


def test_kernels_that_are_not_there_are_missed(tmp_path, monkeypatch):
    monkeypatch.setattr(devices, "find_spec", lambda name: None)
    wanted = f"the kernels are not built for this Python: run `make` in {tmp_path}"
    assert devices.why_not_ready(tmp_path) == wanted


def test_layouts_are_what_kernels_get():
    assert Layout(6, (2, 3), (3, 1), 0).then() == ((2, 3), (3, 1), 0)
