"""Tensors by name in a file, in the format of the library safetensors.

The format holds names, types, shapes, numbers and a few words, and nothing that could
run: a file from somebody else is safe to read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .autograd import Tensor

_RESERVED = "__metadata__"


def save(
    path: str | os.PathLike[str],
    state: Mapping[str, Any],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write tensors or arrays by name to a file; an earlier one is replaced at the end.

    Args:
        path: usually with the ending ``.safetensors``.
        state: for example ``model.state_dict()``.
        metadata: words by name, to be read with `load_metadata`.

    Raises:
        TypeError, ValueError: for what such a file cannot hold; nothing is written.
    """
    content = _library().numpy.save(
        {_name(name): _array(name, value) for name, value in state.items()},
        metadata=_words(metadata or {}),
    )
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load(path: str | os.PathLike[str]) -> dict[str, Tensor]:
    """Return the tensors of a file by name, as constants.

    Raises:
        ValueError: if the file is not one of this format, or damaged.
    """
    library = _library()
    content = Path(path).read_bytes()
    try:
        arrays = library.numpy.load(content)
    except (library.SafetensorError, KeyError, ValueError, TypeError) as error:
        raise _damaged(path, error) from error
    return {name: Tensor(each, requires_grad=False) for name, each in arrays.items()}


def load_metadata(path: str | os.PathLike[str]) -> dict[str, str]:
    """Return the words that a file holds besides its tensors.

    Raises:
        ValueError: if the file is not one of this format, or damaged.
    """
    library = _library()
    with Path(path).open("rb"):  # what is no file is an OSError, which says so
        pass
    try:
        with library.safe_open(path, framework="np") as file:
            return dict(file.metadata() or {})
    except library.SafetensorError as error:
        raise _damaged(path, error) from error


def _library() -> Any:
    """Return the library, which only those need who save and load."""
    try:
        import safetensors.numpy
    except ImportError:
        raise ImportError(
            "saving and loading tensors needs the package safetensors:"
            " python3 -m pip install safetensors"
        ) from None
    return safetensors


def _damaged(path: str | os.PathLike[str], error: Exception) -> ValueError:
    return ValueError(
        f"{path}: no file in the format of safetensors, or damaged ({error})"
    )


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"save: names are text, not {name!r:.60}")
    if name == _RESERVED:
        raise ValueError(f"save: the format keeps the name {_RESERVED} for itself")
    return name


def _array(name: str, value: Any) -> np.ndarray:
    """Return a compact array of numbers."""
    if isinstance(value, Tensor):
        value = value.numpy()
    if not isinstance(value, (np.ndarray, np.generic)):
        raise TypeError(
            f"save: {name} is of type {type(value).__name__}, not a Tensor or an array"
        )
    if value.dtype.kind not in "biuf" or value.dtype.itemsize > 8:
        raise TypeError(f"save: {name} has dtype {value.dtype}, not real numbers")
    return np.array(value, order="C")


def _words(metadata: Mapping[str, str]) -> dict[str, str] | None:
    for key, value in metadata.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise TypeError(
                f"save: metadata are text by name, not {key!r:.40}: {value!r:.40}"
            )
    return dict(sorted(metadata.items())) or None
