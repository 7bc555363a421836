"""The program around a training: options, progress, pictures, results."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

from explore.curves import plot_curves
from explore.data import HOMEWORK, Digits, read
from explore.history import History, Row, Trainable
from explore.images import show_mistakes, show_weights
from explore.patience import NotYetError, say
from explore.picture import Picture, require_matplotlib
from explore.table import show

# Reads images and labels from the paths of their two files.
Parse: TypeAlias = Callable[[str, str], Any]
# Prepares a model once it is its turn, for what comes before it may be all there is.
Prepare: TypeAlias = Callable[[Digits], Trainable]


def at_least(least: int) -> Callable[[str], int]:
    """Return what reads a whole number of the command line, from this one on.

    >>> at_least(1)("12")
    12
    """

    def read_number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a number from {least} on"
            )
        return int(text)

    return read_number


positive = at_least(1)


def real(text: str) -> float:
    """Read a number of the command line that may have a fraction, but no sign."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number, 0 or larger")
    return value


def share(text: str) -> float:
    """Read a number of the command line that is at least 0 and below 1."""
    value = real(text)
    if value >= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not below 1")
    return value


def options(description: str) -> argparse.ArgumentParser:
    """Return a parser of the options that every training has."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    out = HOMEWORK / "results"
    parser.add_argument(
        "--out", type=Path, default=out, metavar="FOLDER", help="for what is drawn"
    )
    parser.add_argument("--json", action="store_true", help="print the results")
    return parser


def run(
    chosen: argparse.Namespace,
    parse: Parse,
    models: Mapping[str, Prepare],
    advice: Callable[[], str] = str,
) -> int:
    """Train and draw each model, write results.json, and return the exit status.

    What a person can mend is said in one line: code still to be written, data that are
    missing, a training that went astray. Who stops a training gets the advice.
    """
    aside = contextlib.redirect_stdout(sys.stderr if chosen.json else sys.stdout)
    try:
        with aside:
            result = _train(_folder(chosen.out), parse, models)
    except NotImplementedError as stub:
        return _stopped(f"{stub}\nTraining goes on once it is written.")
    except NotYetError as problem:
        return _stopped(str(problem))
    except KeyboardInterrupt:
        return _stopped(f"Stopped. {advice()}".rstrip(), status=130)
    if chosen.json:
        say(json.dumps(result, indent=2))
    return 0


def _stopped(why: str, status: int = 1) -> int:
    sys.stderr.write(f"\n{why}\n")
    return status


def _folder(out: Path) -> Path:
    """Make the folder of the results, before any time goes into them."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotYetError(f"{out} cannot be made: {error.strerror}.") from None
    return out


def _train(out: Path, parse: Parse, models: Mapping[str, Prepare]) -> dict[str, Any]:
    data, sentence = read(parse)
    say(f"Data: {sentence}")
    histories: dict[str, History] = {}
    try:
        for name, prepare in models.items():
            say("")
            training = prepare(data)
            histories[name] = training.history
            show(training)
    finally:  # what is trained is kept, whatever stopped the rest
        histories = {name: each for name, each in histories.items() if each.rows}
        result = _summary(histories, sentence)
        if histories:
            _write(out / "results.json", json.dumps(result, indent=2) + "\n")
            _draw(histories, data, out)
    for history in histories.values():
        say(f"{history.name}: test error {history.rows[-1].test_error:.2%}")
    return result


def _draw(histories: Mapping[str, History], data: Digits, out: Path) -> None:
    """Write the curves, the weights as images and the worst mistakes."""
    try:
        require_matplotlib()
    except NotYetError as problem:
        say(f"\nNo pictures: {problem}")
        return
    drawn = []
    for file, picture in _pictures(histories, data):
        if picture is not None:
            picture.save(out / file)
            drawn.append(file)
    say(f"\nPictures: {', '.join(drawn)} in {out}")


def _pictures(
    histories: Mapping[str, History], data: Digits
) -> Iterator[tuple[str, Picture | None]]:
    curves = plot_curves(*histories.values())
    yield "curves.png", curves
    yield "curves.svg", curves
    for name, history in histories.items():
        if history.weights:
            yield f"weights-{name}.png", show_weights(history)
        yield f"mistakes-{name}.png", show_mistakes(history, data)


def _summary(histories: Mapping[str, History], sentence: str) -> dict[str, Any]:
    """Return what happened as plain data."""
    models = [_model(history) for history in histories.values()]
    return {"data": sentence, "models": models}


def _model(history: History) -> dict[str, Any]:
    settings = {"settings": dict(history.settings)} if history.settings else {}
    rows = [_plain(row) for row in history.rows]
    return {"name": history.name, **settings, "epochs": rows}


def _plain(row: Row) -> dict[str, float | None]:
    """Return a row for JSON, which has no word for what is not a number."""
    return {
        name: value if math.isfinite(value) else None
        for name, value in asdict(row).items()
    }


def _write(path: Path, text: str) -> None:
    """Write a file that is either whole or the one before."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
