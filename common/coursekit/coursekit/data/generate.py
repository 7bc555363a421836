"""Make the sets that are made rather than fetched."""

from __future__ import annotations

from coursekit.data.model import Spec
from coursekit.data.record import held
from coursekit.data.store import Note, install, writing


def generate(spec: Spec, note: Note = lambda text: None) -> None:
    """Make the set in the cache; nothing happens if it is there."""
    from coursekit.data.synthetic import synthetic_files

    with writing(spec, note):
        if held(spec).complete:
            return
        contents = synthetic_files()
        for file in spec.files:
            install(spec, file, contents[file.name])
