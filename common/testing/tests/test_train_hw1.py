"""hw1's apps/simple_ml.py as a program: it learns, draws, and says what is missing."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys

import pytest
from train_kit import COURSE, folder, mnist_in, on_terminal, run

APP = "apps/simple_ml.py"
CACHE = os.environ.get("COURSE_DATA")  # read for real MNIST, never written
ERRORS = {"mnist": 0.03, "fashion-small": 0.25}  # largest test error
QUESTIONS = [question.name for question in COURSE.homework("hw1").questions]


@pytest.fixture(autouse=True)
def no_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course-data"))


@pytest.fixture
def hw1(tmp_path):
    """Return the solved homework."""
    return folder(tmp_path / "hw1", "hw1", QUESTIONS)


def test_the_reference_learns_and_draws_from_any_folder(hw1, tmp_path):
    done = run(tmp_path, hw1 / APP, "--json", "--out", "my pictures")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["data"].startswith("fashion-small")
    (model,) = result["models"]
    assert [row["epoch"] for row in model["epochs"]] == list(range(1, 21))
    first, last = model["epochs"][0], model["epochs"][-1]
    assert last["test_error"] <= ERRORS["fashion-small"]
    assert last["train_loss"] < first["train_loss"] / 2
    assert "20 of 20" in done.stderr  # progress, line by line
    assert "Warning" not in done.stderr
    out = tmp_path / "my pictures"
    assert json.loads((out / "results.json").read_text()) == result
    drawn = {path.name for path in out.iterdir() if path.stat().st_size > 1000}
    pictures = {"curves.png", "curves.svg", "weights-network.png"}
    assert drawn >= {*pictures, "mistakes-network.png"}


@pytest.mark.slow
def test_on_real_mnist_where_the_cache_has_it(hw1, monkeypatch):
    found = mnist_in(CACHE, monkeypatch)
    if found is None:
        pytest.skip("MNIST is not in the cache: `course data get mnist`")
    shutil.copytree(found, hw1 / "data")
    done = run(hw1, APP, "--json")
    assert done.returncode == 0, done.stderr
    (model,) = json.loads(done.stdout)["models"]
    assert len(model["epochs"]) == 20
    assert model["epochs"][-1]["test_error"] <= ERRORS["mnist"]


def losses(hw1) -> list[float]:
    """Return the training losses that the last run has left in the folder."""
    result = json.loads((hw1 / "results" / "results.json").read_text())
    return [row["train_loss"] for row in result["models"][0]["epochs"]]


def test_it_runs_in_the_folder_of_the_apps(hw1):
    done = run(hw1 / "apps", "simple_ml.py", "--epochs", 2, "--hidden", 30, "--lr", 0)
    assert done.returncode == 0, done.stderr
    assert "30 hidden, lr 0" in done.stdout
    assert f"in {hw1 / 'results'}" in done.stdout
    first, second = losses(hw1)
    assert first == second  # steps without a length


def test_the_size_of_a_batch_is_obeyed(hw1):
    run(hw1, APP, "--epochs", 1)
    (many_steps,) = losses(hw1)
    run(hw1, APP, "--epochs", 1, "--batch", 6000)
    (one_step,) = losses(hw1)
    assert many_steps < 1.5 < 2.0 < one_step < 2.4


def test_a_terminal_gets_a_table_and_a_bar(hw1):
    shown = on_terminal(hw1, APP, "--epochs", 3)
    assert shown.index(b"1 of 3") < shown.index(b"3 of 3") < shown.index(b"Pictures")
    assert b"\x1b[" in shown  # the bar moves


@pytest.mark.parametrize(
    "written, words",
    [
        ([], "hw1.softmax_loss_ndl: parse_mnist is yours to write"),
        (QUESTIONS[1:], "hw1.forward: MatMul.compute is yours to write"),
        (QUESTIONS[:3] + QUESTIONS[4:], "hw1.compute_gradient: "),
        (QUESTIONS[:-1], "hw1.nn_epoch_ndl: "),
    ],
)
def test_what_is_still_to_be_written_is_named(tmp_path, written, words):
    done = run(folder(tmp_path / "hw1", "hw1", written), APP, "--epochs", 1)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "hw1" / "results").iterdir())


def test_steps_that_are_too_large_are_reported(hw1):
    done = run(hw1, APP, "--lr", 1e6, "--json")
    assert done.returncode == 1
    assert "the loss is nan after epoch 1. The steps are too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert losses(hw1) == [None]
    assert "NaN" not in (hw1 / "results" / "results.json").read_text()


def test_pictures_are_not_needed_to_train(hw1):
    done = run(hw1, APP, "--epochs", 1, hidden=["matplotlib"])
    assert done.returncode == 0, done.stderr
    assert "No pictures: pictures need matplotlib" in done.stdout
    assert [path.name for path in (hw1 / "results").iterdir()] == ["results.json"]


def test_missing_data_are_asked_for(hw1):
    done = run(hw1, APP, hidden=["coursekit"])
    assert done.returncode == 1
    assert f"no data: put the four MNIST files into {hw1 / 'data'}" in done.stderr
    assert "Traceback" not in done.stderr
    shutil.copytree(COURSE.root / "common" / "data" / "fashion-small", hw1 / "data")
    done = run(hw1, APP, "--epochs", 1, hidden=["coursekit"])
    assert done.returncode == 0, done.stderr
    assert f"Data: the four files in {hw1 / 'data'}" in done.stdout


@pytest.mark.parametrize("option", ["--epochs", "--hidden", "--batch"])
def test_a_number_that_makes_no_sense_is_refused(hw1, option):
    done = run(hw1, APP, option, 0)
    assert done.returncode == 2
    assert f"argument {option}: '0' is not a number from 1 on" in done.stderr


def test_a_folder_that_cannot_be_made_costs_no_training(hw1):
    done = run(hw1, APP, "--out", "handout.md")
    assert done.returncode == 1
    assert "handout.md cannot be made: File exists" in done.stderr
    assert "1 of" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGINT to send")
def test_stopping_keeps_what_is_trained(hw1):
    command = [sys.executable, APP, "--epochs", "100000", "--hidden", "2"]
    training = subprocess.Popen(
        command,
        cwd=hw1,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with training, contextlib.ExitStack() as stack:
        stack.callback(training.kill)
        assert any("1 of 100000" in line for line in training.stdout)
        training.send_signal(signal.SIGINT)
        _, errors = training.communicate(timeout=60)
    assert training.returncode == 130, errors
    assert errors.strip().endswith("Stopped.")
    assert losses(hw1)
    assert (hw1 / "results" / "curves.png").exists()
