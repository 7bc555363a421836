"""What is no sound pack is refused in one clear line, before anything is believed."""

from __future__ import annotations

import io
import stat
import warnings
import zipfile
from typing import Any

import pytest
from coursekit.errors import CourseError
from grader.pack import archive, index
from grader.pack.contents import Pack
from hypothesis import given, settings
from hypothesis import strategies as st
from pack_kit import archive_of, files_of, mini_pack, reindexed, with_file


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_HOME", str(tmp_path_factory.mktemp("home")))
        return mini_pack(tmp_path_factory.mktemp("course"))


def refused(data: bytes) -> str:
    with pytest.raises(CourseError) as caught:
        Pack.from_bytes(data, "p.zip")
    said = str(caught.value)
    assert said.startswith("p.zip is not a sound grading pack: ")
    assert "\n" not in said
    assert len(said) < 800
    return said


def test_a_sound_one_is_read(sound: bytes) -> None:
    pack = Pack.from_bytes(sound, "p.zip")
    assert pack.index.homework.name == "hw0"
    assert pack.files == files_of(sound)
    deflated = Pack.from_bytes(archive_of(files_of(sound)), "p.zip")
    assert deflated.material() == pack.material()


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_one(sound: bytes, part: float) -> None:
    assert "no whole zip archive" in refused(sound[: int(len(sound) * part)])


def test_an_archive_of_something_else() -> None:
    assert "it has no pack.json" in refused(archive_of({"src/small.py": b"1"}))
    assert "it has no pack.json" in refused(archive_of({}))


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 9999]
)
def test_an_unreadable_table_of_contents(sound: bytes, text: bytes) -> None:
    assert "pack.json" in refused(archive_of({**files_of(sound), "pack.json": text}))


def test_a_newer_format_asks_for_a_newer_grader(sound: bytes) -> None:
    said = refused(reindexed(sound, lambda i: i.update(format=2, made_by="g 9.0")))
    assert "it is of format 2 and this grader reads format 1" in said
    assert "made by 'g 9.0', this is needle-grader" in said
    assert "update the grader" in said
    for other in ("1", None, 0, 1.5):
        said = refused(reindexed(sound, lambda i, o=other: i.update(format=o)))
        assert "does not say that its format is 1" in said


def test_keys_of_another_grader_are_named_with_their_maker(sound: bytes) -> None:
    said = refused(reindexed(sound, lambda i: i["homework"].update(mood="good")))
    assert "homework, mood: there is no such key" in said
    assert f"this is {index.maker()}" in said
    said = refused(reindexed(sound, lambda i: i.pop("editable")))
    assert "editable: this key is missing" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda i: i["homework"].update(name="../hw0"), "not a homework's name"),
        (lambda i: i["homework"]["question"].pop(), "no question hw0.add_twice"),
        (lambda i: i["cases"].pop(), "worth 0 points"),
        (lambda i: i["cases"][0].update(points=1000), "worth 1003 points"),
        (lambda i: i["cases"][0].update(points=0), "points must be positive"),
        (lambda i: i["cases"].append(i["cases"][0]), "two cases"),
        (lambda i: i["cases"][0].update(points=float("nan")), "be positive"),
        (lambda i: i["cases"][0].update(points="many"), "cases 1, points"),
        (lambda i: i["policy"].update(counts="worst"), "policy, counts"),
        (lambda i: i.update(version="1\x1b]0;title\x07"), "control characters"),
        (lambda i: i["homework"].update(title="one\ntwo"), "control characters"),
        (lambda i: i["cases"][0].update(title="\u202eeno"), "control characters"),
        (lambda i: i["cases"][0].update(title="\ud800"), "control characters"),
    ],
)
def test_a_table_of_contents_that_does_not_fit(
    sound: bytes, change: Any, said: str
) -> None:
    assert said in refused(reindexed(sound, change))


def test_files_that_were_changed_taken_out_or_put_in(sound: bytes) -> None:
    files = files_of(sound)
    name = "reference/src/small.py"
    changed = archive_of({**files, name: files[name] + b"\n"})
    assert f"{name} is not as it was packed" in refused(changed)
    fewer = {path: data for path, data in files.items() if path != name}
    assert f"{name} is missing" in refused(archive_of(fewer))
    more = archive_of({**files, "suite/more.py": b"import os"})
    assert "suite/more.py does not belong to it" in refused(more)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.py",
        "/etc/passwd",
        "pristine/../../x",
        "pristine//x",
        "C:/x",
        "pristine/a\\b",
        "pristine/.",
        "pristine/a\nb",
        "pristine/" + "x" * 300,
        "pristine/a\u0308",  # not in the composed form, so that two names look alike
    ],
)
def test_paths_that_lead_elsewhere(sound: bytes, name: str) -> None:
    assert "path" in refused(with_file(sound, name, b"x"))


def test_folders_and_files_of_one_name(sound: bytes) -> None:
    clashing = with_file(sound, "pristine/src/small.py/x", b"x")
    assert "a file and a folder at once" in refused(clashing)
    assert "path" in refused(archive_of({**files_of(sound), "pristine/empty/": b""}))


def test_a_name_that_is_there_twice(sound: bytes) -> None:
    out = io.BytesIO(sound)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as opened:
        warnings.simplefilter("ignore")
        opened.writestr("suite/suite.py", b"import os")
    assert "suite/suite.py: it is there twice" in refused(out.getvalue())


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices(sound: bytes, kind: int) -> None:
    out = io.BytesIO(sound)
    with zipfile.ZipFile(out, "a") as opened:
        entry = zipfile.ZipInfo("pristine/link")
        entry.external_attr = (kind | 0o777) << 16
        opened.writestr(entry, b"/etc/passwd")
    assert "pristine/link: it is not a regular file" in refused(out.getvalue())


def test_unusual_and_encrypted_entries(sound: bytes) -> None:
    unusual = archive_of(files_of(sound), zipfile.ZIP_LZMA)
    assert "compressed in an unusual way" in refused(unusual)
    flagged = bytearray(sound)
    at = flagged.index(b"PK\x01\x02") + 8  # flags of the first entry of the directory
    flagged[at] |= 1
    assert "it is encrypted" in refused(bytes(flagged))


def test_a_zip_bomb_is_not_unpacked(
    sound: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 2**20)
    zeros = bytes(2**20)
    assert "larger than 1 MiB" in refused(
        archive_of({**files_of(sound), "pristine/z": zeros})
    )
    # A directory that says less than the file holds: not a byte more is unpacked.
    honest = archive_of({"pristine/z": zeros})
    size = (2**20).to_bytes(4, "little")
    liar = honest.replace(size, (10).to_bytes(4, "little"))
    assert liar != honest
    assert "pristine/z: it is damaged" in refused(liar)
    assert "larger than 1 MiB" in refused(sound + zeros)


def test_too_many_entries(sound: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
    assert "more than 3 entries" in refused(sound)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_goes_unnoticed_or_breaks_the_reader(
    sound: bytes, data: st.DataObject
) -> None:
    """Whatever byte is changed, it is the same pack or none at all."""
    at = data.draw(st.integers(0, len(sound) - 1))
    bits = data.draw(st.integers(1, 255))
    damaged = bytearray(sound)
    damaged[at] ^= bits
    right = Pack.from_bytes(sound, "p.zip")
    try:
        found = Pack.from_bytes(bytes(damaged), "p.zip")
    except CourseError as error:
        assert str(error).startswith("p.zip is not a sound grading pack: ")
    else:  # a time or a mode of an entry, say
        assert found.material() == right.material()
