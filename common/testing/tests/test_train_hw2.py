"""hw2's apps/mlp_resnet.py as a program: it learns, draws, stops, and goes on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
from train_kit import COURSE, folder, mnist_in, on_terminal, run

APP = "apps/mlp_resnet.py"
CACHE = os.environ.get("COURSE_DATA")  # read for real MNIST, never written
# Largest test error after ten epochs; seeds 0 to 4 end at 15.6 to 19.1% (fashion-small)
# and at 2.1 to 2.5% (MNIST).
ERRORS = {"mnist": 0.03, "fashion-small": 0.22}
QUESTIONS = [question.name for question in COURSE.homework("hw2").questions]
SMALL = ("--hidden", 20, "--blocks", 1)


@pytest.fixture(autouse=True)
def no_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course-data"))


@pytest.fixture(scope="module")
def hw2(tmp_path_factory):
    """Return the solved homework; a test that writes into it takes `own`."""
    return folder(tmp_path_factory.mktemp("course") / "hw2", "hw2", QUESTIONS)


@pytest.fixture
def own(hw2, tmp_path):
    """Return a copy of the solved homework that a test may change."""
    shutil.copytree(hw2, tmp_path / "hw2")
    return tmp_path / "hw2"


@pytest.fixture
def out(tmp_path):
    """Return the folder for what is drawn and kept."""
    return tmp_path / "out"


def result(out: Path) -> dict:
    """Return what the last run says of its model."""
    (model,) = json.loads((out / "results.json").read_text())["models"]
    return model


def curve(out: Path) -> list[dict]:
    """Return the rows of all epochs, without the seconds they took."""
    rows = result(out)["epochs"]
    return [{name: row[name] for name in row if name != "seconds"} for row in rows]


def tensors(out: Path) -> dict[str, np.ndarray]:
    return load_file(out / "checkpoint.safetensors")


def assert_same_training(one: Path, other: Path) -> None:
    """Compare curves and all that a next step depends on, bit by bit."""
    assert curve(one) == curve(other)
    a, b = tensors(one), tensors(other)
    assert a.keys() == b.keys()
    for name in a:
        assert a[name].dtype == b[name].dtype, name
        assert a[name].tobytes() == b[name].tobytes(), name


def started(hw2: Path, out: Path, *options: object, until: str) -> subprocess.Popen:
    """Start training, and return the process when it has printed these words."""
    command = [sys.executable, APP, "--out", out, *options]
    training = subprocess.Popen(
        list(map(str, command)),
        cwd=hw2,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert any(until in line for line in training.stdout), training.stderr.read()
    return training


def train(hw2: Path, *options: object) -> subprocess.CompletedProcess[str]:
    """Train without drawing, which takes longer than the training of most tests."""
    return run(hw2, APP, *options, hidden=["matplotlib"])


def refused(hw2: Path, *options: object) -> str:
    """Return the one line with which a command line is refused."""
    done = train(hw2, *options)
    assert done.returncode == 1, done.stdout
    (line,) = done.stderr.strip().splitlines()
    assert "1 of" not in done.stdout
    return line


def test_the_reference_learns_and_draws_from_any_folder(hw2, tmp_path):
    done = run(tmp_path, hw2 / APP, "--json", "--out", "my pictures")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert printed["data"].startswith("fashion-small")
    (model,) = printed["models"]
    assert [row["epoch"] for row in model["epochs"]] == list(range(1, 11))
    assert model["settings"]["optimizer"] == "adam"
    first, last = model["epochs"][0], model["epochs"][-1]
    assert last["test_error"] <= ERRORS["fashion-small"]
    assert last["train_loss"] < first["train_loss"] / 2
    assert "10 of 10" in done.stderr  # progress, line by line
    assert "Warning" not in done.stderr
    out = tmp_path / "my pictures"
    assert json.loads((out / "results.json").read_text()) == printed
    drawn = {path.name for path in out.iterdir() if path.stat().st_size > 1000}
    pictures = {"curves.png", "curves.svg", "mistakes-resnet.png"}
    assert drawn == {*pictures, "results.json", "checkpoint.safetensors"}


@pytest.mark.slow
def test_on_real_mnist_where_the_cache_has_it(own, out, monkeypatch):
    found = mnist_in(CACHE, monkeypatch)
    if found is None:
        pytest.skip("MNIST is not in the cache: `course data get mnist`")
    shutil.copytree(found, own / "data")
    done = run(own, APP, "--out", out)
    assert done.returncode == 0, done.stderr
    rows = curve(out)
    assert len(rows) == 10
    assert rows[-1]["test_error"] <= ERRORS["mnist"]


OTHERWISE = ("--optimizer", "sgd", "--norm", "layer", "--batch", 70, "--seed", 5)


@pytest.mark.parametrize(
    "options",
    [
        ("--schedule", "cosine"),
        pytest.param(("--optimizer", "adamw"), marks=pytest.mark.slow),
        pytest.param(OTHERWISE, marks=pytest.mark.slow),
    ],
)
def test_a_killed_training_goes_on_as_if_nothing_had_been(hw2, tmp_path, options):
    options = ("--epochs", 5, *SMALL, *options)
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert train(hw2, "--out", whole, *options).returncode == 0
    with started(hw2, cut, *options, until="2 of 5") as training:
        time.sleep(0.1)  # into the third epoch
        training.kill()
    assert not (cut / "results.json").exists()
    done = train(hw2, "--out", cut, "--resume")
    assert done.returncode == 0, done.stderr
    assert "Going on after epoch 2 of" in done.stdout
    assert "1 of 5" in done.stdout  # the table begins where the training did
    assert_same_training(cut, whole)


def test_it_goes_on_for_more_epochs_elsewhere_and_again(hw2, tmp_path):
    one, two, whole = (tmp_path / name for name in ("one", "two", "whole"))
    train(hw2, *SMALL, "--epochs", 3, "--out", whole)
    train(hw2, *SMALL, "--epochs", 2, "--out", one)
    file = one / "checkpoint.safetensors"
    before = file.read_bytes()
    more = ("--resume", file, "--out", two, "--epochs", 3)
    assert train(hw2, *more).returncode == 0
    assert_same_training(two, whole)
    assert file.read_bytes() == before
    for options in ((), ("--epochs", 2)):  # fewer than are done take nothing back
        done = train(hw2, "--out", two, "--resume", *options)
        assert done.returncode == 0
        assert "All 3 epochs are done; --epochs would give it more." in done.stdout
        assert "3 of 3" in done.stdout
    assert_same_training(two, whole)


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT to send")
def test_who_stops_it_is_told_how_to_go_on(hw2, out):
    many = ("--epochs", 100000, *SMALL)
    with started(hw2, out, *many, until="1 of 100000") as training:
        training.send_signal(signal.SIGINT)
        _, errors = training.communicate(timeout=300)
    assert training.returncode == 130, errors
    done = len(curve(out))
    assert f"Stopped. Go on after epoch {done} with\n" in errors
    assert errors.strip().endswith(f"python3 {APP} --out {out} --resume")
    assert "Traceback" not in errors
    assert (out / "curves.png").exists()
    more = ("--epochs", done + 1, "--resume", "--out", out)
    assert train(hw2, *more).returncode == 0
    assert [row["epoch"] for row in curve(out)] == list(range(1, done + 2))


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT to send")
def test_ctrl_c_is_heard_while_a_tensor_is_freed(hw2):
    """Python drops an exception there, and says so on stderr."""
    program = """
import os, signal
from explore.history import History, Row
from explore.table import show
class Freed:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(100))
class Training:
    history, epochs = History("freed", (), ()), 5
    def rows(self, tell):
        for number in range(1, 6):
            Freed()
            tell(number)
            yield Row(number, 1.0, 1.0, 1.0, 1.0)
try:
    show(Training())
except KeyboardInterrupt:
    print("heard")
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
"""
    done = run(hw2, "-c", program)
    assert (done.stderr, done.returncode) == ("", 0)
    assert "heard" in done.stdout
    assert "1 of 5" not in done.stdout


def test_after_a_stop_pictures_show_the_network_of_the_last_row(hw2, out):
    """The second epoch is stopped when it has changed the network."""
    program = f"""
import sys
from pathlib import Path
sys.path[:0] = ["", "apps", "python"]
import mlp_resnet, numpy as np
from explore.checkpoint import Keeper
from explore.data import Digits
from explore.resnet import ResNet
from explore.settings import Settings
X, y = np.random.rand(300, 784).astype("float32"), np.random.randint(0, 10, 300)
data, keeper = Digits(X, y, X, y), Keeper(Path({str(out)!r}) / "checkpoint.safetensors")
training = ResNet(mlp_resnet, data, Settings.of(hidden=20), keeper)
rows, step = training.rows(), training.optimizer.step
wrong = next(rows).test_error
def stop():
    step()
    raise KeyboardInterrupt
training.optimizer.step = stop
try:
    next(rows)
except KeyboardInterrupt:
    print(np.mean(training.logits(X).argmax(axis=1) != y), wrong)
"""
    out.mkdir()
    done = run(hw2, "-c", program)
    assert done.returncode == 0, done.stderr
    shown, measured = map(float, done.stdout.split())
    assert shown == measured


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT to send")
def test_who_stops_it_at_once_is_told_that_nothing_is_kept(hw2, out):
    slow = ("--hidden", 2000, "--batch", 1)
    with started(hw2, out, *slow, until="seconds") as training:
        training.send_signal(signal.SIGINT)
        _, errors = training.communicate(timeout=300)
    assert training.returncode == 130, errors
    assert "Nothing is kept yet" in errors
    assert not list(out.iterdir())


def test_the_checkpoint_of_another_training_is_kept_aside(hw2, out):
    train(hw2, *SMALL, "--epochs", 1, "--out", out)
    first = (out / "checkpoint.safetensors").read_bytes()
    done = train(hw2, *SMALL, "--epochs", 2, "--out", out, "--seed", 1)
    assert (out / "checkpoint-before.safetensors").read_bytes() == first
    assert "an earlier training is checkpoint-before" in done.stdout
    assert (out / "checkpoint.safetensors").read_bytes() != first


@pytest.fixture(scope="module")
def kept(hw2, tmp_path_factory):
    """Return the folder of a training of one epoch."""
    kept = tmp_path_factory.mktemp("kept")
    small = ("--schedule", "cosine", "--epochs", 1)
    assert train(hw2, *SMALL, *small, "--out", kept).returncode == 0
    return kept / "checkpoint.safetensors"


@pytest.mark.parametrize(
    "option, words",
    [
        (("--hidden", 30), "with --hidden 20, not 30"),
        (("--weight-decay", 0), "with --weight-decay 0.001, not 0.0"),
        (("--epochs", 2), "with --epochs 1, not 2"),  # its schedule has come to an end
    ],
)
def test_other_settings_than_those_of_the_checkpoint_are_refused(
    hw2, kept, out, option, words
):
    line = refused(hw2, "--resume", kept, "--out", out, *option)
    assert words in line
    assert "leave the option out" in line
    same = train(hw2, "--resume", kept, "--out", out, *SMALL, "--seed", 0)
    assert same.returncode == 0, same.stderr


def test_a_file_that_is_no_checkpoint_is_refused(hw2, kept, out):
    out.mkdir()
    options = ("--resume", "--out", out)
    file = out / "checkpoint.safetensors"
    assert f"there is no checkpoint {file}" in refused(hw2, *options)
    content = kept.read_bytes()
    for damaged in (b"", content[:5], content[:-1], content[: len(content) // 2]):
        file.write_bytes(damaged)
        assert str(file) in refused(hw2, *options)
    file.write_bytes(content[:8] + b"\xff" * 30 + content[38:])
    assert str(file) in refused(hw2, *options)
    save_file({"weight": np.ones(3)}, file)
    assert f"{file} is no checkpoint of this program" in refused(hw2, *options)
    save_file({"weight": np.ones(3, "complex64")}, file)
    assert "real numbers, not complex64" in refused(hw2, *options)


@pytest.mark.parametrize(
    "part, changed",
    [
        ("settings", {"epochs": "many"}),
        ("settings", {"batch": 0}),
        ("settings", {"hidden": -4}),
        ("settings", {"norm": "none"}),
        ("settings", {"drop": 5}),
        ("settings", {"lr": None}),
        ("settings", {"seed": -1}),
        ("rows", [{"train_loss": "small"}]),
        ("rows", [{"epoch": 7}]),
    ],
)
def test_a_checkpoint_that_tells_nonsense_is_refused(hw2, kept, out, part, changed):
    with safe_open(kept, framework="np") as file:
        story = json.loads(file.metadata()["mlp_resnet"])
    old = story[part]
    whole = [{**old[0], **changed[0]}] if part == "rows" else {**old, **changed}
    line = refused_story(hw2, kept, out, json.dumps({**story, part: whole}))
    assert line.endswith("is no checkpoint of this program.")


def test_a_checkpoint_nested_without_end_is_refused(hw2, kept, out):
    line = refused_story(hw2, kept, out, "[" * 100_000)
    assert line.endswith("is no checkpoint of this program.")


def refused_story(hw2, kept, out, story):
    """Return the line that refuses a checkpoint with other metadata."""
    other = kept.with_name("nonsense.safetensors")
    save_file(load_file(kept), other, {"mlp_resnet": story})
    return refused(hw2, "--resume", other, "--out", out)


@pytest.mark.parametrize("missing", ["model.", "optimizer."])
def test_a_checkpoint_of_another_network_is_refused(hw2, kept, out, missing):
    with safe_open(kept, framework="np") as file:
        metadata = file.metadata()
    tensors = load_file(kept)
    del tensors[next(name for name in sorted(tensors) if name.startswith(missing))]
    other = kept.with_name("other.safetensors")
    save_file(tensors, other, metadata)
    line = refused(hw2, "--resume", other, "--out", out)
    assert "the checkpoint is of another network" in line


def test_a_checkpoint_of_other_data_is_refused(own, kept, out):
    options = ("--resume", kept, "--out", out)
    shutil.copytree(COURSE.root / "common" / "data" / "fashion-small", own / "data")
    assert train(own, *options).returncode == 0
    for name in ("labels-idx1-ubyte.gz", "images-idx3-ubyte.gz"):
        shutil.copy(own / "data" / f"train-{name}", own / "data" / f"t10k-{name}")
    assert "the checkpoint is of a training on other data" in refused(own, *options)


def test_each_epoch_has_an_order_of_its_own(hw2, out):
    still = ("--lr", 0, "--drop", 0, "--epochs", 3, *SMALL)
    assert train(hw2, *still, "--out", out).returncode == 0
    rows = curve(out)  # what a batch is normalised by depends on who is in it
    assert len({row["train_loss"] for row in rows}) == 3
    train(hw2, *still, "--out", out)
    assert curve(out) == rows


def test_a_schedule_changes_the_length_of_steps(hw2):
    """Of 8 steps the first has its full length, the last almost none."""
    program = """
import sys
sys.path[:0] = ["", "apps", "python"]
import mlp_resnet, numpy as np
from explore.data import Digits
from explore.resnet import ResNet
from explore.settings import Settings
data = Digits(*[np.zeros((40, 784), "float32"), np.zeros(40, "uint8")] * 2)
training = ResNet(mlp_resnet, data, Settings.of(batch=10, epochs=2, schedule="cosine"))
step, rates = training.optimizer.step, []
training.optimizer.step = lambda: (rates.append(training.optimizer.lr), step())
list(training.rows())
print(*rates)
"""
    done = run(hw2, "-c", program)
    assert done.returncode == 0, done.stderr
    rates = list(map(float, done.stdout.split()))
    cosine = [0.0005 * (1 + np.cos(np.pi * step / 8)) for step in range(8)]
    np.testing.assert_allclose(rates, cosine, rtol=1e-12)


def test_a_terminal_gets_a_table_and_a_bar(hw2, out):
    shown = on_terminal(hw2, APP, "--epochs", 2, "--out", out)
    assert shown.index(b"1 of 2") < shown.index(b"2 of 2") < shown.index(b"Pictures")
    between = shown[shown.index(b"seconds") : shown.index(b"1 of 2")]
    assert between.count(b"%") > 1  # the bar moves within an epoch


@pytest.mark.parametrize(
    "written, words",
    [
        ([], "hw2.mnist_dataset: MNISTDataset.__init__ is yours to write"),
        (["mnist_dataset"], "hw2.dataloader: DataLoader.__iter__ "),
        (["mnist_dataset", "dataloader"], "hw2.mlp_resnet: MLPResNet "),
        ([each for each in QUESTIONS if each != "init"], "hw2.init: kaiming_uniform "),
        ([each for each in QUESTIONS if each != "optim_adam"], "hw2.optim_adam: "),
        ([each for each in QUESTIONS if each != "nn_batchnorm"], "hw2.nn_batchnorm: "),
    ],
)
def test_what_is_still_to_be_written_is_named(tmp_path, out, written, words):
    done = run(folder(tmp_path / "hw2", "hw2", written), APP, "--out", out)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(out.iterdir())


def test_a_training_without_checkpoints_says_so(own, out):
    """A module as in the original course, and a loader that is its own iterator."""
    with (own / "python/needle/nn/module.py").open("a") as module:
        module.write("\n\ndel Module.state_dict, Module.load_state_dict\n")
    with (own / "python/needle/data/data_basic.py").open("a") as loader:
        loader.write(
            "\n\nclass Old(DataLoader):\n"
            "    def __iter__(self):\n"
            "        self.inner = super().__iter__()\n"
            "        return self\n\n"
            "    def __next__(self):\n"
            "        return list(next(self.inner))\n\n\n"
            "DataLoader = Old\n"
        )
    done = run(own, APP, "--epochs", 2, *SMALL, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("No checkpoints: 'Sequential' object has no attri") == 1
    assert len(curve(out)) == 2
    assert not list(out.glob("*.safetensors"))


def test_neither_pictures_nor_checkpoints_are_needed_to_train(own, out):
    hidden = ["matplotlib", "safetensors"]
    done = run(own, APP, "--epochs", 1, *SMALL, "--out", out, hidden=hidden)
    assert done.returncode == 0, done.stderr
    assert "No pictures: pictures need matplotlib" in done.stdout
    assert "No checkpoints: saving and loading tensors needs the pack" in done.stdout
    assert [path.name for path in out.iterdir()] == ["results.json"]


def test_steps_that_are_too_large_are_reported(hw2, out):
    options = ("--optimizer", "sgd", "--lr", 1e30, "--epochs", 3, "--out", out)
    done = train(hw2, *options)
    assert done.returncode == 1
    assert "after epoch 1. The steps are too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(out.glob("*.safetensors"))  # from there nothing is to be hoped for


@pytest.mark.parametrize(
    "option, value, words",
    [
        ("--epochs", 0, "'0' is not a number from 1 on"),
        ("--batch", -3, "'-3' is not a number from 1 on"),
        ("--drop", 1, "'1' is not below 1"),
        ("--lr", "nan", "'nan' is not a number, 0 or larger"),
        ("--hidden", 1, "'1' is not a number from 2 on"),
        ("--seed", "x", "'x' is not a number from 0 on"),
        ("--seed", 2**32, "'4294967296' is not below 2**32"),
        ("--optimizer", "adagrad", "invalid choice: 'adagrad'"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(hw2, option, value, words):
    done = run(hw2, APP, f"{option}={value}")
    assert done.returncode == 2
    assert f"argument {option}: {words}" in done.stderr
