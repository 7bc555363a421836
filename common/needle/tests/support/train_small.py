"""Train a small residual network, and print its losses and its last outputs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[2]


def main(device_name: str) -> dict[str, list[float]]:
    """Return the loss of each step, and outputs in evaluation."""
    sys.path[:0] = [str(LIBRARY / "python"), str(LIBRARY / "apps")]
    import mlp_resnet
    import needle as ndl
    import numpy as np

    device = getattr(ndl, device_name)()
    rng = np.random.RandomState(7)
    images, labels = rng.rand(60, 28, 28, 1), rng.randint(10, size=60)
    data = ndl.data.NDArrayDataset(images, labels)
    loader = ndl.data.DataLoader(data, 20, shuffle=True, device=device, dtype="float32")
    np.random.seed(1)
    model = mlp_resnet.MLPResNet(784, hidden_dim=20, num_blocks=2)
    for tensor in [*model.parameters(), *(each for _, each in model.named_buffers())]:
        tensor.data = ndl.Tensor(tensor, device=device)
    opt = ndl.optim.Adam(model.parameters(), lr=0.01, weight_decay=0.001)
    losses = [mlp_resnet.epoch(loader, model, opt)[1] for _ in range(3)]
    model.eval()
    x = ndl.Tensor(images[:5].reshape(5, 784), device=device, dtype="float32")
    return {"losses": losses, "outputs": model(x).numpy().ravel().tolist()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])))
