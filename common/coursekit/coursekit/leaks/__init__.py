"""Find what gives a solution or a hidden suite away in what students get.

A leak is a run of 8 or more tokens of a solution (:mod:`coursekit.leaks.tokens`) that
the code which everybody gets does not have, or a line of a suite. Every file counts:
code with its comments, handout, notebook, figures, archives, binaries.
"""

from __future__ import annotations

from coursekit.leaks.find import Leak, find_leaks, in_sources, refuse_leaks

__all__ = ["Leak", "find_leaks", "in_sources", "refuse_leaks"]
