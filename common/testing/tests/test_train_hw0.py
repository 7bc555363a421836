"""hw0's train.py: it learns, it draws, and it says what is still to be written."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from train_kit import folder, mnist_in, run

CACHE = os.environ.get("COURSE_DATA")  # read for real MNIST, never written
ERRORS = {  # largest test error of softmax regression and of the two-layer network
    "mnist": (0.085, 0.025),
    "fashion-small": (0.32, 0.25),
}
WRITTEN = ["parse_mnist", "softmax_loss", "softmax_regression_epoch", "nn_epoch"]


@pytest.fixture(autouse=True)
def no_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "course-data"))


def test_the_reference_learns_and_draws(tmp_path):
    where = folder(tmp_path / "hw0", "hw0", WRITTEN)
    done = run(where, "train.py", "--json", "--out", "my pictures")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["data"].startswith("fashion-small")
    assert [len(model["epochs"]) for model in result["models"]] == [10, 20]
    for model, bound in zip(result["models"], ERRORS["fashion-small"], strict=True):
        assert model["epochs"][-1]["test_error"] <= bound
        assert model["epochs"][-1]["train_loss"] < model["epochs"][0]["train_loss"]
    pictures = {path.name for path in (where / "my pictures").iterdir()}
    assert pictures >= {"curves.png", "curves.svg", "weights-softmax.png"}
    assert "10 of 10" in done.stderr  # progress, line by line


@pytest.mark.slow
def test_on_real_mnist_where_the_cache_has_it(tmp_path, monkeypatch):
    found = mnist_in(CACHE, monkeypatch)
    if found is None:
        pytest.skip("MNIST is not in the cache: `course data get mnist`")
    where = folder(tmp_path / "hw0", "hw0", WRITTEN)
    shutil.copytree(found, where / "data")
    done = run(where, "train.py", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    for model, bound in zip(result["models"], ERRORS["mnist"], strict=True):
        assert model["epochs"][-1]["test_error"] <= bound, model["name"]


def test_an_untouched_folder_names_the_first_question(tmp_path):
    done = run(folder(tmp_path / "hw0", "hw0", []), "train.py")
    assert done.returncode == 1
    assert "hw0.parse_mnist: parse_mnist is yours to write" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_written_is_trained_and_drawn(tmp_path):
    where = folder(tmp_path / "hw0", "hw0", WRITTEN[:3])
    done = run(where, "train.py", "--epochs", 1)
    assert done.returncode == 1
    assert "hw0.nn_epoch: nn_epoch is yours to write" in done.stderr
    assert (where / "results" / "curves.png").stat().st_size > 1000
    result = json.loads((where / "results" / "results.json").read_text())
    assert [len(model["epochs"]) for model in result["models"]] == [1]
