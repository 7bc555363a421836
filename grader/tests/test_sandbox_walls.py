"""What the walls hold, seen from inside."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import grader.sandbox
import pytest
from gradebox import seccomp
from grader.sandbox import bwrap
from mini_box import probe
from mini_levels import each_level, sandbox, walled_level

FILTER = pytest.mark.skipif(
    not seccomp.supported(), reason="no filter for this machine"
)

TRY = """
def attempt(action):
    try:
        action()
    except OSError as error:
        return type(error).__name__
    return "done"
"""


def attempts(level: str, *actions: str, processes: bool = False) -> list[str]:
    """Return how each action ended inside the box."""
    tried = ", ".join(f"attempt(lambda: {action})" for action in actions)
    found = probe(sandbox(level), f"{TRY}\nreturn [{tried}]", processes=processes)
    assert isinstance(found, list)
    return [str(outcome) for outcome in found]


@walled_level()
def test_only_the_homework_the_kit_and_the_system_are_there(level: str) -> None:
    body = "return [sorted(os.listdir(p)) for p in ('/', '/work', '/site', '/kit')]"
    root, work, site, kit = probe(sandbox(level), body)  # type: ignore[misc]
    assert set(root) <= {
        *("bin", "lib", "lib32", "lib64", "libx32", "sbin", "usr", "etc", "nix"),
        *("dev", "proc", "tmp", "kit", "site", "suite", "work"),
        *(Path(prefix).parts[1] for prefix in bwrap.python.prefixes()),
    }
    assert work == ["hw0"]
    assert {name.split(".")[0] for name in site} == {"numpy"}
    assert kit == ["gradebox"]


@walled_level()
def test_files_of_the_host_are_not_there(level: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    paths = [str(secret), "/etc/passwd", "/etc/shadow", str(Path(__file__))]
    paths += [str(Path(grader.sandbox.__file__)), "/var/log", "/home", "/sys"]
    found = probe(sandbox(level), f"return [os.path.exists(p) for p in {paths!r}]")
    assert found == [False] * len(paths)


@walled_level()
def test_installed_packages_of_the_interpreter_are_hidden(level: str) -> None:
    body = """
sys.path += [p for base in sys.path for p in (base + "/site-packages",)]
sys.path += ["/usr/lib/python3/dist-packages"]
import importlib.util
names = ("pip", "pytest", "setuptools", "hypothesis", "coursekit", "grader", "yaml")
return [name for name in names if importlib.util.find_spec(name)]
"""
    assert probe(sandbox(level), body) == []


@walled_level()
def test_nothing_but_the_scratch_folder_can_be_written(level: str) -> None:
    here = "/work/hw0/src/probe.py"
    places = ["/x", here, "/kit/gradebox/x", "/suite/hw0/x", "/site/x", "/usr/x"]
    places += ["/dev/shm/x", "/dev/x", "/proc/sys/kernel/core_pattern", "/etc/x"]
    found = attempts(level, *(f"open({path!r}, 'a')" for path in places))
    assert "done" not in found
    assert attempts(level, "open('/tmp/x', 'w')") == ["done"]


@walled_level()
def test_switches_of_the_machine_are_covered(level: str) -> None:
    """Root outside owns /proc/sys inside as well, whatever the user namespace says."""
    body = """
found = []
for folder, _, files in os.walk("/proc/sys"):
    found += files
for name in ("kcore", "sysrq-trigger", "keys"):
    try:
        found += [name] * bool(open("/proc/" + name, "rb").read(1))
    except OSError:
        pass
return found
"""
    assert probe(sandbox(level), body) == []


@walled_level()
def test_there_is_no_network(level: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect = f"__import__('socket').create_connection(('127.0.0.1', {port}), 2)"
        assert attempts(level, connect) != ["done"]
        # The same call works out here: the test can fail.
        socket.create_connection(("127.0.0.1", port), 2).close()
    body = "return open('/proc/net/dev').read().count(':')"
    assert probe(sandbox(level), body) in {0, 1}  # at most the loopback device


@FILTER
@each_level()
def test_system_calls_that_no_homework_needs(level: str) -> None:
    libc = "__import__('ctypes').CDLL(None, use_errno=True)"
    call = f"(lambda c: c.{{}} and (_ for _ in ()).throw(OSError('refused')))({libc})"
    found = attempts(
        level,
        call.format("unshare(0x10000000)"),
        call.format("ptrace(0, 0, 0, 0)"),
        call.format("mount(0, 0, 0, 0, 0)"),
        call.format("setns(0, 0)"),
        "__import__('socket').socket(__import__('socket').AF_INET)",
        "__import__('socket').socket(40)",  # AF_VSOCK
        "os.fork()",
        "os.kill(1, 0)",
        "os.kill(-1, 0)",
        "__import__('subprocess').run(['true'])",
        "__import__('os').posix_spawn('/bin/true', ['true'], {})",
    )
    assert "done" not in found
    allowed = attempts(
        level,
        "__import__('socket').socketpair()",
        "os.kill(os.getpid(), 0)",
        "__import__('threading').Thread(target=print).start()",
    )
    assert allowed == ["done"] * 3


@FILTER
@each_level()
@pytest.mark.parametrize("processes", [False, True])
def test_no_other_process_can_be_limited_or_signalled(
    level: str, processes: bool
) -> None:
    """Each of these ended the supervisor, or the next case, before it was refused."""
    body = """
import fcntl, resource, socket
one, other = socket.socketpair()
parent = os.getppid()
found = []
for action in (
    lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE, (999, 999)),
    lambda: fcntl.fcntl(one, 8, parent),  # F_SETOWN
    lambda: fcntl.fcntl(one, 10, 9),  # F_SETSIG
    lambda: fcntl.ioctl(one, 0x8901, parent.to_bytes(4, "little")),  # FIOSETOWN
):
    try:
        action()
        found.append("done")
    except PermissionError:
        found.append("refused")
resource.setrlimit(resource.RLIMIT_NOFILE, (99, 99))
fcntl.fcntl(one, fcntl.F_GETFL)
return found
"""
    assert probe(sandbox(level), body, processes=processes) == ["refused"] * 4


@FILTER
@each_level()
def test_nothing_outlives_a_case_in_the_kernel(level: str) -> None:
    libc = "__import__('ctypes').CDLL(None)"
    calls = ["shmget(77, 99, 0o1600)", "semget(77, 1, 0o1600)", "msgget(77, 0o1600)"]
    calls += ["mq_open(b'/grader-test', 0o102, 0o600, None)", "memfd_create(b'x', 0)"]
    made = ", ".join(f"{libc}.{call}" for call in calls)
    assert probe(sandbox(level), f"return [{made}]") == [-1] * len(calls)


@pytest.fixture
def outside_tmp() -> Iterator[Path]:
    """Yield a folder that the box's own /tmp does not hide."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        Path(name).chmod(0o755)  # as folders of programs are
        yield Path(name)


@walled_level()
def test_own_folders_are_covered_where_programs_lie(
    level: str, outside_tmp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interpreter may be installed in ~/.local, and a checkout in /usr/src."""
    prefix, inner = outside_tmp, outside_tmp / "course" / "python" / "bin"
    inner.mkdir(parents=True)
    for name in ("visible", "share/grader/answers", "course/course.toml"):
        (prefix / name).parent.mkdir(parents=True, exist_ok=True)
        (prefix / name).write_text("")
    prefixes = [*bwrap.python.prefixes(), prefix, inner]
    monkeypatch.setattr(bwrap.python, "prefixes", lambda: prefixes)
    monkeypatch.setenv("GRADER_HOME", str(prefix / "share" / "grader"))
    monkeypatch.chdir(prefix / "course")
    body = f"""
from pathlib import Path
top = Path({str(prefix)!r})
return sorted(str(path.relative_to(top)) for path in top.rglob("*"))
"""
    assert probe(sandbox(level), body) == [
        *("course", "course/python", "course/python/bin"),
        *("share", "share/grader", "visible"),
    ]


@each_level()
def test_the_limit_on_processor_time_says_why(level: str) -> None:
    """Soft before hard: the hard one is a kill without a reason."""
    body = "import resource as r; return list(r.getrlimit(r.RLIMIT_CPU))"
    soft, hard = probe(sandbox(level), body)  # type: ignore[misc]
    assert 10 <= soft < hard


@each_level()
def test_processes_are_allowed_where_a_case_says_so(level: str) -> None:
    run = "__import__('subprocess').run(['true'], check=True)"
    assert attempts(level, run, processes=True) == ["done"]


@FILTER
@walled_level()
def test_a_new_namespace_cannot_be_made_even_with_processes(level: str) -> None:
    body = "import ctypes; return ctypes.CDLL(None).unshare(0x10000000)"
    assert probe(sandbox(level), body, processes=True) == -1
    clone = (
        "import ctypes; return ctypes.CDLL(None).syscall(56, 0x10000011, 0, 0, 0, 0)"
    )
    if os.uname().machine == "x86_64":
        assert probe(sandbox(level), clone, processes=True) == -1


@each_level()
def test_the_supervisor_is_out_of_reach(level: str) -> None:
    body = """
parent = os.getppid()
found = []
for name in ("mem", "environ", "maps", "fd/0", "cwd"):
    try:
        with open(f"/proc/{parent}/{name}", "rb") as file:
            file.read(1)
        found.append(name)
    except OSError:
        pass
return found
"""
    if level == "none" and os.getuid() == 0:
        pytest.skip("root without walls may read everything")
    assert probe(sandbox(level), body) == []


@each_level()
def test_the_environment_and_descriptors_are_bare(
    level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "swordfish")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    body = "return [sorted(os.environ), sorted(map(int, os.listdir('/proc/self/fd')))]"
    names, descriptors = probe(sandbox(level), body)  # type: ignore[misc]
    assert not {"SECRET_TOKEN", "PYTHONPATH", "GRADER_HOME"} & set(names)
    assert set(names) <= {
        *("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "PWD", "OMP_NUM_THREADS"),
        *("MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    }
    assert descriptors == [0, 1, 2, 3, 4]  # 4 reads the folder itself


@walled_level()
def test_the_user_inside_is_not_root(level: str) -> None:
    body = "return [os.getuid(), os.getpid() > 1, os.getppid()]"
    uid, *others = probe(sandbox(level), body)  # type: ignore[misc]
    assert uid >= 1000
    assert others == [True, 1]


@each_level()
def test_the_seed_of_other_cases_is_not_there(level: str) -> None:
    """The child is told its own case's seed, a hash of the run's, and no other."""
    body = "f = sys._getframe(2); return sorted(f.f_locals)"
    found = probe(sandbox(level), body)
    assert isinstance(found, list)
    assert not {"control", "master"} & set(found)
