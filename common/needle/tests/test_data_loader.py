"""Loaders: every example once, in order or shuffled, in batches of tensors."""

from __future__ import annotations

import copy
import itertools
import pickle

import needle as ndl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needle.data import DataLoader, Dataset, NDArrayDataset
from strategies import quick


def numbered(n, *shape):
    """Return a data set of arrays that are full of their number, and the numbers."""
    column = np.arange(n, dtype="float32").reshape(n, *[1] * len(shape))
    images = np.broadcast_to(column, (n, *shape))
    return NDArrayDataset(images.copy(), np.arange(n, dtype="uint8"))


def numbers(batches):
    """Return the numbers of the examples in each batch."""
    return [batch[-1].numpy().tolist() for batch in batches]


def pickled(thing):
    return pickle.loads(pickle.dumps(thing))


def joined(lists):
    return [each for one in lists for each in one]


@quick
@given(
    st.integers(1, 30), st.integers(1, 35), st.booleans(), st.sampled_from([None, 3])
)
def test_every_example_comes_once_in_batches_of_one_size(n, size, drop_last, seed):
    if drop_last and size > n:
        return
    for shuffle in (False, True):
        loader = DataLoader(
            numbered(n, 2), size, shuffle=shuffle, drop_last=drop_last, seed=seed
        )
        batches = list(loader)
        assert len(loader) == len(batches)
        sizes = [len(each) for each in numbers(batches)]
        rest = [] if drop_last or n % size == 0 else [n % size]
        assert sizes == [size] * (n // size) + rest
        found = joined(numbers(batches))
        assert len(set(found)) == len(found)
        if not shuffle:
            assert found == list(range(len(found)))
        for X, y in batches:
            assert X.shape == (*y.shape, 2)
            np.testing.assert_array_equal(X.numpy()[:, 0], y.numpy())


def test_batches_are_constant_tensors_of_the_types_of_the_examples():
    (X, y) = next(iter(DataLoader(numbered(4, 2, 3), 2)))
    assert (X.shape, X.dtype) == ((2, 2, 3), np.float32)
    assert (y.shape, y.dtype) == ((2,), np.uint8)
    for each in (X, y):
        assert type(each) is ndl.Tensor
        assert not each.requires_grad
        assert each.device == ndl.cpu()


def test_device_and_dtype_of_the_tensors():
    loader = DataLoader(numbered(3), 2, device=ndl.cpu(), dtype="float64")
    assert [each.dtype for each in next(iter(loader))] == [np.float64] * 2


def test_changing_a_batch_leaves_the_data_as_they_are():
    data = numbered(3)
    (X, _) = next(iter(DataLoader(data, 3)))
    X.cached_data += 1
    np.testing.assert_array_equal(data.arrays[0], [0, 1, 2])


def test_shuffling_draws_one_permutation_when_a_pass_begins():
    np.random.seed(6)
    orders = [np.random.permutation(7), np.random.permutation(7)]
    after = np.random.rand()

    np.random.seed(6)
    loader = DataLoader(numbered(7), 3, shuffle=True)
    for order in orders:
        passed = iter(loader)
        state = np.random.get_state()[2]
        assert numbers(passed) == [order[:3].tolist(), order[3:6].tolist(), [order[6]]]
        assert np.random.get_state()[2] == state
    assert np.random.rand() == after


def test_without_shuffling_nothing_is_drawn():
    np.random.seed(6)
    state = np.random.get_state()[2]
    list(DataLoader(numbered(7), 3))
    assert np.random.get_state()[2] == state


def test_a_seed_makes_a_generator_of_its_own():
    np.random.seed(6)
    state = np.random.get_state()[2]
    first, again, other = (
        DataLoader(numbered(50), 50, shuffle=True, seed=seed) for seed in (1, 1, 2)
    )
    passes = [numbers(first) for _ in range(2)]
    assert passes[0] != passes[1]
    assert [numbers(again) for _ in range(2)] == passes
    assert numbers(other) not in passes
    assert np.random.get_state()[2] == state


@pytest.mark.parametrize("shuffle", [False, True])
def test_loops_may_be_nested(shuffle):
    np.random.seed(0)
    loader = DataLoader(numbered(5), 2, shuffle=shuffle)
    pairs = [
        (a, b) for one in loader for other in loader
        for a in numbers([one])[0] for b in numbers([other])[0]
    ]  # fmt: skip
    assert sorted(pairs) == list(itertools.product(range(5), repeat=2))


def test_iterators_know_nothing_of_each_other():
    loader = DataLoader(numbered(6), 2)
    one, other = iter(loader), iter(loader)
    assert numbers([next(one), next(one)]) == [[0, 1], [2, 3]]
    assert numbers(other) == [[0, 1], [2, 3], [4, 5]]
    assert iter(one) is one
    assert numbers(one) == [[4, 5]]
    for finished in (one, other):
        for _ in range(2):
            with pytest.raises(StopIteration):
                next(finished)


def test_a_pass_keeps_its_order_while_another_begins():
    np.random.seed(0)
    loader = DataLoader(numbered(20), 5, shuffle=True)
    one = iter(loader)
    head = numbers([next(one)])
    list(loader)
    assert sorted(joined(head + numbers(one))) == list(range(20))


def test_a_pass_that_was_left_early_says_nothing_of_the_next():
    loader = DataLoader(numbered(6), 2)
    for _ in loader:
        break
    assert numbers(loader) == [[0, 1], [2, 3], [4, 5]]


ITEMS = {
    "tuples": ([(1, 2.0), (3, 4.0)], [[1, 3], [2.0, 4.0]]),
    "lists": ([[1, 2.0], [3, 4.0]], [[1, 3], [2.0, 4.0]]),
    "numbers": ([1, 2], [[1, 2]]),
    "NumPy's numbers": (np.array([1, 2], dtype="uint8"), [[1, 2]]),
    "arrays": (np.array([[1, 2, 3], [4, 5, 6]]), [[[1, 2, 3], [4, 5, 6]]]),
    "tensors": ([ndl.Tensor([1.0, 2.0]), ndl.Tensor([3.0, 4.0])], [[[1, 2], [3, 4]]]),
    "pairs with tensors": ([(ndl.Tensor([1.0]), 7)] * 2, [[[1.0], [1.0]], [7, 7]]),
}


@pytest.mark.parametrize("items, columns", ITEMS.values(), ids=ITEMS)
def test_items_of_any_kind(items, columns):
    (batch,) = DataLoader(items, 2)
    assert isinstance(batch, tuple)
    assert [each.numpy().tolist() for each in batch] == columns


def test_examples_of_several_shapes_make_no_batch():
    with pytest.raises(ValueError, match="same shape"):
        list(DataLoader([np.ones(2), np.ones(3)], 2))
    with pytest.raises(ValueError, match=r"is (longer|shorter)"):
        list(DataLoader([(1, 2), (1,)], 2))


def test_what_a_data_set_raises_comes_out_as_it_is():
    class Broken(Dataset):
        def __len__(self):
            return 6

        def __getitem__(self, index):
            if index == 3:
                raise KeyError("a damaged file")
            return index

    passed = iter(DataLoader(Broken(), 2))
    assert numbers([next(passed)]) == [[0, 1]]
    with pytest.raises(KeyError, match="a damaged file"):
        next(passed)


def test_a_data_set_that_stops_early_does_not_end_the_pass_unnoticed():
    class Short(Dataset):
        def __len__(self):
            return 6

        def __getitem__(self, index):
            return [0, 1, 2][index]

    with pytest.raises(IndexError):
        list(DataLoader(Short(), 2))


@pytest.mark.parametrize("size", [None, 0, -1, 2.5, "2"])
def test_sizes_that_no_batch_has(size):
    with pytest.raises(ValueError) as error:
        DataLoader(numbered(3), size)
    assert str(error.value) == (
        f"DataLoader: batch_size is a whole number from 1 on, not {size}"
    )


def test_sizes_may_be_numpys():
    assert len(DataLoader(numbered(5), np.int64(2))) == 3


def test_a_batch_may_be_larger_than_the_data():
    loader = DataLoader(numbered(3), 10, shuffle=True)
    assert len(loader) == 1
    assert sorted(numbers(loader)[0]) == [0, 1, 2]
    with pytest.raises(ValueError) as error:
        DataLoader(numbered(3), 10, drop_last=True)
    assert str(error.value) == (
        "DataLoader: 3 examples make no batch of 10, and with drop_last there are no"
        " smaller ones"
    )


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("drop_last", [False, True])
def test_no_examples_make_no_batches_and_a_warning(shuffle, drop_last):
    with pytest.warns(UserWarning, match="there are no examples to load"):
        loader = DataLoader(numbered(0), 2, shuffle=shuffle, drop_last=drop_last)
    assert len(loader) == 0
    assert list(loader) == []


def test_the_attributes_that_other_code_reads():
    data = numbered(5)
    loader = DataLoader(dataset=data, batch_size=2, shuffle=False)
    assert loader.dataset is data
    assert (loader.batch_size, loader.shuffle) == (2, False)
    assert [each.tolist() for each in loader.ordering] == [[0, 1], [2, 3], [4]]


def test_a_loader_shows_what_it_loads():
    loader = DataLoader(numbered(1234), 100, shuffle=True)
    assert repr(loader) == (
        "DataLoader(batch_size=100, shuffle=True, drop_last=False) of"
        " NDArrayDataset(): 1,234 examples"
    )
    assert repr(Dataset()) == "Dataset(): examples"


@pytest.mark.parametrize("seed", [None, 1])
@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, pickled])
def test_a_copy_of_a_loader_loads_the_same(copied, seed):
    loader = DataLoader(numbered(30), 30, shuffle=True, seed=seed)
    other = copied(loader)
    orders = []
    for each in (loader, other):
        np.random.seed(0)
        orders.append(numbers(each))
    if copied is copy.copy and seed is not None:
        assert orders[0] != orders[1]  # they draw from one generator, in turns
    else:
        assert orders[0] == orders[1]
