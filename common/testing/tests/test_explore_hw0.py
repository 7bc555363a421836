"""The helpers of the hw0 notebook: they draw, train, and wait politely."""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import shutil
import struct
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from coursekit.course import Course
from coursekit.staging import NONE, render, write_folder

COURSE = Course.find(Path(__file__).parent)
HW0 = COURSE.source("hw0")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    """Return the folder as a student gets it."""
    folder = tmp_path_factory.mktemp("starter") / "hw0"
    write_folder(render(COURSE, COURSE.homework("hw0"), NONE), folder)
    return folder


@pytest.fixture
def explore(starter, monkeypatch):
    """Import the package as a notebook in the homework's folder does."""
    monkeypatch.syspath_prepend(starter)
    yield importlib.import_module("explore")
    for name in [name for name in sys.modules if name.split(".")[0] == "explore"]:
        del sys.modules[name]


@pytest.fixture
def simple_ml():
    """Return the reference: the source with its markers is the solved module."""
    spec = importlib.util.spec_from_file_location(
        "reference_simple_ml", HW0 / "src" / "simple_ml.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def stub(*args, **kwargs):
    raise NotImplementedError("hw0.add: add is yours to write (handout, question 1)")


UNTOUCHED = SimpleNamespace(
    softmax_loss=stub, softmax_regression_epoch=stub, nn_epoch=stub, loss_err=stub
)


def write_idx(folder: Path, prefix: str, images: np.ndarray, labels: np.ndarray):
    with gzip.open(folder / f"{prefix}-images-idx3-ubyte.gz", "wb") as file:
        file.write(struct.pack(">4I", 0x803, len(images), 28, 28) + images.tobytes())
    with gzip.open(folder / f"{prefix}-labels-idx1-ubyte.gz", "wb") as file:
        file.write(struct.pack(">2I", 0x801, len(labels)) + labels.tobytes())


@pytest.fixture
def homework(tmp_path, monkeypatch, explore):
    """Make a homework's folder with data: class c is a bright band at row 2c + 4."""
    (tmp_path / "data").mkdir()
    rng = np.random.RandomState(7)
    for prefix, count in (("train", 300), ("t10k", 90)):
        labels = rng.randint(10, size=count).astype(np.uint8)
        images = rng.randint(60, size=(count, 28, 28)).astype(np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[2 * label + 4] = 255
        write_idx(tmp_path / "data", prefix, images, labels)
    monkeypatch.setattr(sys.modules["explore.data"], "HOMEWORK", tmp_path)
    monkeypatch.setattr(sys.modules["explore.speed"], "HOMEWORK", tmp_path)
    return tmp_path


@pytest.fixture
def data(explore, homework, simple_ml):
    return explore.load(simple_ml.parse_mnist)


def is_picture(value: object) -> bool:
    return value._repr_png_().startswith(PNG)


# -- waiting ---------------------------------------------------------------------------


def test_attempt_returns_what_the_function_returns(explore):
    assert explore.attempt(divmod, 7, 2) == (3, 1)


def test_attempt_says_what_is_not_written_yet(explore, capsys):
    assert explore.attempt(stub, 1, 2) is None
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert out.startswith("Not yet: hw0.add: add is yours to write")


def test_attempt_hides_no_mistake(explore):
    with pytest.raises(ZeroDivisionError):
        explore.attempt(divmod, 1, 0)


def test_the_untouched_starter_reads_from_top_to_bottom(explore, homework, capsys):
    assert explore.load(stub) is None
    for call in (
        lambda: explore.show_images(None),
        lambda: explore.show_means(None),
        lambda: explore.train_softmax(UNTOUCHED, None),
        lambda: explore.train_two_layer(UNTOUCHED, None),
        lambda: explore.learning_rates(UNTOUCHED, None),
        lambda: explore.plot_curves(None, None),
        lambda: explore.show_weights(None),
        lambda: explore.show_mistakes(None, None),
    ):
        capsys.readouterr()
        assert call() is None
        out = capsys.readouterr().out
        assert out.startswith("Not yet: "), out
        assert out.count("\n") == 1, out


def test_training_waits_for_the_epoch(explore, data, capsys):
    assert explore.train_softmax(UNTOUCHED, data) is None
    assert explore.train_two_layer(UNTOUCHED, data) is None
    assert capsys.readouterr().out.count("Not yet: hw0.add") == 2


# -- data ------------------------------------------------------------------------------


def test_load_reads_the_homeworks_own_data(data):
    assert data.X_train.shape == (300, 784)
    assert data.y_test.shape == (90,)
    assert data.classes[9] == "9"
    band = data.X_train[0].reshape(28, 28)[2 * int(data.y_train[0]) + 4]
    assert (band == 1).all()


@pytest.mark.parametrize(
    "parsed, words",
    [
        (None, "two NumPy arrays"),
        ((np.zeros((5, 28, 28)), np.zeros(5)), "(5, 28, 28)"),
        ((np.zeros((5, 784)), np.zeros(4)), "(4,)"),
    ],
)
def test_load_says_what_a_wrong_parser_returned(
    explore, homework, capsys, parsed, words
):
    assert explore.load(lambda images, labels: parsed) is None
    assert words in capsys.readouterr().out


def test_data_folder_falls_back_to_the_shipped_set(
    explore, homework, monkeypatch, capsys
):
    shutil.rmtree(homework / "data")
    monkeypatch.setenv("COURSE_DATA", str(homework / "empty cache"))
    folder = explore.data_folder()
    assert (folder / "train-images-idx3-ubyte.gz").exists()
    assert "fashion-small" in capsys.readouterr().out


def test_hexdump_shows_the_header(explore, homework, capsys):
    explore.hexdump("train-labels-idx1-ubyte.gz", 10)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split(None, 1) == ["0", "00 00 08 01 00 00 01 2c 04 09"]


# -- training and pictures -------------------------------------------------------------


def test_training_learns_and_keeps_its_numbers(explore, data, simple_ml, capsys):
    linear = explore.train_softmax(simple_ml, data, epochs=3, lr=0.1)
    network = explore.train_two_layer(simple_ml, data, hidden=30, epochs=4, lr=0.1)
    for history in (linear, network):
        first, last = history.rows[0], history.rows[-1]
        assert last.train_loss < first.train_loss < 2.4
        assert last.test_error < 0.1
    assert [row.epoch for row in network.rows] == [1, 2, 3, 4]
    assert capsys.readouterr().out.count("\n") == 2 + 3 + 2 + 4


def test_zero_weights_never_learn(explore, data, simple_ml):
    history = explore.train_two_layer(simple_ml, data, hidden=8, epochs=2, scale=0.0)
    assert all(abs(row.train_loss - np.log(10)) < 1e-5 for row in history.rows)


def test_pictures_show_themselves(explore, data, simple_ml, tmp_path):
    linear = explore.train_softmax(simple_ml, data, epochs=1, lr=0.001)
    network = explore.train_two_layer(simple_ml, data, hidden=12, epochs=1, lr=0.001)
    rates = explore.learning_rates(simple_ml, data, rates=(0.1, 1e6), epochs=2)
    for picture in (
        explore.show_images(data),
        explore.show_means(data),
        explore.plot_curves(linear, None, network),
        explore.show_weights(linear),
        explore.show_weights(network),
        explore.show_mistakes(network, data),
        rates,
    ):
        assert is_picture(picture)
    rates.save(tmp_path / "rates.svg")
    assert "<svg" in (tmp_path / "rates.svg").read_text()


def test_without_matplotlib_a_picture_says_what_to_install(
    explore, data, monkeypatch, capsys
):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    capsys.readouterr()
    assert explore.show_images(data) is None
    assert capsys.readouterr().out.startswith("Not yet: pictures need matplotlib: ")


def test_a_model_without_mistakes_is_congratulated(explore, data, simple_ml, capsys):
    history = explore.train_softmax(simple_ml, data, epochs=20, lr=0.1)
    assert history.rows[-1].test_error == 0
    assert explore.show_mistakes(history, data) is None
    assert "no mistake" in capsys.readouterr().out


# -- the race --------------------------------------------------------------------------


def race(starter: Path, homework: Path, body: str) -> None:
    (homework / "src").mkdir()
    (homework / "src" / "simple_ml.py").write_text(body)
    shutil.copytree(
        starter / "explore",
        homework / "explore",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    path = homework / "explore" / "race.py"
    path.write_text(path.read_text().replace("12_000, 784, 10", "40, 5, 3"))


def test_the_race_times_both_and_compares_them(starter, explore, homework, capsys):
    race(
        starter,
        homework,
        "def softmax_regression_epoch(X, y, theta, lr, batch): theta += 1\n"
        "def softmax_regression_epoch_cpp(X, y, theta, lr, batch): theta += 1.5\n",
    )
    explore.compare_speed()
    out = capsys.readouterr().out
    assert "One epoch, 40 x 5, 3 classes" in out
    assert "two thetas: 5.0e-01" in out


@pytest.mark.parametrize(
    "body, words",
    [
        ("raise NotImplementedError('hw0.x: yours to write')", "hw0.x: yours to write"),
        ("raise ImportError('not built: run make')", "not built: run make"),
        ("raise KeyError('theta')", "KeyError: 'theta'"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "signal 11"),
    ],
)
def test_the_race_says_why_it_did_not_run(
    starter, explore, homework, capsys, body, words
):
    race(
        starter,
        homework,
        f"def softmax_regression_epoch(X, y, theta, lr, batch): {body}\n"
        "softmax_regression_epoch_cpp = softmax_regression_epoch\n",
    )
    explore.compare_speed()
    out = capsys.readouterr().out
    assert out.startswith("Not yet: ")
    assert words in out


def test_logits_are_those_of_a_network_with_relu(explore):
    from explore.history import logits

    first = np.array([[1.0, -1.0], [0.0, 2.0]])
    second = np.array([[3.0], [5.0]])
    history = explore.History("by hand", (first, second), ("only",))
    # (1, 1) -> (1, 1) -> 8; (-1, 0) -> (-1, 1) -> (0, 1) -> 5
    found = logits(history, np.array([[1.0, 1.0], [-1.0, 0.0]]))
    assert found.tolist() == [[8.0], [5.0]]


def test_mistakes_name_the_truth_and_what_was_said(explore, data, simple_ml):
    history = explore.train_two_layer(simple_ml, data, hidden=12, epochs=1, lr=0.001)
    picture = explore.show_mistakes(history, data)
    titles = [ax.get_title().split("\n") for ax in picture.figure.axes]
    shown = [title for title in titles if len(title) == 2]
    assert len(shown) == 20
    assert all(truth.split()[1] != said.split()[1] for truth, said in shown)
