"""What is done to images while they are loaded. Draws: NumPy's global generator."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from ..describe import as_call

_LAYOUTS = ("HWC", "CHW", "HW")


class Transform:
    """A function of one example."""

    def __call__(self, x: Any) -> Any:
        """Return the transformed example."""
        raise NotImplementedError(f"{type(self).__name__}.__call__")

    def __repr__(self) -> str:
        return as_call(self)


class ImageTransform(Transform):
    """A function of one image, whose axes are in the order of ``layout``.

    H is the height (axis of the rows), W the width, C the channels. With "HWC" an
    image may also have no axis of channels.
    """

    def __init__(self, layout: str = "HWC") -> None:
        if layout not in _LAYOUTS:
            raise ValueError(f"layout is one of {', '.join(_LAYOUTS)}, not {layout!r}")
        self.layout = layout


def in_hwc(call: Callable[[Any, np.ndarray], np.ndarray]) -> Any:
    """Let the ``__call__`` of an image transform see height, width, channels."""

    @wraps(call)
    def moved(self: ImageTransform, img: np.ndarray) -> np.ndarray:
        if img.ndim == 2 and self.layout != "CHW":
            return call(self, img[:, :, np.newaxis])[:, :, 0]
        if img.ndim != len(self.layout):
            raise ValueError(f"{self!r}: one image, not an array of shape {img.shape}")
        if self.layout == "HWC":
            return call(self, img)
        return np.moveaxis(call(self, np.moveaxis(img, 0, -1)), -1, 0)

    return moved


class RandomFlipHorizontal(ImageTransform):
    """An image, mirrored left to right with probability ``p``.

    Args:
        p: the probability.
        layout: the axes of an image: "HWC", "CHW" or "HW".
    """

    def __init__(self, p: float = 0.5, layout: str = "HWC") -> None:
        super().__init__(layout)
        self.p = p

    @in_hwc
    def __call__(self, img: np.ndarray) -> np.ndarray:
        """Return the image, shape ``(H, W, C)``, or its mirror image; one draw."""
        flip_img = np.random.rand() < self.p
        ### BEGIN YOUR SOLUTION hw2.flip_horizontal
        raise NotImplementedError("hw2.flip_horizontal: RandomFlipHorizontal.__call__ is yours to write (handout, question 15 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION


class RandomCrop(ImageTransform):
    """An image with zeros around it, cut to its old size at a random place.

    Args:
        padding: how many zeros on each side; the place moves by at most as many.
        layout: the axes of an image: "HWC", "CHW" or "HW".
    """

    def __init__(self, padding: int = 3, layout: str = "HWC") -> None:
        super().__init__(layout)
        self.padding = padding

    @in_hwc
    def __call__(self, img: np.ndarray) -> np.ndarray:
        """Return ``padded[padding + shift_x + i, padding + shift_y + j]``; one draw.

        ``padded`` is the image, shape ``(H, W, C)``, with zeros around it; ``shift_x``
        moves along the rows, ``i``, and ``shift_y`` along the columns, ``j``.
        """
        shift_x, shift_y = np.random.randint(
            low=-self.padding, high=self.padding + 1, size=2
        )
        ### BEGIN YOUR SOLUTION hw2.random_crop
        raise NotImplementedError("hw2.random_crop: RandomCrop.__call__ is yours to write (handout, question 16 of hw2; `course carry hw2 hw3` brings yours)")
        ### END YOUR SOLUTION
