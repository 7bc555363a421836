"""Check the files in the cache against their checksums."""

from __future__ import annotations

from coursekit.data.recognise import digest_of_file
from coursekit.data.record import Holding
from coursekit.data.store import forget, writing


def damaged_files(holding: Holding) -> list[str]:
    """List the files whose content has changed; they no longer count as there."""
    bad = [
        file
        for file in holding.present
        if digest_of_file(holding.folder / file.name, file) != file.digest
    ]
    if bad and holding.spec.origin != "shipped":
        with writing(holding.spec):
            forget(holding.spec, bad)
    return [file.name for file in bad]
