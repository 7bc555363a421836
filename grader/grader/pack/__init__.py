"""Grading packs: all that grading one homework needs, in one file.

A pack is trusted material: whoever grades with it believes its cases and its reference.
Its suite is run in a sandbox alone, never in the process that decides.
"""

from __future__ import annotations
