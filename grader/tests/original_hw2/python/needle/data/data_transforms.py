"""Transforms of images of height x width x channels."""

import numpy as np


class Transform:
    def __call__(self, x):
        raise NotImplementedError


class RandomFlipHorizontal(Transform):
    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        flip_img = np.random.rand() < self.p
        if flip_img:
            return np.flip(img, axis=1)
        return img


class RandomCrop(Transform):
    def __init__(self, padding=3):
        self.padding = padding

    def __call__(self, img):
        shift_x, shift_y = np.random.randint(
            low=-self.padding, high=self.padding + 1, size=2
        )
        H, W, C = img.shape
        pad = self.padding
        padded = np.zeros((H + 2 * pad, W + 2 * pad, C))
        padded[pad : pad + H, pad : pad + W, :] = img
        rows = slice(pad + shift_x, pad + shift_x + H)
        return padded[rows, pad + shift_y : pad + shift_y + W, :]
