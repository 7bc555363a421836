"""Take sets into the cache from files, folders and archives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.data.catalog import SETS
from coursekit.data.model import Spec
from coursekit.data.recognise import Match, Stranger, recognise
from coursekit.data.record import Holding, held
from coursekit.data.store import Note, install, writing
from coursekit.data.unpack import Content, Passed, files_below, pieces
from coursekit.errors import CourseError

Seen = Callable[[Path], None]


@dataclass
class Taken:
    """What was found: files by set; what was passed over or is damaged, and why."""

    new: dict[str, list[str]] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)
    ignored: dict[str, str] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)

    @property
    def sets(self) -> list[Holding]:
        """Return what the cache now has of every set that was met."""
        return [held(SETS[name]) for name in SETS if name in {*self.new, *self.known}]


def take(
    paths: Iterable[Path],
    note: Note = lambda text: None,
    seen: Seen = lambda path: None,
) -> Taken:
    """Put every file of a known set found below ``paths`` into the cache.

    Each file enters once it is verified, whatever became of the others.
    """
    taken = Taken()
    for path in paths:
        _refuse_unreadable(path)
        for file in files_below(path):
            seen(file)
            _take_file(file, taken, note)
    return taken


def _refuse_unreadable(path: Path) -> None:
    """Raise an error that says why a path the person named cannot be looked at."""
    try:
        path.stat()
    except FileNotFoundError:
        raise CourseError(f"{path}: there is no such file or folder") from None
    except OSError as error:
        raise CourseError(f"{path}: cannot be read ({error.strerror})") from None


def _take_file(path: Path, taken: Taken, note: Note) -> None:
    """Take in one file or archive; ignore it as a whole if nothing in it is known."""
    strangers: list[str] = []
    useful = False
    for piece in pieces(path):
        found = _look(piece)
        if isinstance(found, Match):
            useful = True
            _keep(found, taken, note)
        elif found.damaged:
            taken.damaged[_place(path, piece)] = found.reason
        else:
            strangers.append(found.reason)
    if (
        strangers
        and not useful
        and not any(k.startswith(str(path)) for k in taken.damaged)
    ):
        many = f"none of its {len(strangers)} files is of a known set"
        taken.ignored[str(path)] = strangers[0] if len(strangers) == 1 else many


def _look(piece: Content | Passed) -> Match | Stranger:
    """Recognise a piece."""
    if isinstance(piece, Passed):
        return Stranger(piece.reason, piece.damaged)
    return recognise(piece.basename, piece.data, piece.packed)


def _place(path: Path, piece: Content | Passed) -> str:
    """Name a piece: the path of its file, and where in it."""
    return str(path.parent / piece.name)


def _keep(match: Match, taken: Taken, note: Note) -> None:
    """Install a recognised file, unless it is there."""
    spec, file = match.spec, match.file
    if spec.origin == "shipped" or file in held(spec).present:
        taken.known.setdefault(spec.name, []).append(file.name)
        return
    with writing(spec, note):
        taken.new.setdefault(spec.name, []).extend(_install(match))


def take_download(path: Path, spec: Spec) -> bool:
    """Take in what a verified download holds of a set; the caller holds its lock."""
    useful = False
    for piece in pieces(path):
        found = _look(piece)
        if isinstance(found, Match) and found.spec.name == spec.name:
            _install(found)
            useful = True
    return useful


def _install(match: Match) -> list[str]:
    """Install a file and what is made from it; the caller holds the set's lock."""
    contents = {match.file.name: match.keep}
    if (match.spec.name, match.file.name) == ("shakespeare", "input.txt"):
        from coursekit.data.shakespeare import ptb_files

        contents |= ptb_files(match.keep.decode("ascii"))
    for file in match.spec.files:
        if file.name in contents:
            install(match.spec, file, contents[file.name])
    return list(contents)
