"""What a node of the graph is called and said to be."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ..autograd import Value
from ..checks import name_of
from .model import CONSTANT, LEAF

FEW = 4  # arrays of more numbers than this are not written down
MOST = 1_000_000  # of larger arrays there are no statistics: they take too long
LONGEST = 24  # characters of a written value


def op_text(node: Value) -> str:
    """Return where a value comes from, in the same words in every run."""
    if node.op is None:
        return LEAF if node.requires_grad else CONSTANT
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", name_of(node.op))
    return " ".join(text.split())


def parts_of(value: Value) -> list[np.ndarray] | None:
    """Return the arrays of a node, several for a tuple; None if not computed yet."""
    data = value.cached_data
    if data is None:
        return None
    parts = data if isinstance(data, tuple) else (data,)
    return [
        np.asarray(part.numpy() if hasattr(part, "numpy") else part) for part in parts
    ]


def shape_text(value: Value) -> str:
    """Return the shape of a node, the shapes of a tuple's parts, or a question mark."""
    parts = parts_of(value)
    if parts is None:
        return "?"
    shapes = [str(part.shape) for part in parts]
    return (
        f"({', '.join(shapes)})" if isinstance(value.cached_data, tuple) else shapes[0]
    )


def dtype_text(value: Value) -> str:
    """Return the dtype of a node, of each part where a tuple's differ."""
    parts = parts_of(value)
    return ", ".join(dict.fromkeys(str(part.dtype) for part in parts or ()))


def value_text(value: Value) -> str:
    """Return the numbers of a node if they are few; of many, those that are none."""
    parts = parts_of(value)
    if parts is None:
        return ""
    if sum(part.size for part in parts) > FEW:
        counts = [odd_values(part) for part in parts if part.size <= MOST]
        return "  ".join(count for some in counts for count in some)
    text = ", ".join(_numbers(part.tolist()) for part in parts)
    return text if len(text) <= LONGEST else ""


def _numbers(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_numbers, value))}]"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def note_text(value: Value, name: str) -> str:
    """Return everything about a node, one fact a line."""
    lines = [name, op_text(value)]
    lines.append(f"shape {shape_text(value)}  {dtype_text(value)}".rstrip())
    if not value.requires_grad:
        lines.append("no gradient flows here")
    parts = parts_of(value)
    if parts is None:
        lines.append("not computed yet")
    lines += [statistics(part) for part in parts or ()]
    return "\n".join(line for line in lines if line)


def statistics(array: np.ndarray) -> str:
    """Return what the values of an array are like; nothing where that says nothing."""
    if not 0 < array.size <= MOST or array.dtype.kind not in "biuf":
        return ""
    flat = array.astype(np.float64).ravel()
    good = flat[np.isfinite(flat)]
    facts = []
    if good.size:
        with np.errstate(over="ignore", invalid="ignore"):
            facts = [f"mean {good.mean():.4g}", f"std {good.std():.4g}"]
        facts += [f"min {good.min():.4g}", f"max {good.max():.4g}"]
    return "  ".join(facts + odd_values(array))


def odd_values(array: np.ndarray) -> list[str]:
    """Return how many values are nan and how many infinite, where there are any."""
    if array.dtype.kind != "f":
        return []
    counts = {"nan": np.isnan(array).sum(), "inf": np.isinf(array).sum()}
    return [f"{count} {what}" for what, count in counts.items() if count]
