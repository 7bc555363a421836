from facts import MARK


def add(x, y):
    name = f"\x1b[2J\u202e<script>{MARK}</script>" + "n" * 1_000_000
    return type(name, (), {"__module__": name})()
