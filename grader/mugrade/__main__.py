"""``python -m mugrade submit KEY [hw0] -k EXPR``, as the original notebooks say."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

USAGE = "usage: python -m mugrade submit KEY [hw0] [-k EXPR]"


@dataclass
class Order:
    """What a command line asks for."""

    homework: str | None = None
    expression: str | None = None


def parse(words: Sequence[str]) -> Order:
    """Read the words after the key; the rest of pytest's options mean nothing here."""
    order = Order()
    rest = iter(words)
    for word in rest:
        if word == "-k":
            order.expression = next(rest, None)
            if order.expression is None:
                raise SystemExit(f"mugrade: -k needs an expression\n{USAGE}")
        elif word.startswith("-k"):
            order.expression = word[2:].removeprefix("=")
        elif re.fullmatch(r"hw\d+", word):
            order.homework = word
    return order


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line."""
    words = sys.argv[1:] if words is None else words
    if words[:1] == ["publish"]:
        raise SystemExit(
            "mugrade: publishing answers belongs to a course server, which this local "
            "grader does not need: it computes them from the reference as it grades."
        )
    if len(words) < 2 or words[0] != "submit" or words[1].startswith("-"):
        raise SystemExit(USAGE)
    order = parse(words[2:])
    print("mugrade: grading on this machine; the key is not needed.", file=sys.stderr)  # noqa: T201
    from coursekit.lazygroup import run
    from grader.cli import group

    arguments = [order.homework] if order.homework is not None else []
    if order.expression is not None:
        arguments += ["-k", order.expression]
    sys.argv = ["grader", "submit", *arguments]
    run(group)


if __name__ == "__main__":
    main()
