"""Question 1: add."""

import numpy as np
from gradebox import Trial, case, close, exact, student

from ._inputs import between, normal

simple_ml = student("simple_ml")


@case("hw0.add", points=2)
def add_numbers(t: Trial) -> None:
    """Adding two numbers, of the type Python gives their sum."""
    x, y = t.input(between(t, -50, 50)), t.input(between(t, 51, 99))
    t.answer("integers", simple_ml.add(x, y), check=exact())
    u, v = t.input(x + 0.5), t.input(y + 0.25)
    t.answer("floats", simple_ml.add(u, v), check=exact())
    t.answer("integer and float", simple_ml.add(x, v), check=exact())


@case("hw0.add", points=2)
def add_arrays(t: Trial) -> None:
    """Adding two arrays, entry by entry, in their own dtype."""
    shape = between(t, 2, 5), between(t, 2, 5)
    x, y = t.input(normal(t, *shape)), t.input(normal(t, *shape))
    t.answer("float32", simple_ml.add(x, y), check=close(rtol=1e-6))
    i, j = t.rng.randint(100, size=shape), t.rng.randint(100, size=shape)
    t.answer("integers", simple_ml.add(t.input(i), t.input(j)), check=exact())


@case("hw0.add", points=1)
def add_leaves_arguments_alone(t: Trial) -> None:
    """The arguments are left as they are."""
    x, y = t.input(normal(t, 4)), t.input(normal(t, 4))
    t.answer("sum", np.asarray(simple_ml.add(x, y)), check=close(rtol=1e-6))
    t.answer("x afterwards", x, check=exact())
    t.answer("y afterwards", y, check=exact())
