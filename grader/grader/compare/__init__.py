"""Decide, in the trusted process, whether an answer satisfies the reference's check."""

from grader.compare.finding import Finding
from grader.compare.verdict import Question, verdict

__all__ = ["Finding", "Question", "verdict"]
