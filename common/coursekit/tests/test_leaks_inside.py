"""What is looked into before files are given away: nothing is too odd a place."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib

import pytest
from coursekit.leaks import inside
from coursekit.leaks.inside import unpacked
from coursekit.leaks.texts import texts
from hypothesis import given, settings
from hypothesis import strategies as st

SECRET = b"gradient = softmax(Z) - one_hot(y)  # a line of a solution"


def zipped(name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("first.txt", b"harmless " * 20)
        archive.writestr(name, content)
    return out.getvalue()


def tarred(name: str, content: bytes, mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        archive.addfile(tarfile.TarInfo("folder/"))
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + b"\0\0\0\0"


def picture(kind: bytes, data: bytes) -> bytes:
    """Return a PNG with the data in its metadata."""
    pixels = chunk(b"IDAT", zlib.compress(bytes(100)))
    return b"\x89PNG\r\n\x1a\n" + chunk(kind, data) + pixels + chunk(b"IEND", b"")


PLACES = {
    "itself": lambda secret: secret,
    "archive": lambda secret: zipped("a.py", secret),
    "wheel in an archive": lambda s: zipped("x.whl", zipped("x/a.py", s)),
    "archive behind a program": lambda s: b"#!/bin/sh\n" + zipped("a.py", s),
    "archive's comment": lambda s: zipped("a", b"x")[:-2] + b"\x3a\0" + s,
    "tar": lambda secret: tarred("a.py", secret),
    "tar.gz": lambda secret: tarred("a.py", secret, "w:gz"),
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "text of a picture": lambda s: picture(b"tEXt", b"Source\0" + s),
    "compressed text of a picture": lambda s: picture(
        b"zTXt", b"Source\0\0" + zlib.compress(s)
    ),
    "UTF-16": lambda secret: secret.decode().encode("utf-16"),
    "UTF-32": lambda secret: secret.decode().encode("utf-32-le"),
    "base64": lambda s: b"see " + base64.b64encode(s) + b" there",
    "base64 in lines": lambda s: base64.encodebytes(b"text " * 40 + s + b" more" * 9),
    "picture in a notebook": lambda s: json.dumps(
        {"image/png": base64.encodebytes(picture(b"tEXt", s)).decode()}
    ).encode(),
    "archive in base64 in an archive": lambda s: zipped(
        "a", base64.b64encode(zipped("b", s))
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_it_is_found_in_odd_places(place: str) -> None:
    files = {"a.txt": b"harmless", "b.bin": PLACES[place](SECRET)}
    seen = [name for name, content in unpacked(files) if SECRET in content]
    assert seen
    assert all(name.startswith("b.bin") for name in seen)
    words = b" ".join(text.encode() for _, text in texts(files))
    assert SECRET in words


def test_a_name_says_the_way_to_it() -> None:
    files = {"w.zip": zipped("x.whl", zipped("x/a.py", SECRET))}
    assert [name for name, content in unpacked(files) if content == SECRET] == [
        "w.zip!x.whl!x/a.py"
    ]


def test_one_damaged_entry_hides_no_other() -> None:
    archive = zipped("b.py", SECRET)
    at = 30 + len("first.txt")  # where the compressed bytes of the first one begin
    damaged = archive[:at] + b"\xff\xff\xff\xff" + archive[at + 4 :]
    assert any(SECRET in content for _, content in unpacked({"w.whl": damaged}))


def test_a_bomb_is_looked_at_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "MAX_INSIDE", 1000)
    bomb = gzip.compress(bytes(10**6))
    for content in (bomb, zipped("z", bytes(10**6)), lzma.compress(bytes(10**6))):
        sizes = [len(each) for name, each in unpacked({"b": content}) if name != "b"]
        assert sizes
        assert max(sizes) <= 1000


def test_archives_in_archives_come_to_an_end() -> None:
    content = SECRET
    for _ in range(40):
        content = zipped("x.zip", content, zipfile.ZIP_STORED)
    assert len(list(unpacked({"x.zip": content}))) < 500


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(PLACES)),
    st.integers(0, 10**4),
    st.binary(min_size=1, max_size=8),
)
def test_damage_is_no_reason_to_stop(place: str, at: int, junk: bytes) -> None:
    content = PLACES[place](SECRET)
    at %= len(content)
    damaged = content[:at] + junk + content[at + len(junk) :]
    for cut in (damaged, content[:at], junk + content):
        assert next(iter(texts({"b.bin": cut})))[0] == "b.bin"
        list(texts({"b.bin": cut}))
