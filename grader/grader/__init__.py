"""Grade submissions in a sandbox and keep the gradebook (command ``grader``)."""

__version__ = "0.1.0"
