"""Write Shakespeare's lines the way the Penn Treebank's language-model text is written.

One line of speech a line, lower case, words apart by single blanks, no punctuation,
rare words ``<unk>``: code that reads PTB reads this.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|'[a-z]+")
RARE = 2  # words seen less often than this in the training part become <unk>


def ptb_files(text: str) -> dict[str, bytes]:
    """Return ``train.txt`` (90 %), ``valid.txt`` and ``test.txt`` (5 % each)."""
    lines = speech(text)
    first, second = len(lines) * 90 // 100, len(lines) * 95 // 100
    counts = Counter(word for line in lines[:first] for word in line)
    parts = {
        "train.txt": lines[:first],
        "valid.txt": lines[first:second],
        "test.txt": lines[second:],
    }
    return {name: _write(part, counts) for name, part in parts.items()}


def speech(text: str) -> list[list[str]]:
    """Return the words of every spoken line; names of speakers are left out.

    A speaker's name ends with a colon and follows an empty line.
    """
    lines = text.splitlines()
    spoken = (
        line
        for before, line in pairwise(["", *lines])
        if before or not line.endswith(":")
    )
    words = (WORD.findall(line.lower()) for line in spoken)
    return [line for line in words if line]


def _write(lines: list[list[str]], counts: Counter[str]) -> bytes:
    """Join the words, rare ones replaced; a line begins and ends with a blank."""
    kept = (
        " ".join(word if counts[word] >= RARE else "<unk>" for word in line)
        for line in lines
    )
    return "".join(f" {line} \n" for line in kept).encode("ascii")
