"""A state holds all of a module by name, and goes back all or not at all."""

from __future__ import annotations

import needle as ndl
import numpy as np
import pytest
from needle import nn


class Block(nn.Module):
    """Attributes of every sort that a module can have."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(np.ones(2, dtype="float32"))
        self.seen = ndl.Tensor(np.zeros(3), requires_grad=False)
        self.layers = [nn.Linear(2, 3), nn.BatchNorm1d(3)]
        self.heads = {"a": nn.Linear(3, 1), "b": (nn.Linear(3, 1, bias=False),)}
        self.nothing, self.number, self.word = None, 3, "word"
        self.tied = self.layers[0].weight


NAMES = [
    "scale",
    "layers.0.weight",
    "layers.0.bias",
    "layers.1.weight",
    "layers.1.bias",
    "heads.a.weight",
    "heads.a.bias",
    "heads.b.0.weight",
    "seen",
    "layers.1.running_mean",
    "layers.1.running_var",
]


@pytest.fixture
def block():
    np.random.seed(0)
    return Block()


def filled(module):
    """Return a state of random numbers that fits a module."""
    rng = np.random.default_rng(1)
    state = module.state_dict()
    return {
        name: rng.standard_normal(each.shape).astype(each.dtype)
        for name, each in state.items()
    }


def assert_holds(module, state):
    for name, each in module.state_dict().items():
        np.testing.assert_array_equal(each.numpy(), state[name], err_msg=name)


def test_names_are_ways_in_their_order_and_shared_tensors_have_the_first(block):
    assert list(block.state_dict()) == NAMES


def test_a_state_goes_back(block):
    state = filled(block)
    block.load_state_dict(state)
    assert_holds(block, state)


def test_tensors_stay_the_same_ones_with_their_graph_and_their_type(block):
    before = list(block.named_parameters())
    block.load_state_dict({k: v.astype("float64") for k, v in filled(block).items()})
    after = list(block.named_parameters())
    assert all(a is b for (_, a), (_, b) in zip(before, after, strict=True))
    assert {str(p.dtype) for _, p in after} == {"float32"}
    assert all(p.requires_grad for _, p in after)
    assert not block.seen.requires_grad
    assert str(block.seen.dtype) == "float64"


def test_a_state_is_a_copy(block):
    state = block.state_dict()
    kept = {name: each.numpy() for name, each in state.items()}
    for each in block.parameters():
        each.cached_data += 1  # as nobody should, but somebody will
    block.load_state_dict(filled(block))
    for name, each in state.items():
        assert each.is_leaf()
        assert not each.requires_grad
        np.testing.assert_array_equal(each.numpy(), kept[name])


def test_what_was_loaded_is_a_copy(block):
    state = filled(block)
    block.load_state_dict(state)
    state["scale"][:] = 7
    assert not (block.scale.numpy() == 7).any()


@pytest.mark.parametrize("wrap", [ndl.Tensor, np.asarray, np.ndarray.tolist])
def test_values_are_tensors_arrays_or_lists(block, wrap):
    state = filled(block)
    block.load_state_dict({name: wrap(each) for name, each in state.items()})
    assert_holds(block, state)


def test_values_that_are_no_numbers_of_mathematics_go_through(block):
    state = filled(block)
    state["scale"][:] = np.nan, -np.inf
    block.load_state_dict(state)
    assert_holds(block, state)


def test_a_shared_tensor_may_have_any_of_its_names(block):
    state = filled(block)
    state["tied"] = state.pop("layers.0.weight")
    block.load_state_dict(state)
    assert block.tied is block.layers[0].weight
    np.testing.assert_array_equal(block.tied.numpy(), state["tied"])


def test_a_shared_tensor_may_have_two_equal_values(block):
    state = filled(block)
    state["layers.0.weight"][0] = np.nan
    block.load_state_dict({**state, "tied": state["layers.0.weight"].copy()})
    assert_holds(block, state)


def test_everything_that_does_not_fit_is_listed_and_nothing_is_loaded(block):
    before = {name: each.numpy() for name, each in block.state_dict().items()}
    state = filled(block)
    del state["seen"], state["heads.a.weight"]
    state["extra"] = state["another"] = np.zeros(1)
    state["layers.0.bias"] = np.zeros((3,))
    state["layers.1.bias"] = np.array(["a", "b", "c"])
    state["tied"] = np.zeros((2, 3))
    with pytest.raises(ValueError, match="fit Block") as caught:
        block.load_state_dict(state)
    assert str(caught.value).splitlines()[1:] == [
        "  missing: heads.a.weight",
        "  missing: seen",
        "  unexpected: another",
        "  unexpected: extra",
        "  two values for one tensor: layers.0.weight, tied",
        "  of another shape: layers.0.bias is (1, 3), in the state (3,)",
        "  not numbers: layers.1.bias is array(['a', 'b', 'c'], dtype='<U1')",
    ]
    assert_holds(block, before)


def test_a_long_list_is_cut():
    model = nn.Sequential(*[nn.Linear(1, 1) for _ in range(20)])
    with pytest.raises(ValueError, match="missing") as caught:
        model.load_state_dict({})
    lines = str(caught.value).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "  ... and 31 more"


def test_what_is_not_strict_takes_what_it_finds(block):
    before = {name: each.numpy() for name, each in block.state_dict().items()}
    scale = np.array([5, 6])
    block.load_state_dict({"scale": scale, "other": np.zeros(3)}, strict=False)
    assert_holds(block, {**before, "scale": scale})
    with pytest.raises(ValueError, match="of another shape: scale"):
        block.load_state_dict({"scale": np.zeros(7)}, strict=False)


def test_two_tensors_of_one_name_are_refused():
    module = nn.Module()
    module.parts = {"a.b": nn.Parameter([1.0]), "a": {"b": nn.Parameter([2.0])}}
    for use in (module.state_dict, lambda: module.load_state_dict({})):
        with pytest.raises(ValueError, match=r"two tensors with the name parts\.a\.b"):
            use()


@pytest.mark.parametrize("state", [None, [1], "words"])
def test_what_is_no_dictionary_is_refused(block, state):
    with pytest.raises(TypeError, match="dictionary of arrays by name"):
        block.load_state_dict(state)


def test_a_ragged_list_is_no_array(block):
    with pytest.raises(ValueError, match="not numbers: scale"):
        block.load_state_dict({"scale": [[1, 2], [3]]}, strict=False)


def test_modules_that_contain_themselves_end():
    outer, inner = nn.Module(), nn.Linear(1, 1)
    outer.inner, inner.outer = inner, outer
    assert list(outer.state_dict()) == ["inner.weight", "inner.bias"]
    outer.load_state_dict(filled(outer))


def test_a_network_computes_the_same_with_the_state_of_another():
    np.random.seed(2)
    make = lambda: nn.Sequential(nn.Linear(4, 5), nn.BatchNorm1d(5), nn.Linear(5, 2))  # noqa: E731
    one, other = make(), make()
    x = ndl.init.randn(6, 4)
    one(x)  # moves the running statistics
    other.load_state_dict(one.state_dict())
    one.eval()
    other.eval()
    np.testing.assert_array_equal(one(x).numpy(), other(x).numpy())
