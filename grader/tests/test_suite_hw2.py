"""The real suite of hw2: other right work earns all of it, dishonest work nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from suite_kit import RealSuite

HW2 = RealSuite("hw2")

ORIGINAL = Path(__file__).parent / "original_hw2"

APP = "apps/mlp_resnet.py"
AUTOGRAD = "python/needle/autograd.py"
DATASET = "python/needle/data/datasets/mnist_dataset.py"
LOADER = "python/needle/data/data_basic.py"
LAYERS = "python/needle/nn/nn_basic.py"
OPTIM = "python/needle/optim.py"


@pytest.fixture(autouse=True)
def kept_reference(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests of this file share the reference's answers."""
    monkeypatch.setenv("GRADER_HOME", str(shared_home))


def test_whole_files_in_the_style_of_the_original_earn_everything() -> None:
    """Nothing of what is left to students is asked for as the reference has it.

    Another Module, biases of one axis, a loader that is its own iterator, lists as
    batches, state by number or id, arrays as state, the mean of the batches' losses.
    """
    own = {
        path.relative_to(ORIGINAL).as_posix(): path.read_bytes()
        for path in ORIGINAL.rglob("*.py")
    }
    assert own.keys() <= HW2.honest().keys()
    found = HW2.graded({**HW2.honest(), **own})
    assert {name: status for name, status in found.items() if status != "passed"} == {}


def test_losses_that_nobody_computed_earn_nothing() -> None:
    hard_coded = '    return 0.05, 0.17\n    """Go through the data once'
    edit = ('    """Go through the data once', hard_coded)
    found = HW2.graded(HW2.changed(APP, edit), "hw2.mlp_resnet")
    trained = [name for name in found if name.startswith(("epoch_", "training_"))]
    assert len(trained) == 6
    assert "passed" not in {found[name] for name in trained}


def test_an_evaluation_that_trains_is_noticed() -> None:
    """The optimizer of the last training, kept for when none is given."""
    begin = "    loss_function, flatten"
    kept = f"    opt = last.setdefault('opt', opt)\n{begin}"
    edits = [(begin, kept), ("np.random.seed(0)\n", "np.random.seed(0)\nlast = {}\n")]
    found = HW2.graded(HW2.changed(APP, *edits), "hw2.mlp_resnet")
    assert found["epoch_modes"] != "passed"


def test_wrong_labels_earn_what_the_images_are_worth() -> None:
    right = "self.images[index], self.labels[index]"
    edit = (right, "self.images[index], 0 * self.labels[index]")
    found = HW2.graded(HW2.changed(DATASET, edit), "hw2.mnist_dataset")
    passed = {name for name, status in found.items() if status == "passed"}
    assert passed == {"dataset_length"}


@pytest.mark.parametrize("question", ["hw2.optim_sgd", "hw2.optim_adam"])
def test_an_optimizer_that_never_steps_earns_nothing(question: str) -> None:
    """Not even what is asked besides: types, memory, gradients left alone."""
    files = HW2.changed(OPTIM, ("for p in self.params:", "for p in ():"))
    assert "passed" not in HW2.graded(files, question).values()


def test_a_counter_that_stands_still_earns_nothing() -> None:
    """What the student's process counts is never the only evidence."""
    still = ("TENSOR_COUNTER += 1", "TENSOR_COUNTER += 0")
    files = HW2.changed(AUTOGRAD, still, ("TENSOR_COUNTER -= 1", "TENSOR_COUNTER -= 0"))
    idle = HW2.changed(OPTIM, ("for p in self.params:", "for p in ():"))
    found = HW2.graded({**files, OPTIM: idle[OPTIM]}, "hw2.optim_sgd")
    assert found["sgd_training"] == "wrong"


def test_a_loader_that_never_ends_is_stopped() -> None:
    """It gets an answer in time, and no points."""
    edit = ("self.position == len(self.ordering)", "not self.ordering")
    endless = ("self.position += 1", "self.position = 0")
    found = HW2.graded(HW2.changed(LOADER, edit, endless), "hw2.dataloader")
    assert set(found.values()) == {"wrong"}


FORGED = b'''
import numpy as np


class Parameter:
    """Is every attribute, can be called, and is as large as anybody likes."""

    def __init__(self, *args, **kwargs):
        self.training = True

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __iter__(self):
        return iter([self])

    def numpy(self):
        return np.zeros((2, 3), np.float32)


Module = Parameter


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Parameter
'''


def test_layers_that_say_yes_to_all_earn_nothing() -> None:
    names = ["Linear", "ReLU", "Sequential", "LayerNorm1d", "BatchNorm1d", "Dropout"]
    names += ["Flatten", "Residual", "SoftmaxLoss", "Identity"]
    same = "".join(f"{name} = Parameter\n" for name in names).encode()
    files = {**HW2.honest(), LAYERS: FORGED + same}
    found = HW2.graded(files, "hw2.nn_linear", "hw2.nn_batchnorm", "hw2.nn_dropout")
    assert "passed" not in found.values()


SHADOWS = [
    "apps/_layers.py",
    "apps/numpy.py",
    "python/needle/_descent.py",
    "apps/gradebox.py",
]


def test_files_named_like_ours_change_nothing() -> None:
    """Nothing of the student's comes before NumPy, the kit or the suite."""
    shadow = b"raise RuntimeError('this file was loaded')\n"
    files = {**HW2.honest(), **dict.fromkeys(SHADOWS, shadow)}
    found = HW2.graded(files, "hw2.optim_sgd", "hw2.nn_relu")
    assert set(found.values()) == {"passed"}
