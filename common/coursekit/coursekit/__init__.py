"""Stage, start, release and supply the homeworks of the course (command ``course``)."""

__version__ = "0.1.0"
