"""Render a homework's folder from the sources that are written once.

``render`` is a pure function from the checkout to the bytes of every file;
``write_folder`` puts such files on disk, everything or nothing.
"""

from __future__ import annotations

from coursekit.staging.folder import write_folder
from coursekit.staging.manifest import Manifest
from coursekit.staging.render import render
from coursekit.staging.solved import ALL, NONE, Solved

__all__ = ["ALL", "NONE", "Manifest", "Solved", "render", "write_folder"]
