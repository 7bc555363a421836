"""What came out of the box for one case, decoded and bounded, not yet judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from gradebox.checks import KINDS, Check
from gradebox.decode import decode, require, text
from gradebox.encode import MAX_MRO
from gradebox.faults import MAX_FRAMES
from gradebox.values import Value
from gradebox.wire import Frame, WireError

from grader.sandbox.meter import Excess

MAX_ANSWERS = 1000

End = Literal[
    "exited",  # by itself; Run.code says how
    "timeout",
    "flood",  # more output or answers than allowed
    "lost",  # the supervisor died with it
    "leftovers",  # ended, but processes stayed behind
    "memory",  # stopped: all its processes together held more than allowed
    "files",  # stopped: too many files in its folder
    "processes",  # stopped: too many at the same time
]


@dataclass(frozen=True)
class Answer:
    """One named answer."""

    value: Value
    witnessed: bool
    inputs: str
    check: Check | None  # from the reference's run only


@dataclass(frozen=True)
class Frameline:
    """A place in a file of the student's."""

    file: str
    line: int
    function: str


@dataclass(frozen=True)
class Fault:
    """An exception that ended the case."""

    types: tuple[str, ...]
    message: str
    frames: tuple[Frameline, ...]
    syntax: tuple[str, int, int, str] | None = None  # file, line, column, what
    module: str = ""  # an import error's module
    missing: tuple[str, str] | None = None  # module and the name that it lacks

    @property
    def name(self) -> str:
        """Return the exception's type."""
        return self.types[0]


@dataclass
class Run:
    """One case's answers, fault, end and costs.

    Only of the reference's run are inputs, checks and the frames themselves kept.
    """

    recorded: bool = False
    answers: dict[str, Answer] = field(default_factory=dict)
    fault: Fault | None = None
    returned: bool = False  # the case ran to its last line
    given: list[Value] = field(default_factory=list)  # inputs
    inputs: str = ""  # digest of the inputs at that point
    build_code: int = 0
    garbled: bool = False  # something else than frames came down the answer pipe
    end: End = "exited"
    excess: Excess = ""  # what all its processes together used too much of
    memory_mb: int = 0  # what they could use
    code: int = 0  # exit status; minus the signal's number
    output: bytes = b""
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    frames: list[Frame] = field(default_factory=list)

    def take(self, frame: Frame) -> None:
        """Add a frame; what comes after the end, or twice, is ignored."""
        if self.over:
            return
        try:
            self._take(frame.header, frame.buffers)
        except (WireError, KeyError):
            self.garbled = True
        else:
            if self.recorded:
                self.frames.append(frame)

    @property
    def over(self) -> bool:
        """Tell whether the case has said its last word."""
        return self.returned or self.fault is not None

    def _take(self, header: dict[str, Any], buffers: list[bytes]) -> None:
        kind = header["frame"]
        if kind == "answer":
            name = text(header["name"])
            require(name not in self.answers and len(self.answers) < MAX_ANSWERS)
            self.answers[name] = _answer(header, buffers, checked=self.recorded)
        elif kind == "input":
            require(self.recorded and len(self.given) < MAX_ANSWERS)
            self.given.append(decode(header["value"], buffers))
        elif kind == "fault":
            self.fault = _fault(header)
        else:
            require(kind == "end")
            self.inputs = text(header["inputs"])
            self.build_code = _integer(header.get("code", 0))
            self.returned = True


def _answer(header: dict[str, Any], buffers: list[bytes], *, checked: bool) -> Answer:
    require(type(header["witnessed"]) is bool)
    return Answer(
        value=decode(header["value"], buffers),
        witnessed=header["witnessed"],
        inputs=text(header["inputs"]),
        check=_check(header["check"]) if checked and "check" in header else None,
    )


def _check(data: object) -> Check:
    if type(data) is not list or len(data) != 2:
        raise WireError("malformed check")
    kind, parameters = data
    require(type(kind) is str and kind in KINDS and type(parameters) is dict)
    return Check(kind, parameters)


def _fault(header: dict[str, Any]) -> Fault:
    types = _strings(header["types"], MAX_MRO)
    require(len(types) > 0)
    frames = header["frames"]
    require(type(frames) is list and len(frames) <= MAX_FRAMES)
    missing = header.get("missing")
    return Fault(
        types=types,
        message=text(header["message"], 2000),
        frames=tuple(_frameline(frame) for frame in frames),
        syntax=_syntax(header["syntax"]) if "syntax" in header else None,
        module=text(header.get("module", "")),
        missing=None if missing is None else _pair(missing),
    )


def _frameline(data: object) -> Frameline:
    if type(data) is not list or len(data) != 3:
        raise WireError("malformed frame")
    return Frameline(text(data[0]), _integer(data[1]), text(data[2]))


def _syntax(data: object) -> tuple[str, int, int, str]:
    if type(data) is not list or len(data) != 4:
        raise WireError("malformed syntax error")
    return text(data[0]), _integer(data[1]), _integer(data[2]), text(data[3])


def _pair(data: object) -> tuple[str, str]:
    first, second = _strings(data, 2)[:2] if _strings(data, 2)[1:] else ("", "")
    return first, second


def _strings(data: object, limit: int) -> tuple[str, ...]:
    if type(data) is not list or len(data) > limit:
        raise WireError("malformed names")
    return tuple(text(name) for name in data)


def _integer(data: object) -> int:
    if type(data) is not int:
        raise WireError("malformed number")
    return data
