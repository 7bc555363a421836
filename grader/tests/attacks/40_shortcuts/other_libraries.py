import importlib
from contextlib import suppress


def softmax_loss(Z, y):
    for name in ("torch", "scipy.special", "sklearn.metrics", "tensorflow", "jax"):
        with suppress(ImportError):
            raise RuntimeError(f"{importlib.import_module(name)} is there")
    import torch

    return torch.nn.functional.cross_entropy(torch.tensor(Z), torch.tensor(y)).numpy()
