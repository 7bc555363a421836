"""Turn pytest's ``-k`` into questions, without running or importing any test.

Selection is static, so that a syntax error in a student's file cannot hide a question.
"""

from grader.select.questions import select_questions

__all__ = ["select_questions"]
