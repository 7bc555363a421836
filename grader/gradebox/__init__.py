"""What enters the box: cases, answers, their encoding and the supervisor.

Standard library and NumPy only. Nothing here knows an expected value or a verdict.
"""

from gradebox.cases import Case, Registry, case, collecting
from gradebox.checks import (
    Check,
    at_least,
    at_most,
    close,
    distributed,
    exact,
    mostly,
    one_of,
    raised,
)
from gradebox.proxy import student
from gradebox.trial import Trial

__all__ = [
    "Case",
    "Check",
    "Registry",
    "Trial",
    "at_least",
    "at_most",
    "case",
    "close",
    "collecting",
    "distributed",
    "exact",
    "mostly",
    "one_of",
    "raised",
    "student",
]
