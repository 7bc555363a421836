"""Question 19, continued: epochs, and training on MNIST."""

import gc
from typing import Any

import numpy as np
from gradebox import Trial, at_most, case, close, exact

from ._inputs import between, two
from ._resnet import (
    CLASSES,
    app,
    loader_of,
    plain_descent,
    small_model,
    witness_module,
    write_mnist,
)
from ._tensors import autograd

NUMBER = close(rtol=1e-4, atol=1e-5, dtype=False)
WEIGHTS = close(rtol=1e-3, atol=1e-5)


def answer_epoch(t: Trial, name: str, *arguments: Any) -> None:
    """Hand over the mean loss of an epoch."""
    _, loss = two(app.epoch(*arguments))
    t.answer(f"mean loss, {name}", loss, check=NUMBER)


def answer_one_class(
    t: Trial, *right: int, rest: int = 0, training: bool = False
) -> None:
    """Hand over what an epoch says of a model that names one class, come what may.

    How often it is right in a batch is given: whatever is drawn, errors that are
    counted in another way are another number.

    Args:
        right: rows of that class in each batch of ten.
        rest: rows of one more batch, all of that class.
        training: whether steps are taken, too small to change what the model says.
    """
    only, row = between(t, 0, CLASSES - 1), np.arange(10)
    model = small_model(t, bias=1e4 * np.eye(CLASSES, dtype=np.float32)[only])
    others = (only + 1 + row % (CLASSES - 1)) % CLASSES
    batches = [np.where(row < count, only, others) for count in (*right, 10)]
    labels = np.concatenate(batches)[: 10 * len(right) + rest]
    steps = [plain_descent(model.parameters())] if training else []
    loader = loader_of(t, len(labels), 10, labels=labels)
    error, loss = two(app.epoch(loader, model, *steps))
    t.answer("error rate of a model that names one class", error, check=NUMBER)
    # A mean over batches weighs a smaller last one a little more, and will do.
    check = close(rtol=0.08, atol=0, dtype=False)
    t.answer("mean loss of a model that names one class", loss, check=check)


def answer_weights(t: Trial, name: str, model: Any) -> None:
    """Hand over the parameters of a model; a bias is (1, out) or (out,)."""
    for number, p in enumerate(model.parameters()):
        t.answer(f"parameter {number}, {name}", np.ravel(p.numpy()), check=WEIGHTS)


@case("hw2.mlp_resnet", points=0.5)
def epoch_training(t: Trial) -> None:
    """With an optimizer: a step a batch, and the error and loss before each."""
    for m, batch in [(40, 10), (30, 30)]:
        model = small_model(t)
        name = f"{m} in batches of {batch}"
        answer_epoch(
            t, name, loader_of(t, m, batch), model, plain_descent(model.parameters())
        )
        answer_weights(t, name, model)
    answer_one_class(t, 8, 5, 2, 6, training=True)


@case("hw2.mlp_resnet", points=0.5)
def epoch_evaluation(t: Trial) -> None:
    """Without an optimizer nothing is trained, only measured."""
    for m, batch in [(40, 10), (30, 30)]:
        model, name = small_model(t), f"{m} in batches of {batch}"
        answer_epoch(t, name, loader_of(t, m, batch), model)
        answer_weights(t, name, model)
    answer_one_class(t, 8, 5, 2, 6)


@case("hw2.mlp_resnet", points=0.5)
def epoch_smaller_last_batch(t: Trial) -> None:
    """The examples of a smaller last batch count as all others."""
    model = small_model(t)
    loader = loader_of(t, 10 * between(t, 3, 4) + 7, 10)
    app.epoch(loader, model, plain_descent(model.parameters()))
    answer_weights(t, "after training", model)
    answer_one_class(t, *[0] * between(t, 3, 4), rest=7)


@case("hw2.mlp_resnet", points=0.5)
def epoch_modes(t: Trial) -> None:
    """Training mode with an optimizer, else evaluation; images come as rows."""
    seen: list[Any] = []
    note = witness_module(seen, lambda module, x: [module.training, list(x.shape)])
    model = small_model(t, note)
    loader = loader_of(t, 20, 10)
    optimizer = plain_descent(model.parameters())
    for name, arguments in [
        ("training", (loader, model, optimizer)),
        ("evaluation", (loader, model)),
        ("training again", (loader, model, optimizer)),
    ]:
        answer_epoch(t, name, *arguments)
        t.answer(f"mode and shapes, {name}", list(seen), check=exact())
        seen.clear()


@case("hw2.mlp_resnet", points=0.5)
def epoch_leaves_no_graph(t: Trial) -> None:
    """What is measured are numbers: the graph of a batch is gone with the next one."""
    alive: list[int] = []

    def look(module: Any, x: Any) -> int:
        gc.collect()
        return int(autograd.TENSOR_COUNTER)

    model = small_model(t, witness_module(alive, look))
    loader = loader_of(t, 60, 2)
    optimizer = plain_descent(model.parameters(), lr=0.001)
    for name, arguments in [
        ("training", (loader, model, optimizer)),
        ("evaluation", (loader, model)),
    ]:
        alive.clear()
        answer_epoch(t, name, *arguments)
        t.witness(f"tensors more, {name}", alive[-1] - alive[4], check=at_most(40))


@case("hw2.mlp_resnet", points=1)
def training_mnist(t: Trial) -> None:
    """All settings reach their places; the result is that of the last epoch."""
    folder = write_mnist(t, 120, 60)  # whole batches, of both sizes
    made: list[Any] = []

    def optimizer(params: Any, lr: float, weight_decay: float) -> Any:
        made.append([lr, weight_decay, sum(int(np.prod(p.shape)) for p in params)])
        return plain_descent(params, lr, weight_decay)

    for epochs, batch in [(1, 30), (2, 20)]:
        results = app.train_mnist(
            batch_size=batch,
            epochs=epochs,
            optimizer=optimizer,
            lr=t.input(0.005),  # larger steps make much of the order of sums
            weight_decay=t.input(0.1),
            hidden_dim=t.input(between(t, 6, 9) * 2),
            data_dir=folder,
        )
        answer_results(t, f"{epochs} epochs", results)
    t.answer("rate, decay and size", made, check=exact(dtype=False))


def answer_results(t: Trial, name: str, results: Any) -> None:
    """Hand over errors and losses; an example on the border may be on either side."""
    names = ("training error", "training loss", "test error", "test loss")
    for which, value in zip(names, list(results), strict=True):
        check = close(rtol=0, atol=0.04, dtype=False)
        if which.endswith("loss"):
            check = close(rtol=5e-3, atol=0, dtype=False)
        t.answer(f"{which}, {name}", value, check=check)
