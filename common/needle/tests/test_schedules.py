"""Schedules set the rates that one computes by hand, and go on after a stop."""

from __future__ import annotations

import math

import needle as ndl
import numpy as np
import pytest
from needle import optim
from needle.optim import CosineSchedule, Schedule, StepSchedule


def optimizer(lr=0.5):
    return optim.SGD([ndl.nn.Parameter([1.0])], lr=lr)


def rates(make, steps, lr=0.5):
    """Return the rates that the optimizer has in its first steps."""
    opt = optimizer(lr)
    schedule = make(opt)
    found = []
    for _ in range(steps):
        found.append(opt.lr)
        schedule.step()
    return found


def test_steps_go_down_at_once():
    found = rates(lambda opt: StepSchedule(opt, every=3, gamma=0.5), 7)
    assert found == [0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]


def test_a_cosine_goes_down_from_all_to_nothing_and_stays():
    found = rates(lambda opt: CosineSchedule(opt, steps=4), 6)
    half = 0.5 * (1 + math.sqrt(0.5)) / 2
    np.testing.assert_allclose(
        found, [0.5, half, 0.25, 0.5 - half, 0, 0], rtol=1e-12, atol=1e-15
    )


def test_a_warmup_goes_up_in_a_line():
    found = rates(lambda opt: CosineSchedule(opt, steps=6, warmup=4), 7, lr=1.0)
    np.testing.assert_allclose(found, [0.25, 0.5, 0.75, 1, 1, 0.5, 0], atol=1e-15)


def test_a_part_is_left():
    found = rates(lambda opt: CosineSchedule(opt, steps=2, least=0.2), 4, lr=1.0)
    np.testing.assert_allclose(found, [1, 0.6, 0.2, 0.2], rtol=1e-12)


def test_only_a_warmup():
    found = rates(lambda opt: CosineSchedule(opt, steps=2, warmup=2), 3, lr=1.0)
    assert found[:2] == [0.5, 1.0]


@pytest.mark.parametrize(
    "make",
    [
        lambda opt: StepSchedule(opt, every=2, gamma=0.3),
        lambda opt: CosineSchedule(opt, steps=9, warmup=2, least=0.1),
    ],
)
def test_a_schedule_goes_on_after_a_stop(make, tmp_path):
    whole = rates(make, 8)
    opt = optimizer()
    schedule = make(opt)
    for _ in range(4):
        schedule.step()
    ndl.save(tmp_path / "a.safetensors", schedule.state_dict())
    ndl.save(tmp_path / "b.safetensors", opt.state_dict())

    for order in ("ab", "ba"):
        opt = optimizer()
        opt.load_state_dict(ndl.load(tmp_path / "b.safetensors"))
        schedule = make(opt)  # from the rate of later, which the state corrects
        if order == "ba":
            opt.load_state_dict(ndl.load(tmp_path / "b.safetensors"))
        schedule.load_state_dict(ndl.load(tmp_path / "a.safetensors"))
        found = []
        for _ in range(4):
            found.append(opt.lr)
            schedule.step()
        assert found == whole[4:]


def test_a_state_of_something_else_is_refused():
    schedule = StepSchedule(optimizer(), every=2)
    with pytest.raises(ValueError, match="does not fit StepSchedule") as caught:
        schedule.load_state_dict({"base": np.array(1.0), "lr": np.array(2.0)})
    assert str(caught.value).splitlines()[1:] == [
        "  missing: steps_done",
        "  unexpected: lr",
    ]
    assert (schedule.base, schedule.steps_done) == (0.5, 0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda opt: StepSchedule(opt, every=0), "every is a whole number, at least 1"),
        (lambda opt: StepSchedule(opt, every=1.5), "every is a whole number"),
        (lambda opt: StepSchedule(opt, every=1, gamma=0), "gamma is a number above 0"),
        (lambda opt: StepSchedule(opt, every=1, gamma=math.nan), "gamma is a number"),
        (lambda opt: CosineSchedule(opt, steps=0), "steps is a whole number"),
        (lambda opt: CosineSchedule(opt, steps=3, warmup=4), "from 0 to 3, not 4"),
        (lambda opt: CosineSchedule(opt, steps=3, warmup=-1), "warmup is"),
        (lambda opt: CosineSchedule(opt, steps=3, least=1.5), "least is a number"),
    ],
)
def test_settings_that_cannot_be_are_refused_and_change_no_rate(make, message):
    opt = optimizer()
    with pytest.raises(ValueError, match=message):
        make(opt)
    assert opt.lr == 0.5


def test_whole_numbers_of_numpy_are_whole():
    opt = optimizer()
    StepSchedule(opt, every=np.int64(2))
    CosineSchedule(opt, steps=np.int32(5), warmup=np.int32(1))


def test_a_schedule_of_ones_own_says_what_is_missing():
    with pytest.raises(NotImplementedError, match=r"Schedule\.factor"):
        Schedule(optimizer())
