"""Fetch one file from the first mirror that gives it whole and right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from coursekit.data.model import Download
from coursekit.data.places import cache_root
from coursekit.data.trouble import disk_trouble, megabytes
from coursekit.errors import CourseError

if TYPE_CHECKING:
    import requests

TIMEOUT = (10.0, 30.0)  # seconds to connect, and without a byte
CHUNK = 1 << 13  # bytes; what a cut connection loses is less than this
LARGEST = 1 << 30  # bytes accepted where the size is not known beforehand
RETRIES = 3  # of one mirror, while each brings the file further


class Reporter(Protocol):
    """What a download tells while it runs."""

    def note(self, text: str) -> None:
        """Say one line."""

    def start(self, name: str, total: int | None) -> None:
        """A file begins; ``total`` is None where its size is not known."""

    def at(self, name: str, done: int) -> None:
        """So many of its bytes are here."""


class Silent:
    """Report nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""

    def start(self, name: str, total: int | None) -> None:
        """Show nothing."""

    def at(self, name: str, done: int) -> None:
        """Show nothing."""


class FetchError(CourseError):
    """No mirror gave the file."""


class MirrorError(Exception):
    """This mirror did not give the file; ``cut`` if another try may go on from here."""

    def __init__(self, text: str, *, cut: bool = False) -> None:
        super().__init__(text)
        self.cut = cut


def fetch(download: Download, reporter: Reporter) -> Path:
    """Return the path of the verified file, kept beside the cache until it is taken in.

    An interrupted transfer goes on where it stopped, with the same mirror or another:
    all give the same bytes, and the checksum of the whole decides.
    """
    import requests

    part = _part(download)
    reporter.start(download.name, download.size or None)
    tried = []
    with requests.Session() as session:
        for number, url in enumerate(download.urls, start=1):
            try:
                _from_mirror(session, url, download, part, reporter)
                return part
            except MirrorError as error:
                line = f"{urlsplit(url).hostname}: {error}"
                tried.append(line)
                more = number < len(download.urls)
                reporter.note(line + ("; trying the next mirror" if more else ""))
    lines = "\n  ".join([f"{download.name} could not be fetched:", *tried])
    raise FetchError(lines)


def _part(download: Download) -> Path:
    """Return where the file grows; the name is its checksum, so it fits any mirror."""
    folder = cache_root() / ".fetching"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_trouble(error, folder) from error
    return folder / download.digest.replace(":", "-")


def _from_mirror(
    session: requests.Session,
    url: str,
    download: Download,
    part: Path,
    reporter: Reporter,
) -> None:
    """Fetch the rest of the file from one mirror, again while it is cut but grows."""
    for attempt in range(RETRIES):
        had = _size(part)
        try:
            _transfer(session, url, download, part, reporter)
        except MirrorError as error:
            if not error.cut or _size(part) <= had or attempt == RETRIES - 1:
                raise
            reporter.note(f"{urlsplit(url).hostname}: {error}; going on from there")
            continue
        if digest(part, download.digest.partition(":")[0]) == download.digest:
            return
        part.unlink()
        if not had:  # what an earlier run left may be what was wrong: begin anew once
            raise MirrorError("the file has the wrong checksum")
    raise MirrorError("the file has the wrong checksum")


def _transfer(
    session: requests.Session,
    url: str,
    download: Download,
    part: Path,
    reporter: Reporter,
) -> None:
    """Append to the part what is missing of it."""
    have = _size(part)
    if download.size and have >= download.size:
        return  # all there; the checksum decides
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with (
        _in_words(part, have),
        session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as reply,
    ):
        if have and reply.status_code == 416:
            return  # there is no more to send; the checksum decides
        start = _start(reply, have)
        _check_length(reply, start, download)
        _save(reply, part, start, download, reporter)
    if download.size and _size(part) < download.size:
        raise _cut(part)


@contextmanager
def _in_words(part: Path, have: int) -> Iterator[None]:
    """Turn what the network library raises into a sentence about the mirror."""
    import requests

    try:
        yield
    except requests.exceptions.ChunkedEncodingError:
        raise _cut(part) from None
    except requests.ConnectionError:
        if _size(part) > have:
            raise _cut(part) from None
        raise MirrorError("it cannot be reached (is there a network?)") from None
    except requests.Timeout:
        raise MirrorError("no answer in time", cut=True) from None
    except requests.RequestException as error:
        raise MirrorError(f"it cannot be used ({error})") from None


def _cut(part: Path) -> MirrorError:
    """Say how far the file came."""
    text = f"the connection was cut after {megabytes(_size(part))}"
    return MirrorError(text, cut=True)


def _start(reply: requests.Response, have: int) -> int:
    """Return where the reply's bytes belong: after what is there, or at the start."""
    if reply.status_code == 200:
        return 0
    begins = reply.headers.get("Content-Range", "").startswith(f"bytes {have}-")
    if reply.status_code == 206 and begins:
        return have
    raise MirrorError(f"it answers {reply.status_code} {reply.reason}")


def _check_length(reply: requests.Response, start: int, download: Download) -> None:
    """Refuse a file of another length before fetching it."""
    told = reply.headers.get("Content-Length", "")
    if not told.isdigit() or not download.size:
        return
    if start + int(told) != download.size:
        raise MirrorError(
            f"it has another file: {start + int(told)} bytes instead of {download.size}"
        )


def _save(
    reply: requests.Response,
    part: Path,
    start: int,
    download: Download,
    reporter: Reporter,
) -> None:
    """Write the reply's bytes; a disk that fills up is no fault of the mirror's."""
    most = download.size or LARGEST
    done = start
    try:
        with part.open("r+b" if start else "wb") as out:
            out.seek(start)
            for chunk in reply.iter_content(CHUNK):
                done += len(chunk)
                if done > most:
                    raise MirrorError(f"it sends more than {megabytes(most)}")
                out.write(chunk)
                reporter.at(download.name, done)
    except MirrorError:
        part.unlink()
        raise
    except OSError as error:
        import requests

        if isinstance(error, requests.RequestException):  # these are OSErrors, too
            raise
        with suppress(OSError):
            part.unlink()
        raise disk_trouble(error, part, need=download.size) from error


def digest(path: Path, kind: str) -> str:
    """Return a file's checksum, with its kind before it."""
    total = hashlib.new(kind, usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            total.update(chunk)
    return f"{kind}:{total.hexdigest()}"


def _size(path: Path) -> int:
    """Return a file's size, 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
