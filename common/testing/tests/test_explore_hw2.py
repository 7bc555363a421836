"""The helpers of the hw2 notebook: they measure, draw, count, and wait politely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from coursekit.staging import ALL, NONE
from notebook_kit import is_picture, notebook, rendered


@pytest.fixture(scope="module")
def reference(tmp_path_factory) -> Path:
    return rendered(tmp_path_factory.mktemp("reference"), "hw2", ALL)


@pytest.fixture(scope="module")
def starter(tmp_path_factory) -> Path:
    return rendered(tmp_path_factory.mktemp("starter"), "hw2", NONE)


@pytest.fixture(autouse=True)
def no_mnist_here(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))


@pytest.fixture
def solved(reference) -> Iterator[SimpleNamespace]:
    with notebook(reference, ["mlp_resnet"]) as names:
        yield names


@pytest.fixture
def untouched(starter) -> Iterator[SimpleNamespace]:
    with notebook(starter, ["mlp_resnet"]) as names:
        yield names


def numbers(line: str) -> list[float]:
    """Return the numbers of a row, behind its name."""
    return [float(word) for word in re.split(r" {2,}", line.strip())[1:]]


# -- waiting ---------------------------------------------------------------------------


def test_the_starter_says_in_one_line_what_each_cell_waits_for(untouched, capsys):
    explore, ndl, nn = untouched.explore, untouched.ndl, untouched.ndl.nn
    images = explore.first_images(1)
    x = ndl.Tensor(np.ones((2, 2)))
    for waits_for, call in (
        ("hw2.nn_relu", lambda: explore.flow({"relu": [nn.ReLU()]})),
        ("hw2.nn_batchnorm", lambda: explore.attempt(nn.BatchNorm1d, 3)),
        (
            "hw2.flip_horizontal",
            lambda: explore.show_variants(
                images, {"": ndl.data.RandomFlipHorizontal()}
            ),
        ),
        (
            "hw1.forward",
            lambda: explore.race_in_the_valley({"": ndl.optim.SGD}),
        ),
        ("hw1.forward", lambda: explore.count_alive({"product": lambda: x @ x})),
        ("hw2.mnist_dataset", lambda: explore.load(explore.read_mnist)),
        ("hw2.nn_residual", lambda: explore.attempt(nn.Residual(nn.Identity()), x)),
        ("this cell needs a model", lambda: explore.forgotten_eval(None, None)),
        ("this cell needs data", lambda: explore.show_variants(None, {})),
        ("this cell needs data", lambda: explore.train_resnet(None, None)),
    ):
        capsys.readouterr()
        assert call() is None
        out = capsys.readouterr().out
        assert out.startswith(f"Not yet: {waits_for}"), out
        assert out.count("\n") == 1, out


# -- sizes by depth --------------------------------------------------------------------


def test_a_layer_multiplies_sizes_by_its_factor_in_both_directions(solved, capsys):
    def times(factor):
        return lambda x: x * factor

    picture = solved.explore.flow({"halves": [times(0.5)] * 5, "twos": [times(2)] * 5})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:5] for line in lines if line[0] != " "] == [
        ["size", "of", "the", name, "behind"] for name in ("values", "gradients")
    ]
    halves, twos = np.array(numbers(lines[1])), np.array(numbers(lines[2]))
    np.testing.assert_allclose(halves, 0.5 ** np.arange(6), rtol=0.06)
    np.testing.assert_allclose(twos, 2.0 ** np.arange(6), rtol=0.06)
    back = np.array(numbers(lines[4]))
    np.testing.assert_allclose(back, 0.5 ** np.arange(6)[::-1], rtol=0.06)
    assert is_picture(picture)


def test_the_size_is_not_the_distance_from_the_mean(solved):
    from explore.flow import size

    assert size(np.full(10, 3.0)) == pytest.approx(3.0)


def test_sizes_that_are_no_numbers_are_drawn_as_gaps(solved):
    with np.errstate(all="ignore"):
        picture = solved.explore.flow({"explodes": [lambda x: x * 1e30] * 3})
    heights = np.asarray(picture.figure.axes[0].lines[0].get_ydata())
    assert np.isfinite(heights[:2]).all()
    assert np.isnan(heights[-1])


def test_kaiming_holds_thirty_layers_where_xavier_loses_half_of_the_mean_square(solved):
    from explore.flow import sizes

    ndl = solved.ndl
    rng = np.random.RandomState(0)
    inputs = rng.standard_normal((100, 100)).astype("float32")

    def last(draw):
        np.random.seed(0)
        weights = [draw(100, 100) for _ in range(30)]
        layers = [lambda h, W=W: ndl.relu(h @ W) for W in weights]
        return sizes(layers, inputs).values[-1]

    assert 0.2 < last(ndl.init.kaiming_normal) < 5
    assert 2.0**-18 < last(ndl.init.xavier_normal) < 2.0**-12


# -- the valley ------------------------------------------------------------------------


def test_optimizers_go_where_they_would_on_paper(solved):
    from explore.valley import walk

    optim = solved.ndl.optim
    way = walk(lambda p: optim.SGD(p, lr=0.1), [(4.0, 1.0)], (1.0, 5.0), 3)
    expected = [(4 * 0.9**t, 0.5**t) for t in range(4)]
    np.testing.assert_allclose(way, expected, rtol=1e-6)


def test_heights_are_printed_and_ways_drawn_also_of_one_that_runs_off(solved, capsys):
    optim = solved.ndl.optim
    picture = solved.explore.race_in_the_valley(
        {
            "slow": lambda p: optim.SGD(p, lr=0.01),
            "runs off": lambda p: optim.SGD(p, lr=0.2),
        },
        steps=20,
    )
    slow, off = capsys.readouterr().out.splitlines()[1:]
    assert numbers(slow)[0] == numbers(off)[0] == 72
    assert numbers(slow)[-1] < 72 < numbers(off)[-1]
    assert [ax.get_title() for ax in picture.figure.axes] == ["slow", "runs off"]
    assert is_picture(picture)


# -- running statistics ----------------------------------------------------------------


def test_running_statistics_are_those_of_the_layer(solved, capsys):
    layer = solved.ndl.nn.BatchNorm1d(2)
    layer.eval()
    picture = solved.explore.watch_running(
        layer, lambda rng: np.array([[1.0, 0.0], [3.0, 0.0]]), batches=10
    )
    means = 2 * (1 - 0.9 ** np.arange(11))
    line = picture.figure.axes[0].lines[1]
    np.testing.assert_allclose(line.get_ydata(), means, rtol=1e-5)
    dots = picture.figure.axes[1].lines[0]
    np.testing.assert_allclose(dots.get_ydata(), np.ones(10))
    assert "batches  10   running mean   1.303" in capsys.readouterr().out


# -- images ----------------------------------------------------------------------------


def test_the_first_images_are_those_of_the_file(solved):
    from needle.data.idx import read_idx

    from explore.data import FILES, locate

    images = solved.explore.first_images(3)
    stored = read_idx(locate()[0] / FILES[0])
    assert images.shape == (3, 28, 28, 1)
    assert np.array_equal(images[..., 0], stored[:3])


def test_variants_stand_behind_the_image_and_are_the_same_each_time(solved):
    images = solved.explore.first_images(2)
    crop = solved.ndl.data.RandomCrop(4)
    first, second = (
        solved.explore.show_variants(images, {"a": crop, "b": lambda img: 0 * img}, 1)
        for _ in range(2)
    )
    assert first._repr_png_() == second._repr_png_()
    drawn = [ax.images[0].get_array() for ax in first.figure.axes]
    assert len(drawn) == 20
    assert np.array_equal(drawn[0], images[1, :, :, 0])
    assert not all(np.array_equal(each, drawn[0]) for each in drawn[1:10])
    assert not any(each.any() for each in drawn[11:])


# -- memory ----------------------------------------------------------------------------


def test_what_is_held_is_counted_and_what_waits_for_the_collector_is_not(
    solved, capsys
):
    ndl = solved.ndl
    held = []

    def hold():
        held.append(ndl.Tensor([1.0]))

    def circle():
        x = ndl.Tensor([1.0])
        (x * x).backward()

    solved.explore.count_alive({"hold": hold, "circle": circle})
    hold_line, circle_line = capsys.readouterr().out.splitlines()[1:]
    assert numbers(hold_line) == [1, 5, 10, 20]
    assert numbers(circle_line) == [0, 0, 0, 0]


# -- the forgotten mode ----------------------------------------------------------------


def test_forgetting_eval_is_measured_and_changes_nothing(solved, capsys):
    """A network of one batch norm: alone, each example becomes the bias."""
    nn, explore = solved.ndl.nn, solved.explore
    rng = np.random.RandomState(0)
    y = rng.randint(2, size=400).astype(np.uint8)
    X = (rng.standard_normal((400, 2)) * 0.1).astype("float32")
    X[np.arange(400), y] += 1
    model = nn.BatchNorm1d(2)
    for _ in range(100):
        model(solved.ndl.Tensor(X))
    model.eval()
    before = {name: each.numpy() for name, each in model.state_dict().items()}
    explore.forgotten_eval(model, explore.Digits(X, y, X, y, ("a", "b")), images=200)
    errors = [
        float(each) for each in re.findall(r"error +([\d.]+)%", capsys.readouterr().out)
    ]
    evaluation, alone, _, _, hundred, by_class = errors
    assert evaluation == hundred == 0
    assert 40 < alone < 60  # always the first class
    assert by_class > 20
    assert not model.training
    for name, each in model.state_dict().items():
        assert np.array_equal(each.numpy(), before[name])


def test_no_image_is_left_out_of_the_error(solved):
    from explore.modes import error

    def model(rows):
        return rows

    X, y = np.eye(2, dtype="float32")[[0, 1, 1]], np.array([0, 1, 0])
    assert [error(model, X, y, size) for size in (1, 2, 3, 7)] == [1 / 3] * 4
