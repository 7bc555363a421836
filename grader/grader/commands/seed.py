"""Seeds on the command line."""

from __future__ import annotations

import click


class Seed(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """64 bits: decimal, or the 16 hexadecimal digits that a report shows."""

    name = "seed"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number; exactly 16 digits are the hexadecimal form."""
        text = str(value)
        try:
            number = int(text, 16 if len(text) == 16 else 10)
        except ValueError:
            number = -1
        if not 0 <= number < 2**64:
            self.fail(f"{text} is not a seed; write it as the report shows it.")
        return number
