from facts import MARK


def add(x, y):
    name = f"/work/hw0/src/\x1b[31m<script>{MARK}</script>\n../../../etc/passwd"
    scope = {}
    exec(compile("def f():\n    return 1 / 0", name, "exec"), scope)
    inner = scope["f"]
    inner.__code__ = inner.__code__.replace(co_name="\x1b[2J" + "f" * 100_000)
    return inner()
