import sys

from facts import MARK


def add(x, y):
    frame = sys._getframe(1)
    print(x, y, frame.f_code.co_name)
    print("\x1b[2J\x1b]0;owned\x07\x1b]52;c;aGk=\x07\u202eesrever\u2066\x9b31m\r\x08")
    print(f"<script>{MARK}</script><img src=x onerror=alert(1)>[bold]{{{{7*7}}}}`")
    print(frame.f_back.f_locals, frame.f_locals["t"].rng.get_state())
    print("z" * 1_000_000)
    return x - y + 1
