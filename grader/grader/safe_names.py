"""Make file names out of names that strangers chose."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

LONGEST = 60
# Letters and digits of any script, dots, dashes and underscores.
ODD = re.compile(r"[^\w.-]+")


def safe_name(name: str) -> str:
    """Return a file name that is harmless anywhere, different for different names.

    A plain name stays as it is; any other gets a part of its digest, so that what was
    lost in making it harmless still tells two names apart.
    """
    plain = ODD.sub("_", unicodedata.normalize("NFC", name)).lstrip(".-")[:LONGEST]
    if plain == name and not _reserved(plain):
        return plain
    digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain.strip('._')}-{digest}".lstrip("-")


def _reserved(name: str) -> bool:
    """Return whether Windows keeps the name for a device, or there is none."""
    stem = name.partition(".")[0].upper()
    return not name or bool(re.fullmatch(r"CON|PRN|AUX|NUL|COM\d|LPT\d", stem))
