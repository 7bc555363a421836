"""A merged file as it grows: its lines, and the conflicts among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coursekit.merge.bodies import indented
from coursekit.merge.lines import Conflict, Labels, between_markers, three_way
from coursekit.merge.text import Line


class Draft:
    """Lines with their ends; what comes from elsewhere takes the usual end of ours."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        self.lines: list[Line] = []
        self.conflicts: list[Conflict] = []

    def keep(self, lines: Iterable[Line]) -> None:
        """Add lines of ours."""
        self.lines.extend(lines)

    def bring(self, lines: Iterable[str]) -> None:
        """Add lines from elsewhere."""
        self.lines.extend((line, None) for line in lines)

    def conflict(
        self, ours: Sequence[Line], theirs: Iterable[str], base: Iterable[str]
    ) -> None:
        """Add both sides between markers, ours with their ends."""
        mine, new = tuple(line for line, _ in ours), tuple(theirs)
        self.conflicts.append(Conflict(len(self.lines) + 1, mine, new, tuple(base)))
        ends = [None, *(end for _, end in ours), *[None] * (len(new) + 2)]
        marked = between_markers(mine, new, self.labels)
        self.keep(zip(marked, ends, strict=True))

    def merge_body(
        self,
        base: Sequence[str],
        ours: Sequence[Line],
        theirs: Sequence[str],
        indent: str,
    ) -> None:
        """Merge bodies that are outdented, and add the result at an indentation."""
        mine = [line for line, _ in ours]
        placed = at(ours, indent)
        for hunk in three_way(base, mine, theirs):
            kept = placed[slice(*hunk.ours)]
            brought = indented(theirs[slice(*hunk.theirs)], indent)
            if hunk.kind == "conflict":
                was = indented(base[slice(*hunk.base)], indent)
                self.conflict(kept, brought, was)
            elif hunk.kind == "theirs":
                self.bring(brought)
            else:
                self.keep(kept)


def at(body: Sequence[Line], indent: str) -> list[Line]:
    """Return the lines of an outdented body at an indentation."""
    texts = indented((line for line, _ in body), indent)
    return [(text, end) for text, (_, end) in zip(texts, body, strict=True)]
