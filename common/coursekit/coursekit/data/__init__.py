"""Data sets: find them, fetch them, take in copies one already has.

Importing this package is cheap; the parts that fetch and unpack load when used.
"""

from __future__ import annotations

from coursekit.data.find import DataSet, find, identify

__all__ = ["DataSet", "find", "identify"]
