"""Try a failed question again with the reference in the parts that come before it."""

from __future__ import annotations

from grader.graft.again import graft

__all__ = ["graft"]
