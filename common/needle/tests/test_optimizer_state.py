"""After its state is loaded, an optimizer goes on as if nothing had been.

Solutions keep what they remember in their own ways; each of these is here.
"""

from __future__ import annotations

from collections import defaultdict

import needle as ndl
import numpy as np
import pytest
from needle import nn, optim


class ByParameter(optim.Optimizer):
    """Momentum in a dictionary by parameter, as arrays."""

    def __init__(self, params, lr=0.1):
        super().__init__(params)
        self.lr = lr
        self.u = {}

    def key(self, p):
        return p

    def step(self):
        for p in self.params:
            if p.grad is None:
                continue
            old = self.u.get(self.key(p), 0)
            new = 0.9 * old + p.grad.numpy()
            self.u[self.key(p)] = new
            p.data = ndl.Tensor(p.numpy() - self.lr * new, dtype=p.dtype)


class ById(ByParameter):
    """By the id of the parameter."""

    def key(self, p):
        return id(p)


class ByIndex(ByParameter):
    """By the position of the parameter."""

    def key(self, p):
        return next(i for i, each in enumerate(self.params) if each is p)


class ByWords(ByParameter):
    """In a dictionary by parameter, of dictionaries by name, with a count for each."""

    def __init__(self, params, lr=0.1):
        super().__init__(params, lr)
        self.u = defaultdict(lambda: {"m": None, "t": 0})

    def step(self):
        for p in self.params:
            if p.grad is None:
                continue
            kept = self.u[p]
            kept["t"] += 1
            m = 0 if kept["m"] is None else kept["m"]
            kept["m"] = m * 0.9 + p.grad.detach() * (1 / kept["t"])
            p.data = p.data - self.lr * kept["m"]


class ListOfDictionaries(ByParameter):
    """In a dictionary for each parameter, empty at the beginning."""

    def __init__(self, params, lr=0.1):
        super().__init__(params, lr)
        self.state = [{} for _ in self.params]

    def step(self):
        for p, kept in zip(self.params, self.state, strict=True):
            if p.grad is None:
                continue
            kept.setdefault("past", []).append(p.grad.numpy())
            p.data = ndl.Tensor(p.numpy() - self.lr * sum(kept["past"]), dtype=p.dtype)


class Lists(ByParameter):
    """In lists with a place for each parameter; settings in a tuple; NumPy's number."""

    def __init__(self, params, lr=0.1):
        super().__init__(params, np.float32(lr))
        self.betas = (0.9, 0.5)
        self.m = [None for _ in self.params]
        self.group = [{"params": self.params, "lr": lr}]
        self.t = 0
        self.amsgrad = False
        self.name = "lists"
        self.before_each = None

    def step(self):
        self.t += 1
        for i, p in enumerate(self.group[0]["params"]):
            if p.grad is None:
                continue
            old = 0 if self.m[i] is None else self.m[i]
            self.m[i] = old * self.betas[0] + p.grad.numpy() * self.betas[1] ** self.t
            p.data = ndl.Tensor(p.numpy() - self.lr * self.m[i], dtype=p.dtype)


KINDS = {
    "SGD": lambda params: optim.SGD(params, momentum=0.9, weight_decay=0.01),
    "Adam": lambda params: optim.Adam(params, weight_decay=0.01),
    "AdamW": optim.AdamW,
    "by parameter": ByParameter,
    "by id": ById,
    "by index": ByIndex,
    "by words": ByWords,
    "lists": Lists,
    "list of dictionaries": ListOfDictionaries,
}


def network():
    return nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))


def train(model, opt, steps, seed):
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        opt.reset_grad()
        x = rng.standard_normal((5, 3)).astype("float32")
        (model(ndl.Tensor(x, requires_grad=False)) ** 2).sum().backward()
        opt.step()


@pytest.fixture(autouse=True)
def _seeded():
    np.random.seed(0)


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


@pytest.mark.parametrize("through_file", [False, True])
@pytest.mark.parametrize("used", [0, 3])
def test_the_next_steps_are_those_of_one_that_was_never_stopped(
    kind, through_file, used, tmp_path
):
    model = network()
    opt = kind(model.parameters())
    train(model, opt, 3, seed=1)
    weights, state = model.state_dict(), opt.state_dict()
    if through_file:
        path = tmp_path / "opt.safetensors"
        ndl.save(path, state)
        state = ndl.load(path)
    again = network()
    other = kind(again.parameters())
    train(again, other, used, seed=7)  # a fresh one, and one with another past
    again.load_state_dict(weights)
    other.load_state_dict(state)
    train(model, opt, 4, seed=2)
    train(again, other, 4, seed=2)
    for a, b in zip(model.parameters(), again.parameters(), strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_a_state_from_the_beginning_forgets_what_was_since(kind):
    model = network()
    opt = kind(model.parameters())
    weights, state = model.state_dict(), opt.state_dict()
    train(model, opt, 2, seed=3)
    first = [p.numpy() for p in model.parameters()]
    model.load_state_dict(weights)
    opt.load_state_dict(state)
    train(model, opt, 2, seed=3)
    for a, p in zip(first, model.parameters(), strict=True):
        np.testing.assert_array_equal(a, p.numpy())


def test_a_state_is_a_copy(kind):
    model = network()
    opt = kind(model.parameters())
    train(model, opt, 2, seed=4)
    state = opt.state_dict()
    kept = {name: each.numpy() for name, each in state.items()}
    train(model, opt, 2, seed=5)
    other = kind(network().parameters())
    other.load_state_dict(state)
    train(model, other, 1, seed=6)
    for name, each in state.items():
        assert not each.requires_grad
        np.testing.assert_array_equal(each.numpy(), kept[name])


def test_names_say_where_a_value_was():
    model = nn.Linear(3, 1)
    names = {}
    for kind in (ByParameter, ById, ByIndex, ByWords):
        opt = kind(model.parameters())
        opt.reset_grad()
        model(ndl.init.ones(2, 3)).sum().backward()
        opt.step()
        names[kind] = list(opt.state_dict())[2:]
    assert names == {
        ByParameter: ["u.0:array", "u.1:array"],
        ById: ["u.id0:array", "u.id1:array"],
        ByIndex: ["u.at0:array", "u.at1:array"],
        ByWords: ["u.0.m", "u.0.t:number", "u.1.m", "u.1.t:number"],
    }
    opt = optim.Adam(model.parameters())
    model(ndl.init.ones(2, 3)).sum().backward()
    opt.step()
    remembered = {"t", "m.0", "m.1", "v.0", "v.1"}
    settings = {"params", "lr", "beta1", "beta2", "eps", "weight_decay"}
    assert opt.state_dict().keys() == remembered | settings


@pytest.mark.parametrize("state", [None, [("lr", 1.0)], "words"])
def test_what_is_no_dictionary_is_refused(state):
    opt = small()
    for owner in (opt, optim.StepSchedule(opt, every=1)):
        with pytest.raises(TypeError, match="dictionary of arrays by name"):
            owner.load_state_dict(state)


def test_an_attribute_may_become_of_another_sort():
    opt = Lists(network().parameters())
    names = [name for name in opt.state_dict() if not name.startswith("betas")]
    state = {name: opt.state_dict()[name] for name in names}
    opt.load_state_dict({**state, "betas": 0.5})
    assert opt.betas == 0.5


def test_numbers_keep_their_types_and_containers_stay_the_same():
    opt = Lists(network().parameters())
    opt.amsgrad, opt.t = True, 7
    m, group = opt.m, opt.group
    opt.load_state_dict(opt.state_dict())
    assert opt.m is m
    assert opt.group is group
    assert opt.group[0]["params"][0] is opt.params[0]
    assert [type(each) for each in (opt.amsgrad, opt.t, opt.lr)] == [
        bool,
        int,
        np.float32,
    ]
    assert opt.betas == (0.9, 0.5)
    assert opt.m == [None] * 4
    assert opt.name == "lists"


def test_a_list_that_was_empty_is_empty_again():
    opt = ByParameter(network().parameters())
    opt.norms = []
    state = opt.state_dict()
    opt.norms += [1.0, 2.0]
    longer = opt.state_dict()
    opt.load_state_dict(state)
    assert opt.norms == []
    opt.load_state_dict(longer)
    assert opt.norms == [1.0, 2.0]


def test_a_rate_that_was_changed_comes_back():
    opt = optim.SGD(network().parameters(), lr=0.5)
    state = optim.SGD(opt.params, lr=0.25).state_dict()
    opt.load_state_dict(state)
    assert opt.lr == 0.25


def small():
    return optim.Adam([nn.Parameter(np.ones((2, 3))), nn.Parameter(np.ones(4))])


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ([np.ones((2, 3))], "it is for 2 parameters, not for 1"),
        (
            [np.ones((2, 3)), np.ones((2, 2))],
            r"of another shape: parameter 1 is \(2, 2\), in the state \(4,\)",
        ),
        ([np.ones((3, 2)), np.ones(4)], r"parameter 0 is \(3, 2\), in the state"),
        ([np.ones((2, 3)), np.ones(())], r"parameter 1 is \(\), in the state \(4,\)"),
    ],
)
def test_other_parameters_are_refused(params, message):
    opt = optim.Adam([nn.Parameter(each) for each in params])
    with pytest.raises(ValueError, match=message):
        opt.load_state_dict(small().state_dict())


def test_another_optimizer_is_refused_and_nothing_changes():
    opt = small()
    opt.t = 5
    state = optim.SGD(opt.params, lr=9.0).state_dict()
    with pytest.raises(ValueError, match="does not fit Adam") as caught:
        opt.load_state_dict(state)
    assert str(caught.value).splitlines()[1:] == [
        "  missing: beta1",
        "  missing: beta2",
        "  missing: eps",
        "  missing: t",
        "  unexpected: momentum",
    ]
    assert (opt.t, opt.lr) == (5, 0.01)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, 1.0) for name in ("m.1:words", "lr.0", "m.0.x", "m.7", "m.id7")),
        *((name, 1.0) for name in (":", "", "m..0", "lr:array.0", "t:number")),
        ("m.1:number", [1.0, 2.0]),
        ("m.1:parameter", 9),
        ("m.1:parameter", -1),
        ("m.1", "words"),
    ],
)
def test_a_name_that_is_none_is_refused_and_nothing_changes(name, value):
    opt = small()
    opt.m[opt.params[0]] = ndl.Tensor(np.ones((2, 3)))
    before = {key: each.numpy() for key, each in opt.state_dict().items()}
    state = {**opt.state_dict(), "lr": np.array(3.0), name: value}
    with pytest.raises(ValueError):
        opt.load_state_dict(state)
    after = opt.state_dict()
    assert after.keys() == before.keys()
    assert all(np.array_equal(before[key], after[key].numpy()) for key in before)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1, 2}, "extra is of type set"),
        ({(1, 2): 3.0}, r"extra has the key \(1, 2\)"),
        ({"a.b": 3.0}, "extra has the key 'a.b'"),
        ([{"deep": object()}], "extra.item0.deep is of type object"),
    ],
)
def test_what_has_no_name_is_refused(value, message):
    opt = small()
    opt.extra = value
    with pytest.raises(TypeError, match=message):
        opt.state_dict()
