"""Modules: what they find inside themselves, their names, their modes, their words."""

from __future__ import annotations

import copy
import pickle
import re

import needle as ndl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needle import nn
from needle.nn.module import walk
from needle.nn.nn_basic import _child_modules, _unpack_params
from strategies import many


class Box(nn.Module):
    """A module of whatever it is given."""

    def __init__(self, **things):
        super().__init__()
        self.__dict__.update(things)


def weight(*shape):
    return nn.Parameter(ndl.Tensor(np.ones(shape)))


def names(module):
    return [name for name, _ in module.named_parameters()]


def test_parameters_come_in_the_order_in_which_they_were_put_there():
    a, b, c, d, e = (weight(n) for n in range(1, 6))
    box = Box(
        last=a,
        layers=[Box(w=b), (Box(w=c), {"deep": [Box(w=d)]})],
        plain=ndl.Tensor([1.0]),
        number=3,
        word="w",
        none=None,
        first=e,
    )
    assert [id(p) for p in box.parameters()] == [id(p) for p in (a, b, c, d, e)]
    assert names(box) == [
        "last",
        "layers.0.w",
        "layers.1.0.w",
        "layers.1.1.deep.0.w",
        "first",
    ]


nested = st.recursive(
    st.integers(0, 5),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.lists(inside, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from("abc"), inside, max_size=3)
        | st.builds(lambda x: {"a module": x}, inside)
    ),
    max_leaves=12,
)


@many
@given(nested)
def test_every_parameter_is_found_once_in_order_and_under_its_name(structure):
    pool = [weight(1) for _ in range(6)]

    def built(part):
        if isinstance(part, int):
            return pool[part]
        if isinstance(part, dict):
            inside = {key: built(value) for key, value in part.items()}
            return Box(m=inside["a module"]) if "a module" in part else inside
        return type(part)(map(built, part))

    box = Box(things=built(structure))
    order = dict.fromkeys(map(int, re.findall(r"\d", repr(structure))))
    assert [id(p) for p in box.parameters()] == [id(pool[i]) for i in order]
    for name, p in box.named_parameters():
        found = box
        for step in name.split("."):
            if isinstance(found, nn.Module):
                found = getattr(found, step)
            else:
                found = found[step if isinstance(found, dict) else int(step)]
        assert found is p


def test_a_shared_parameter_comes_once_under_its_first_name():
    w = weight(2)
    shared = Box(w=w)
    box = Box(one=shared, two=shared, three=[shared, w], four=weight(1))
    assert names(box) == ["one.w", "four"]
    assert len(box.parameters()) == 2


def test_a_walk_may_ask_for_every_name():
    shared = Box(w=weight(2))
    shared.me = shared
    box = Box(one=shared, two=(shared,))
    assert [name for name, _ in walk(box, nn.Parameter)] == ["one.w", "two.0.w"]
    assert [name for name, _ in walk(box, nn.Parameter, once=True)] == ["one.w"]


def test_equal_parameters_are_not_the_same():
    assert len(Box(a=weight(2), b=weight(2)).parameters()) == 2


def test_what_contains_itself_is_entered_once():
    box = Box(w=weight(1))
    child = Box(w=weight(2), parent=box)
    box.child, box.me = child, box
    endless = [child]
    endless.append(endless)
    box.endless = endless
    assert names(box) == ["w", "child.w"]
    assert names(child) == ["w", "parent.w"]
    box.eval()
    assert not child.training


def test_modules_that_share_much_are_walked_in_no_time():
    box = Box(w=weight(1))
    for _ in range(60):  # 2**60 ways to the innermost
        box = Box(left=box, right=[box])
    assert len(box.parameters()) == 1
    assert len(box._children()) == 60
    assert box.eval().left.training is False


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_modes_reach_everything_inside(mode):
    inner = Box()
    hidden = [Box(), Box(deep={"a": (Box(inner=inner),)})]
    box = Box(hidden=hidden, ways={"around": inner}, own=nn.Residual(nn.Dropout(0.5)))
    everything = [box, *box._children()]
    assert len(everything) == 7
    for module in everything:
        module.training = mode == "eval"

    assert getattr(box, mode)() is box

    assert all(module.training == (mode == "train") for module in everything)
    assert all(type(module.training) is bool for module in everything)


def test_the_walkers_of_the_original():
    inner = Box(w=weight(1))
    box = Box(inner=[inner])
    assert _unpack_params([box, {"a": (inner.w,)}]) == [inner.w]
    assert _unpack_params(inner.w) == [inner.w]
    assert _unpack_params(3) == []
    assert _child_modules([box]) == [box, inner]
    assert _child_modules(box) == [box, inner]
    assert box._children() == [inner]
    assert Box()._children() == []


def test_a_module_without_a_constructor_call_still_has_parameters():
    class Careless(nn.Module):
        def __init__(self):
            self.w = weight(2, 3)

    assert names(Careless()) == ["w"]
    assert Careless().eval().training is False
    assert repr(Careless()) == "Careless(), 6 parameters"


def test_buffers_are_the_tensors_that_are_no_parameters():
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    assert [name for name, _ in net.named_buffers()] == [
        "modules.1.running_mean",
        "modules.1.running_var",
    ]
    assert names(net) == [
        f"modules.{i}.{name}" for i in range(2) for name in ("weight", "bias")
    ]


def test_named_modules_begin_with_the_module_itself():
    net = nn.Sequential(nn.Residual(nn.ReLU()), nn.ReLU())
    found = dict(net.named_modules())
    assert list(found) == ["", "modules.0", "modules.0.fn", "modules.1"]
    assert found[""] is net
    assert found["modules.0.fn"] is net.modules[0].fn


def test_a_call_is_forward():
    class Sum(nn.Module):
        def forward(self, x, *more, scale=1):
            return (x + sum(more)) * scale

    assert Sum()(1, 2, 3, scale=10) == 60
    with pytest.raises(NotImplementedError, match=r"Empty\.forward"):
        type("Empty", (nn.Module,), {})()(1)


def test_copies_and_pickles_are_modules_of_their_own():
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)).eval()
    x = ndl.init.randn(4, 2)
    expected = net(x).numpy()
    for other in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        np.testing.assert_array_equal(other(x).numpy(), expected)
        other.modules[0].weight.data = ndl.init.zeros(2, 3)
        assert isinstance(other.modules[0].weight, nn.Parameter)
    np.testing.assert_array_equal(net(x).numpy(), expected)


def test_sequential_takes_modules_one_by_one():
    with pytest.raises(
        TypeError, match=r"^Sequential takes modules one by one, not \["
    ):
        nn.Sequential([nn.ReLU()])
    assert nn.Sequential(ndl.relu, nn.ReLU()).modules[0] is ndl.relu


LISTING = """
Sequential(), 36 parameters
  modules.0: Linear(in_features=4, out_features=3), 15 parameters
  modules.1: Residual(), 21 parameters
    fn: Sequential(), 21 parameters
      modules.0: BatchNorm1d(dim=3, eps=1e-05, momentum=0.1), 6 parameters
      modules.1: Dropout(p=0.2)
      modules.2: Linear(in_features=3, out_features=3), 12 parameters
      modules.3: LayerNorm1d(dim=3, eps=0.1), 3 parameters
  modules.2: ReLU()
""".strip()


def test_a_module_shows_what_is_in_it():
    norm = nn.LayerNorm1d(3, eps=0.1)
    norm.bias = norm.weight  # a shared parameter counts once
    around = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.2), nn.Linear(3, 3), norm)
    net = nn.Sequential(nn.Linear(4, 3), nn.Residual(around), nn.ReLU())
    assert repr(net) == LISTING
    assert repr(nn.Linear(1, 1, bias=False)) == (
        "Linear(in_features=1, out_features=1), 1 parameter"
    )
    assert repr(nn.Linear(1000, 1000)).endswith(" 1,001,000 parameters")


def test_a_module_shows_its_mode_where_it_is_not_the_usual_one():
    net = nn.Sequential(nn.Residual(nn.ReLU()), nn.ReLU()).eval()
    net.modules[1].train()
    assert repr(net).splitlines() == [
        "Sequential(), in evaluation",
        "  modules.0: Residual()",
        "    fn: ReLU()",
        "  modules.1: ReLU(), in training",
    ]
