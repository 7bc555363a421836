"""A rendered file with every kind of region, and edits that may come to it."""

from __future__ import annotations

from hypothesis import strategies as st

STUB = 'raise NotImplementedError("{}: {} is yours to write (handout, question 1)")'


def region(owner: str, name: str, indent: str = "    ", more: str = "") -> str:
    """Return a region with its stub."""
    return (
        f"{indent}### BEGIN YOUR SOLUTION {owner}{more}\n"
        f"{indent}{STUB.format(owner, name)}\n"
        f"{indent}### END YOUR SOLUTION\n"
    )


PRISTINE = (
    '"""A module."""\n\nimport numpy\n\n\n'
    "def first(\n    x,\n    y,\n) -> int:\n"
    + region("hw1.a", "first")
    + "\n\nclass Op:\n    def compute(self):\n"
    + region("hw1.a", "Op.compute", " " * 8)
    + "\n    def gradient(self):\n        given = 1\n"
    + region("hw1.b", "Op.gradient", " " * 8)
    + region("hw1.b", "Op.gradient", " " * 8)
    + "\n\n### BEGIN YOUR SOLUTION hw1.b\ndef alone(*args, **kwargs):\n    "
    + STUB.format("hw1.b", "alone")
    + "\n### END YOUR SOLUTION\n\n\ndef moved():\n"
    + region("hw1.b", "moved", more=" id=moved")
)
IDS = [
    "m.py::first",
    "m.py::Op.compute",
    "m.py::Op.gradient",
    "m.py::Op.gradient#2",
    "m.py::alone",
    "moved",
]

edits = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(["insert", "delete", "replace", "indent"]),
        st.sampled_from(
            [*dict.fromkeys(PRISTINE.split("\n")), "mine = 1", "    mine = 2"]
        ),
    ),
    max_size=6,
)


def edited(text: str, changes: list[tuple[int, str, str]]) -> str:
    """Return the text after some edits; what is behind its end counts as its end."""
    lines = text.split("\n")
    for wanted, what, new in changes:
        place = min(wanted, len(lines))
        if what == "insert":
            lines.insert(place, new)
        elif place < len(lines):
            if what == "delete":
                del lines[place]
            else:
                lines[place] = new if what == "replace" else "  " + lines[place]
    return "\n".join(lines)
