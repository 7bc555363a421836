"""Archives and folders that git cannot hold, made where they are needed."""

from __future__ import annotations
