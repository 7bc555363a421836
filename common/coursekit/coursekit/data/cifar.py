"""CIFAR-10 batches: read without trusting them, check, and write.

A batch is a pickle, and unpickling runs whatever the file says. So a batch is read by
an unpickler that knows a few harmless names and builds plain holders instead of arrays,
and what is not the published file byte for byte is written anew before it enters the
cache.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROW = 3072  # bytes of a picture: three planes of 32x32
PIXELS = "pixels-md5:"


@dataclass(frozen=True)
class Batch:
    """Labels and pixels ``(N, 3072)``, with what else a batch says about itself."""

    labels: bytes
    pixels: bytes
    title: bytes
    filenames: list[bytes]

    @property
    def digest(self) -> str:
        """Return the MD5 of label byte and pixels, picture by picture."""
        total = hashlib.md5(usedforsecurity=False)
        for index, label in enumerate(self.labels):
            total.update(bytes([label]))
            total.update(self.pixels[index * ROW : (index + 1) * ROW])
        return PIXELS + total.hexdigest()


class _Dtype:
    """Stand in for a dtype; only unsigned bytes are accepted."""

    def __init__(self, code: object, *_: object) -> None:
        if code not in ("u1", b"u1", "uint8"):
            raise pickle.UnpicklingError(f"an array of {code!r} instead of bytes")

    def __setstate__(self, state: object) -> None:
        """Ignore byte order and the like: bytes have none."""


class _Array:
    """Stand in for an array: keep its shape and bytes, do nothing with them."""

    def __init__(self) -> None:
        self.shape: tuple[int, ...] = ()
        self.raw = b""

    def __setstate__(
        self, state: tuple[int, tuple[int, ...], _Dtype, bool, Any]
    ) -> None:
        _, shape, dtype, by_column, raw = state
        if by_column or not isinstance(dtype, _Dtype) or not isinstance(raw, bytes):
            raise pickle.UnpicklingError("an array in an unexpected form")
        self.shape, self.raw = tuple(shape), raw


def _reconstruct(*_: object) -> _Array:
    """Stand in for NumPy's function of that name."""
    return _Array()


def _encode(text: object, encoding: object) -> bytes:
    """Stand in for ``codecs.encode``, as pickles of bytes for Python 2 call it."""
    if not isinstance(text, str) or encoding != "latin1":
        raise pickle.UnpicklingError("text in an unexpected encoding")
    return text.encode("latin1")


_ALLOWED: Mapping[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Dtype,
    ("_codecs", "encode"): _encode,
}


# The unpickler written in Python: it keeps its memo in a dictionary, so that a number
# in the file cannot make it allocate memory that the file does not fill.
class _Reader(pickle._Unpickler):
    """Unpickle containers, numbers, bytes and arrays of bytes; nothing else."""

    def find_class(self, module: str, name: str, /) -> Any:
        """Return our stand-in for one of the few names a batch needs."""
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"it asks for {module}.{name}, which no data set needs"
            ) from None

    def persistent_load(self, pid: Any, /) -> Any:
        """Refuse: a batch refers to nothing outside itself."""
        raise pickle.UnpicklingError("it refers to something outside itself")


def read_batch(content: bytes) -> Batch:
    """Read a pickled batch, or raise a ``ValueError`` that says what is wrong."""
    try:
        found = _Reader(io.BytesIO(content), encoding="bytes").load()
    except Exception as error:  # a damaged pickle fails in any way it likes
        raise ValueError(f"not a readable CIFAR batch: {error}") from None
    if not isinstance(found, dict):
        raise ValueError("not a CIFAR batch: it holds no dictionary")
    entry = {k.encode() if isinstance(k, str) else k: v for k, v in found.items()}
    array, labels = entry.get(b"data"), entry.get(b"labels")
    if not isinstance(array, _Array) or not isinstance(labels, list):
        raise ValueError("not a CIFAR batch: data or labels are missing")
    if array.shape != (len(labels), ROW) or len(array.raw) != ROW * len(labels):
        raise ValueError(f"not a CIFAR batch: data has shape {array.shape}")
    if not all(isinstance(label, int) and 0 <= label < 256 for label in labels):
        raise ValueError("not a CIFAR batch: a label is not a small number")
    return Batch(
        bytes(labels),
        array.raw,
        _as_bytes(entry.get(b"batch_label")) or b"",
        [name for name in map(_as_bytes, entry.get(b"filenames") or []) if name],
    )


def read_binary(content: bytes, title: bytes) -> Batch:
    """Read a batch of the binary version: a label byte and 3072 bytes a picture."""
    count = len(content) // (ROW + 1)
    rows = [content[i * (ROW + 1) : (i + 1) * (ROW + 1)] for i in range(count)]
    names = [b"%s_%05d.png" % (title.replace(b" ", b"_"), i) for i in range(count)]
    return Batch(
        bytes(row[0] for row in rows), b"".join(row[1:] for row in rows), title, names
    )


def write_batch(batch: Batch) -> bytes:
    """Pickle a batch as the original does; reads with ``encoding="bytes"``."""
    import numpy as np

    data: NDArray[np.uint8] = np.frombuffer(batch.pixels, np.uint8).reshape(-1, ROW)
    entry = {
        b"batch_label": batch.title,
        b"labels": list(batch.labels),
        b"data": data.copy(),
        b"filenames": batch.filenames,
    }
    return pickle.dumps(entry, protocol=3)


def write_meta(names: list[bytes], per_batch: int) -> bytes:
    """Pickle the file that names the classes."""
    entry = {
        b"num_cases_per_batch": per_batch,
        b"label_names": names,
        b"num_vis": ROW,
    }
    return pickle.dumps(entry, protocol=3)


def _as_bytes(value: object) -> bytes | None:
    """Return text or bytes as bytes, anything else as None."""
    if isinstance(value, str):
        return value.encode("latin1", "replace")
    return value if isinstance(value, bytes) else None
