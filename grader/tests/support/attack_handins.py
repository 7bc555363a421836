"""Archives and folders that git cannot hold, made where they are handed in."""

from __future__ import annotations

import io
import os
import stat
import struct
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

Files = Mapping[str, bytes]
HOSTILE = b"import os\nos._exit(0)\n"
PIECE = bytes(1 << 20)


def _zip(path: Path, files: Files, modes: Mapping[str, int] | None = None) -> Path:
    """Write an archive; later entries may have names that are there already."""
    path = path.with_name(f"{path.name}.zip")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (modes or {}).get(name, 0o644 | stat.S_IFREG) << 16
            archive.writestr(info, data)
    return path


def bomb(path: Path, honest: Files) -> Path:
    """Pack half a gigabyte into half a megabyte."""
    path = _zip(path, honest)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("src/bomb.py", "w") as file,
    ):
        for _ in range(500):
            file.write(PIECE)
    return path


def lying_sizes(path: Path, honest: Files) -> Path:
    """Claim in every header that the bomb is ten bytes long."""
    path = bomb(path, honest)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<I", 500 << 20), struct.pack("<I", 10)))
    return path


def overlapping(path: Path, honest: Files) -> Path:
    """Have a thousand names refer to the same compressed megabyte."""
    path = _zip(path, {"src/f000.py": PIECE})
    return _many_names(path, [f"src/f{n:03}.py" for n in range(1000)])


def million_entries(path: Path, honest: Files) -> Path:
    """Have a million names refer to one empty file, within the size allowed."""
    path = _zip(path, {"a": b""})
    return _many_names(path, ["a"] * 1_000_000)


def _many_names(path: Path, names: list[str]) -> Path:
    """Write the directory of an archive anew: every entry is the first one's data."""
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    data = path.read_bytes()
    local, entry = data[:start], data[start : start + 46]
    entries = b"".join(_entry(entry, name.encode()) for name in names)
    count = min(len(names), 0xFFFF)
    end = struct.pack("<4H2IH", 0, 0, count, count, len(entries), start, 0)
    path.write_bytes(local + entries + b"PK\x05\x06" + end)
    return path


def _entry(entry: bytes, name: bytes) -> bytes:
    return entry[:28] + struct.pack("<H", len(name)) + entry[30:46] + name


def six_thousand_files(path: Path, honest: Files) -> Path:
    """Pack more files than anybody writes."""
    return _zip(path, {**honest, **{f"notes/{n}": b"" for n in range(6000)}})


def leaving_names(path: Path, honest: Files) -> Path:
    """Name files outside the folder, in every way there is."""
    names = ["../intruder.py", "/tmp/intruder.py", "src/../../intruder.py"]
    names += ["src/..\\intruder.py", "C:\\intruder.py", "//host/intruder.py", "./x.py"]
    names += ["src/../simple_ml.py", "src/./simple_ml.py", "src//simple_ml.py"]
    return _zip(path, {**honest, **dict.fromkeys(names, HOSTILE)})


def links_and_devices(path: Path, honest: Files) -> Path:
    """Pack links to files of the host, devices, pipes and sockets."""
    kinds = {"link": stat.S_IFLNK, "pipe": stat.S_IFIFO, "char": stat.S_IFCHR}
    kinds |= {"block": stat.S_IFBLK, "socket": stat.S_IFSOCK, "folder": stat.S_IFDIR}
    modes = {f"src/{name}.py": kind | 0o7777 for name, kind in kinds.items()}
    return _zip(path, {**honest, **dict.fromkeys(modes, b"/etc/shadow")}, modes)


def twins(path: Path, honest: Files) -> Path:
    """Pack names that some file systems take for the same, the hostile one last."""
    composed, decomposed = "src/\u00e9.py", "src/e\u0301.py"
    extra = {composed: b"x = 1\n", decomposed: HOSTILE, "SRC/simple_ml.py": HOSTILE}
    made = _zip(path, {**honest, **extra, "src/SIMPLE_ML.py": HOSTILE})
    name, other = "src/simple_ml.py", "src/simple_ml.pz"
    _zip(path, {other: HOSTILE})
    made.write_bytes(made.read_bytes().replace(other.encode(), name.encode()))
    return made


def encrypted(path: Path, honest: Files) -> Path:
    """Set the flag that says an entry is encrypted, and methods nobody has."""
    made = _zip(path, honest | {"src/secret.py": HOSTILE, "src/strange.py": HOSTILE})
    data = bytearray(made.read_bytes())
    for name, at, value in ((b"src/secret.py", 8, 1), (b"src/strange.py", 10, 97)):
        entry = data.rfind(name) - 46
        struct.pack_into("<H", data, entry + at, value)
    made.write_bytes(data)
    return made


def nested(path: Path, honest: Files) -> Path:
    """Pack an archive in an archive, nine deep."""
    data = b"0" * 1_000_000
    for level in range(9):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(4):
                archive.writestr(f"{level}-{copy}.zip", data)
        data = inner.getvalue()
    return _zip(path, {"inner.zip": data})


def tar(path: Path, honest: Files) -> Path:
    """Pack a tar archive with links, under the name of a zip archive."""
    path = path.with_name(f"{path.name}.zip")
    with tarfile.open(path, "w:gz") as archive:
        link = tarfile.TarInfo("src")
        link.type, link.linkname = tarfile.SYMTYPE, "/tmp"
        archive.addfile(link)
        archive.addfile(tarfile.TarInfo("src/intruder.py"))
    return path


def odd_file_names(path: Path, honest: Files) -> Path:
    """Write files whose names a shell, a compiler or a page might run."""
    names = ["-rf.py", "--help.cpp", "$(touch intruder).py", "`touch intruder`.h"]
    names += ["; touch intruder;.cpp", "a b.py", "'.py", '".h', "*.py", "\\.py"]
    names += ["new\nline.py", "\x1b[2Jterminal.py", "\u202eyp.py", "%s%n.py", "~.py"]
    names += ["<script>intruder.py", "=HYPERLINK(1).py", "CON.py", "x" * 190 + ".py"]
    for name, data in honest.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    for name in names:
        (path / "src" / name).write_bytes(b"\n")
    (path / "src" / os.fsdecode(b"\xff\xfe.py")).write_bytes(b"\n")
    return path


def links_in_a_folder(path: Path, honest: Files) -> Path:
    """Hand in a folder of links: to the host, to itself, to what never answers."""
    odd_file_names(path, honest)
    for name, target in {
        "passwd.py": "/etc/passwd",
        "zero.py": "/dev/zero",
        "self.py": "self.py",
        "root": "/",
        "up": "..",
    }.items():
        (path / "src" / name).symlink_to(target)
    os.mkfifo(path / "src" / "pipe.py")
    return path
