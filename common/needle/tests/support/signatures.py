"""Public names as one line each: ``needle.nn.Linear(in_features, ..., bias=True)``."""

from __future__ import annotations

import importlib
import inspect


def find(name: str) -> object:
    """Return what a dotted name stands for."""
    parts = name.split(".")
    depth = next(i for i, part in enumerate(parts) if part[0].isupper() or i == 2)
    found: object = importlib.import_module(".".join(parts[:depth]))
    for part in parts[depth:]:
        found = getattr(found, part)
    return found


def bare(thing: object) -> str:
    """Return a signature without its annotations."""
    signature = inspect.signature(thing)
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
    ]
    return str(
        signature.replace(
            parameters=parameters, return_annotation=inspect.Signature.empty
        )
    )
