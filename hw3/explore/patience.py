"""Wait for code that is not written yet, without stopping the notebook."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

Params = ParamSpec("Params")
Result = TypeVar("Result")

# What a helper may have to wait for, in the words it says so.
DATA = "data loaded in an earlier cell"
MODEL = "a model trained in an earlier cell"


class NotYetError(Exception):
    """Raised by a helper that cannot go on; its text is shown, not its traceback."""


def say(text: str) -> None:
    """Print one line where the student is looking, at once."""
    print(text, flush=True)  # noqa: T201 - talking to its reader is what it is for


def patient(function: Callable[Params, Result]) -> Callable[Params, Result | None]:
    """Make a helper say in one line what it waits for, and return None."""

    @functools.wraps(function)
    def wrapper(*args: Params.args, **kwargs: Params.kwargs) -> Result | None:
        try:
            return function(*args, **kwargs)
        except NotImplementedError as error:
            say(f"Not yet: {error}. Come back to this cell afterwards.")
        except NotYetError as error:
            say(f"Not yet: {error}")
        return None

    return wrapper


@patient
def attempt(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function of yours and return what it returns.

    >>> attempt(max, 3, 4)
    4
    """
    return function(*args, **kwargs)


def require(value: Result | None, what: str) -> Result:
    """Return the value, or wait when an earlier cell had nothing to give.

    >>> require(3, "a number")
    3
    """
    if value is None:
        raise NotYetError(f"this cell needs {what}. Come back to it afterwards.")
    return value
