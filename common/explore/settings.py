"""What can be chosen about a training of the residual network."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, TypeAlias

from explore import program
from explore.patience import NotYetError

# What an option takes: one of several words, or what a function can read.
Kind: TypeAlias = tuple[str, ...] | Callable[[str], Any]

# Length of a step and weight decay that suit each optimizer here.
SUITABLE = {"adam": (1e-3, 1e-3), "adamw": (1e-3, 1e-2), "sgd": (0.2, 1e-3)}


@dataclass(frozen=True)
class Settings:
    """All that decides what a training does with given data and code."""

    epochs: int = 10
    batch: int = 100
    hidden: int = 100
    blocks: int = 3
    norm: str = "batch"
    drop: float = 0.1
    optimizer: str = "adam"
    lr: float = SUITABLE["adam"][0]
    weight_decay: float = SUITABLE["adam"][1]
    schedule: str = "none"
    seed: int = 0
    ### STAGE hw3+
    device: str = "cpu"
    ### END STAGE

    @classmethod
    def of(cls, **given: Any) -> Settings:
        """Return the defaults with these changes; two depend on the optimizer.

        >>> Settings.of(optimizer="sgd", hidden=50).lr
        0.2
        """
        names = [field.name for field in fields(cls)]
        for name in given:
            if name not in names:
                raise NotYetError(
                    f"{name} is no setting; there are {', '.join(names)}."
                )
        kind = given.get("optimizer", cls.optimizer)
        if kind not in SUITABLE:
            raise NotYetError(f"optimizer is one of {', '.join(SUITABLE)}, not {kind}.")
        lr, decay = SUITABLE[kind]
        return cls(**{"lr": lr, "weight_decay": decay, **given})

    @classmethod
    def kept(cls, plain: Mapping[str, Any]) -> Settings:
        """Return settings that were kept as data.

        Raises:
            ValueError: if one of them is none that the command line would take.
        """
        settings = cls.of(**plain)
        for name, kind, _ in _OPTIONS:
            value = getattr(settings, name)
            if not _takes(kind, value):
                raise ValueError(f"{option(name)} {value!r}")
        return settings

    def __str__(self) -> str:
        """Return what a picture calls a training with these settings."""
        return (
            f"MLPResNet, {self.blocks} x {self.hidden}, {self.norm} norm, "
            f"{self.optimizer}, lr {self.lr:g}"
        )

    def plain(self) -> dict[str, Any]:
        """Return the settings as data for JSON."""
        return asdict(self)

    def changed(self, given: Mapping[str, Any]) -> Settings:
        """Return these settings for going on, with more epochs if they are given.

        Raises:
            NotYetError: if something else is given that is not as it was.
        """
        for name, value in given.items():
            was = getattr(self, name)
            if value != was and (name != "epochs" or self.schedule != "none"):
                raise NotYetError(
                    f"the checkpoint is of a training with {option(name)} {was}, not "
                    f"{value}: leave the option out, or begin anew without --resume."
                )
        return replace(self, **given)


def option(name: str) -> str:
    """Return the option of a setting.

    >>> option("weight_decay")
    '--weight-decay'
    """
    return "--" + name.replace("_", "-")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting; what is not given is not in the result."""
    for name, kind, what in _OPTIONS:
        _add(parser, name, kind, f"{what} (default: {_default(name)})")


def _add(parser: argparse.ArgumentParser, name: str, kind: Kind, text: str) -> None:
    unset, flag = argparse.SUPPRESS, option(name)
    if isinstance(kind, tuple):
        parser.add_argument(flag, choices=kind, default=unset, help=text)
    else:
        parser.add_argument(flag, type=kind, default=unset, metavar="N", help=text)


def _seed(text: str) -> int:
    """Read a seed as NumPy takes it."""
    value = program.at_least(0)(text)
    if value >= 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is not below 2**32")
    return value


_OPTIONS: tuple[tuple[str, Kind, str], ...] = (
    ("epochs", program.positive, "how often it sees all images"),
    ("batch", program.positive, "images in a step"),
    ("hidden", program.at_least(2), "features between the blocks"),  # halved inside
    ("blocks", program.positive, "residual blocks"),
    ("norm", ("batch", "layer"), "what the blocks normalise"),
    ("drop", program.share, "probability that dropout zeroes a feature"),
    ("optimizer", tuple(SUITABLE), "what changes the weights"),
    ("lr", program.real, "length of a step"),
    ("weight_decay", program.real, "how much each step shrinks the weights"),
    ("schedule", ("none", "cosine"), "of the length of a step"),
    ("seed", _seed, "of all that is random"),
    ### STAGE hw3+
    ("device", ("cpu", "cuda", "cpu_numpy"), "where arrays are, and what computes"),
    ### END STAGE
)


def _takes(kind: Kind, value: Any) -> bool:
    """Return whether an option would take a value, and give it back as it is."""
    if isinstance(kind, tuple):
        return value in kind
    try:
        return bool(kind(str(value)) == value)
    except argparse.ArgumentTypeError:
        return False


def _default(name: str) -> str:
    """Return a default in words; two depend on the optimizer."""
    if name not in ("lr", "weight_decay"):
        return str(getattr(Settings, name))
    place = ("lr", "weight_decay").index(name)
    return ", ".join(f"{kind} {values[place]}" for kind, values in SUITABLE.items())


def given_in(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return the settings that the command line names."""
    names = [field.name for field in fields(Settings)]
    return {name: value for name, value in vars(chosen).items() if name in names}
