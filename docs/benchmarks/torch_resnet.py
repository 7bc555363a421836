"""The same residual network and the same step by PyTorch."""

from __future__ import annotations

from typing import Any

from resnet_steps import CLASSES, DECAY, DROP, HIDDEN, LR, PIXELS, Step, batch

BLOCKS = 3


def network(torch: Any, drop: float) -> Any:
    """Return the network, its parameters in the order of needle's."""
    nn = torch.nn

    class Block(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.around = nn.Sequential(
                nn.Linear(HIDDEN, HIDDEN // 2),
                nn.BatchNorm1d(HIDDEN // 2),
                nn.ReLU(),
                nn.Dropout(drop),
                nn.Linear(HIDDEN // 2, HIDDEN),
                nn.BatchNorm1d(HIDDEN),
            )

        def forward(self, x: Any) -> Any:
            return torch.relu(self.around(x) + x)

    blocks = [Block() for _ in range(BLOCKS)]
    first, last = nn.Linear(PIXELS, HIDDEN), nn.Linear(HIDDEN, CLASSES)
    return nn.Sequential(first, nn.ReLU(), *blocks, last)


def torch_step(
    torch: Any, begun: list[Any], drop: float = DROP, **settings: Any
) -> Step:
    """Return a step of a network that begins with needle's parameters.

    Args:
        torch: PyTorch.
        begun: the arrays of needle's parameters, in order.
        drop: the probability of dropout.
        **settings: of PyTorch's Adam, such as ``fused=True``.
    """
    model = network(torch, drop)
    with torch.no_grad():
        for own, array in zip(model.parameters(), begun, strict=True):
            turned = array.T if own.ndim == 2 else array.reshape(own.shape)
            own.copy_(torch.from_numpy(turned))
    images, labels = batch()
    X, y = torch.from_numpy(images), torch.from_numpy(labels.astype("int64"))
    loss_function = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(
        model.parameters(), lr=LR, weight_decay=DECAY, **settings
    )

    def backward(loss: Any) -> None:
        optimizer.zero_grad()
        loss.backward()

    return Step(lambda: loss_function(model(X), y), backward, optimizer.step)
