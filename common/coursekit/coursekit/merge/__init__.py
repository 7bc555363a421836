"""Three-way merges of files with solution regions, tolerant of what became of them."""

from __future__ import annotations

from coursekit.merge.bodies import differ_in_layout_alone
from coursekit.merge.files import Merged, merge_file
from coursekit.merge.lines import Conflict, Labels, line_after, merge_lines
from coursekit.merge.regions import FoundRegion, Regions, read_regions
from coursekit.merge.scan import Trouble
from coursekit.merge.text import decode

__all__ = [
    "Conflict",
    "FoundRegion",
    "Labels",
    "Merged",
    "Regions",
    "Trouble",
    "decode",
    "differ_in_layout_alone",
    "line_after",
    "merge_file",
    "merge_lines",
    "read_regions",
]
