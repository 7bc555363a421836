"""Split a handout into the cells of a notebook.

The handout is plain Markdown in the form jupytext calls ``md``. It is read with a
CommonMark parser rather than by jupytext itself: rendered folders are compared byte for
byte, so what a cell is must not depend on the version of a converter.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass(frozen=True)
class Cell:
    """One cell: what kind it is, and its text without a trailing newline."""

    kind: Literal["markdown", "code"]
    source: str
    folded: bool = False  # Jupyter shows a bar to click on instead of the text


@dataclass(frozen=True)
class Block:
    """A top-level block of the text: its lines ``start`` to ``stop``, exclusive."""

    start: int
    stop: int
    code: bool
    heading: bool
    folded: bool  # continues a <details> that began before it


def split(text: str) -> list[Cell]:
    """Split Markdown into cells.

    A fence whose info string is exactly ``python`` is a code cell; every other fence
    stays text. A heading, or two blank lines, begins a new text cell. What stands
    between ``<details>`` and ``</details>``, a hint, stays together as text.
    """
    lines = text.splitlines()
    blocks = _blocks(text)
    starts = [
        index
        for index, (before, block) in enumerate(pairwise(blocks), start=1)
        if not block.folded and _breaks(before, block)
    ]
    bounds = [0, *starts, len(blocks)] if blocks else []
    return [_cell(lines, blocks[first:end]) for first, end in pairwise(bounds)]


def _breaks(before: Block, block: Block) -> bool:
    """Say whether a new cell begins between two blocks."""
    far = block.start - before.stop >= 2
    return before.code or block.code or block.heading or far


def _blocks(text: str) -> list[Block]:
    """List the top-level blocks of a Markdown text in order."""
    blocks = []
    lines = text.splitlines()
    depth = 0
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.level == 0 and token.map is not None and token.nesting >= 0:
            start, stop = token.map
            while stop > start and not lines[stop - 1].strip():
                stop -= 1  # a list's range includes the blank lines after it
            code = _is_code(token) and depth == 0
            heading = token.type == "heading_open"
            blocks.append(Block(start, stop, code, heading, folded=depth > 0))
            if token.type == "html_block":
                opened = token.content.count("<details")
                depth = max(0, depth + opened - token.content.count("</details"))
    return blocks


def _is_code(token: Token) -> bool:
    """Say whether a token is a fence that becomes a code cell."""
    return token.type == "fence" and token.info.strip() == "python"


def _cell(lines: list[str], blocks: list[Block]) -> Cell:
    """Make the cell of consecutive blocks; a code block is always alone."""
    if blocks[0].code:
        inner = lines[blocks[0].start + 1 : blocks[0].stop]
        if inner and inner[-1].strip().startswith(("```", "~~~")):
            inner = inner[:-1]
        return Cell("code", "\n".join(inner).strip("\n"))
    return Cell("markdown", "\n".join(lines[blocks[0].start : blocks[-1].stop]))
