"""Question 18: a data loader."""

from itertools import islice
from typing import Any

import numpy as np
from gradebox import Trial, case, exact

from ._inputs import Floats, between, normal
from ._layers import seeded
from ._ops import ndl

SAME = exact(dtype=False)
ENOUGH = 40  # batches, of a loader that never ends


def data_of(t: Trial, m: int) -> tuple[Floats, Floats]:
    """Draw m examples with m labels, no two of them alike."""
    return t.input(normal(t, m, 2, 3)), t.input(t.rng.permutation(1000)[:m])


def loader_of(m: int, batch: int, t: Trial, **settings: Any) -> Any:
    """Return a loader of random examples."""
    dataset = ndl.data.NDArrayDataset(*data_of(t, m))
    return ndl.data.DataLoader(dataset, batch_size=batch, **settings)


def answer_pass(t: Trial, name: str, loader: Any) -> None:
    """Hand over all batches of a pass, part by part, and how many there are."""
    count = 0
    for batch in islice(loader, ENOUGH):
        for part, tensor in enumerate(batch):
            t.answer(f"batch {count}, part {part}, {name}", tensor, check=SAME)
        count += 1
    t.answer(f"number of batches, {name}", count, check=exact())


@case("hw2.dataloader", points=1)
def dataloader_batches(t: Trial) -> None:
    """Batches in the order of the data; the last one may be smaller."""
    for m, batch in [(12, 4), (10, 4), (5, 1)]:
        answer_pass(t, f"{m} in batches of {batch}", loader_of(m, batch, t))


@case("hw2.dataloader", points=0.5)
def dataloader_corners(t: Trial) -> None:
    """A batch larger than the data is all of it; the default is one example."""
    for m, batch in [(3, 8), (1, 1), (1, 5), (6, 6)]:
        answer_pass(t, f"{m} in batches of {batch}", loader_of(m, batch, t))
    dataset = ndl.data.NDArrayDataset(*data_of(t, 3))
    answer_pass(t, "by default", ndl.data.DataLoader(dataset))


@case("hw2.dataloader", points=1)
def dataloader_passes(t: Trial) -> None:
    """Every loop begins again at the first batch, also after one that was left."""
    loader = loader_of(7, 3, t)
    answer_pass(t, "first pass", loader)
    answer_pass(t, "second pass", loader)
    for _ in loader:
        break
    answer_pass(t, "after a pass that was left", loader)


@case("hw2.dataloader", points=1.5)
def dataloader_shuffle(t: Trial) -> None:
    """A pass begins with one permutation; examples keep their labels."""
    for m, batch in [(10, 4), (12, 3), (9, 20)]:
        loader = loader_of(m, batch, t, shuffle=True)
        seeded(t)
        name = f"{m} in batches of {batch}"
        answer_pass(t, name, loader)
        t.answer(f"drawn next, {name}", np.random.rand(3), check=exact())


@case("hw2.dataloader", points=0.5)
def dataloader_shuffles_again(t: Trial) -> None:
    """Every pass has an order of its own, with all examples in it."""
    loader = loader_of(11, 4, t, shuffle=True)
    seeded(t)
    for name in ("first", "second", "third"):
        answer_pass(t, f"{name} pass", loader)


@case("hw2.dataloader", points=0.5)
def dataloader_no_draws(t: Trial) -> None:
    """Without shuffling nothing is drawn, and the data stay as they are."""
    X, y = data_of(t, 7)
    loader = ndl.data.DataLoader(ndl.data.NDArrayDataset(X, y), batch_size=3)
    seeded(t)
    answer_pass(t, "a pass", loader)
    t.answer("drawn next", np.random.rand(3), check=exact())
    t.answer("X afterwards", X, check=exact())
    t.answer("y afterwards", y, check=exact())


@case("hw2.dataloader", points=0.5)
def dataloader_parts(t: Trial) -> None:
    """Examples may have any number of parts, of any shape."""
    m = 3 * between(t, 2, 3) + 1  # more and smaller equal parts would be others
    X, y = data_of(t, m)
    dataset = ndl.data.NDArrayDataset(X, normal(t, m), y, t.input(normal(t, m, 4, 1)))
    answer_pass(t, "four parts", ndl.data.DataLoader(dataset, batch_size=2))
    one = ndl.data.NDArrayDataset(X)
    answer_pass(t, "one part", ndl.data.DataLoader(one, batch_size=3))


class Squares:
    """Examples that are made when they are asked for."""

    def __init__(self, m: int) -> None:
        self.m = m

    def __len__(self) -> int:
        return self.m

    def __getitem__(self, index: Any) -> tuple[Any, Any]:
        numbers = np.arange(self.m, dtype=np.float32)[index]
        return np.stack([numbers, numbers**2], axis=-1), np.asarray(index) % 3


@case("hw2.dataloader", points=0.5)
def dataloader_types(t: Trial) -> None:
    """Any data set will do; float32 data stay float32, in tensors."""
    loader = ndl.data.DataLoader(Squares(8), batch_size=3)
    answer_pass(t, "squares", loader)
    types = [str(next(iter(batch)).dtype) for batch in islice(loader, ENOUGH)]
    t.answer("types of the batches", types, check=exact())
