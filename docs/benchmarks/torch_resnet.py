"""The same residual network and the same step by PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resnet_steps import CLASSES, DECAY, DROP, HIDDEN, LR, PIXELS, Step, batch

BLOCKS = 3


def network(torch: Any, begun: list[Any], drop: float = DROP) -> Any:
    """Return the network, with needle's parameters to begin with."""
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
    model = nn.Sequential(first, nn.ReLU(), *blocks, last)
    with torch.no_grad():
        for own, array in zip(model.parameters(), begun, strict=True):
            turned = array.T if own.ndim == 2 else array.reshape(own.shape)
            own.copy_(torch.from_numpy(turned))
    return model


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
    model = network(torch, begun, drop)
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


def torch_evaluation(torch: Any, begun: list[Any]) -> Callable[[], Any]:
    """Return what computes the logits of a batch in evaluation mode."""
    model = network(torch, begun).eval()
    X = torch.from_numpy(batch()[0])
    run: Callable[[], Any] = torch.no_grad()(lambda: model(X))
    return run
