"""Zip archives that are the same bytes whenever they hold the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Set

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can name


def archive(
    files: Mapping[str, bytes],
    *,
    executable: Set[str] = frozenset(),
    deflate: bool = True,
) -> bytes:
    """Return a zip archive of the files: sorted, without times, with Unix modes."""
    method = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=9) as opened:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.create_system = 3  # Unix, wherever it is made: modes are kept
            mode = 0o755 if path in executable else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = method
            opened.writestr(entry, files[path])
    return out.getvalue()
