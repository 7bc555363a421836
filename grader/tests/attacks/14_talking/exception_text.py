from facts import MARK


class Rude(Exception):
    def __str__(self):
        return f"\x1b[31m\x00<script>{MARK}</script>\u202e" + "A" * 1_000_000


def add(x, y):
    Rude.__name__ = Rude.__qualname__ = f"\x1b[2J<script>{MARK}" + "B" * 10_000
    error = Rude(x, y)
    if hasattr(error, "add_note"):
        error.add_note("C" * 100_000)
    raise error from ValueError("\x1b[31m" + "D" * 100_000)
