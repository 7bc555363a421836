"""The one kind of error whose text is meant for the person at the keyboard."""

from __future__ import annotations


class CourseError(Exception):
    """Say what was wrong, where, and what to do about it, in plain sentences.

    Commands print the text without a traceback and exit with status 1, so it has to
    stand alone: name the file, the line or the value, then the way out.
    """
