"""Say what happened to a case, in one paragraph that a student can act on.

All that a student is told passes through here: the property that broke, kinds, shapes,
their own values, places in their own files, their own output. Never a right value.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice

from gradebox.trial import STUB

from grader import emulated
from grader.build import Built
from grader.compare import Finding
from grader.result import Status
from grader.run import Fault, Frameline, Run
from grader.text import clean, line

MAX_OUTPUT = 4000
MAX_DETAILS = 40
# The words of a compiler, an assembler or a linker; not what make says about them.
_TROUBLE = re.compile(
    r"\berror:|undefined (reference|symbol)|multiple definition", re.IGNORECASE
)
BEGIN, END = b"BEGIN YOUR SOLUTION", b"END YOUR SOLUTION"


@dataclass(frozen=True)
class Told:
    """What became of a case."""

    status: Status
    message: str = ""
    details: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Student:
    """What is known of the submission: its files, and which are missing."""

    files: Mapping[str, bytes]
    missing: frozenset[str]
    folder: str  # the homework's name, the last part of the work folder in the box
    packages: tuple[str, ...]
    given: Mapping[str, bytes] = field(default_factory=dict)  # the files as handed out

    def source(self, file: str, number: int) -> str:
        """Return one line of one of their files, on one line and harmless."""
        lines = self.files.get(file, b"").decode("utf-8", "replace").splitlines()
        return line(lines[number - 1], 160) if 0 < number <= len(lines) else ""

    def at(self, place: Frameline) -> str:
        """Return a place and the source there."""
        source = self.source(place.file, place.line)
        said = f" (`{source}`)" if source else ""
        return f"{line(place.file, 120)}:{place.line}{said}"

    def own(self, places: Sequence[Frameline]) -> list[Frameline]:
        """Return the places in lines that they wrote; all where there is none.

        In a homework of a whole library most of a stack is code that was given.
        """
        files = {place.file for place in places}
        wrote = {
            file: _written(self.files.get(file, b""), self.given.get(file, b""))
            for file in files
        }
        return [at for at in places if at.line in wrote[at.file]] or list(places)


def _written(theirs: bytes, given: bytes) -> set[int]:
    """Return the numbers of lines between the markers, and of those not given."""
    known = {text.strip() for text in given.splitlines()}
    found = set()
    inside = False
    for number, text in enumerate(theirs.splitlines(), start=1):
        if BEGIN in text or END in text:
            inside = BEGIN in text
        elif inside or text.strip() not in known:
            found.add(number)
    return found


def wrong(findings: Mapping[str, Finding]) -> Told:
    """Tell of answers that are not right; what they have in common is told once."""
    told: set[str] = set()
    texts = []
    for name, found in findings.items():
        hint = "" if found.hint in told else f" {found.hint}"
        told |= {found.hint, ""}
        texts.append(f"`{name}` {found.what}.{hint.rstrip()}")
    return Told("wrong", texts[0], texts[1:][:MAX_DETAILS])


def unanswered(names: list[str]) -> Told:
    """Tell of answers that never came although the case ran to its end."""
    shown = ", ".join(f"`{name}`" for name in names[:5])
    return Told("missing", f"The case ended without handing over {shown}.")


def not_built(built: Built, needed: list[str], student: Student) -> Told:
    """Tell why there is no native code to run."""
    absent = [name for name in needed if name in student.missing]
    if absent:
        return missing_file(absent[0])
    details = built.messages.splitlines()
    head = next((text for text in details if _TROUBLE.search(text)), "")
    said = f": {line(head, 300)}" if head else "."
    message = f"The native code could not be built: {built.failed}{said}"
    return Told("build_failed", message, details[:MAX_DETAILS])


def never_built(built: Built) -> Told:
    """Tell of a machine on which the reference's native code does not build either."""
    details = built.messages.splitlines()
    said = f": {line(details[0], 300)}" if details else "."
    message = f"No native code can be built here, not even the reference's{said}"
    return Told("environment", message, details[:MAX_DETAILS])


def missing_file(name: str) -> Told:
    """Tell of a file that the submission lacks."""
    return Told(
        "missing",
        f"{name} is not part of the submission. Was it moved, renamed or deleted?",
    )


def fault(found: Fault, student: Student) -> Told:
    """Tell of an exception."""
    if found.name == "NotImplementedError" and STUB.match(found.message):
        return Told("not_written", f"Not written yet: {line(found.message)}.")
    if found.syntax is not None and found.syntax[0]:
        return _syntax(found, student)
    if found.module:
        told = _import(found, student)
        if told is not None:
            return told
    if found.name == "RuntimeError":
        told = _emulated(found, student)
        if told is not None:
            return told
    where = _where(found, student)
    message = f"{_raised(found)}{where}.{_advice(found)}"
    return Told("error", message, _callers(student.own(found.frames)[-2::-1], student))


def _emulated(found: Fault, student: Student) -> Told | None:
    """Tell what a kernel in CUDA did wrong, if that is what was raised."""
    told = emulated.told(found.message, student.files, student.source)
    if told is None:
        return None
    message, details = told
    callers = _callers(student.own(found.frames)[::-1], student)
    return Told("error", message, [*details, *callers][:MAX_DETAILS])


def _callers(places: Iterable[Frameline], student: Student) -> list[str]:
    """Tell who called, nearest first; a call that repeats itself is told once."""
    calls = (
        f"called from `{line(place.function, 80)}` at {student.at(place)}"
        for place in places
    )
    runs = ((text, sum(1 for _ in group)) for text, group in groupby(calls))
    return [text if times == 1 else f"{text}, again and again" for text, times in runs]


def _raised(found: Fault) -> str:
    if found.missing is not None:
        module, name = (line(part, 80) for part in found.missing)
        return f"Your {module} has no `{name}`: it was renamed or deleted"
    if "SystemExit" in found.types:
        return "Your code asked Python to exit (SystemExit)"
    said = line(found.message, 400)
    shown = f" ({said})" if said else ""
    return f"Your code raised {line(found.name, 80)}{shown}"


def _where(found: Fault, student: Student) -> str:
    if found.missing is not None:
        return ""
    if not found.frames:
        return ", while the case worked with what your code had returned"
    place = student.own(found.frames)[-1]
    return f", in `{line(place.function, 80)}` at {student.at(place)}"


def _advice(found: Fault) -> str:
    if "MemoryError" in found.types:
        return " It asked for more memory than a case may use."
    if found.name == "PermissionError":
        return " A case may not start processes, use the network or change files."
    return ""


def _syntax(found: Fault, student: Student) -> Told:
    assert found.syntax is not None
    file, number, column, what = found.syntax
    source = student.source(file, number)
    said = f" (`{source}`)" if source else ""
    place = f"{line(file, 120)}:{number}:{column}"
    return Told("error", f"{place} is not valid Python: {line(what)}{said}.")


def _import(found: Fault, student: Student) -> Told | None:
    """Tell of an import that failed for want of a module, if that is what it was."""
    path = found.module.replace(".", "/")
    for name in sorted(student.missing):
        stem = name.removesuffix(".py")
        if stem == path or stem.endswith(f"/{path}"):
            return missing_file(name)
    if found.name != "ModuleNotFoundError":
        return None
    return Told(
        "error",
        f"Your code imports {line(found.module, 80)}, which is not there when it is "
        f"graded{_where(found, student)}. What is there: Python's own modules, your "
        f"files, {', '.join(student.packages)}.",
    )


_STACK = re.compile(
    r'File "[^"\n]{0,200}?/work/[^/"\n]+/([^"\n]{1,200})", line (\d+) in (\S+)'
)


def ended(run: Run, seconds: float, student: Student) -> Told:
    """Tell of a case whose process did not reach its end."""
    stack = student.own(_stack(run))
    where = ""
    if stack:
        function, at = line(stack[0].function, 80), student.at(stack[0])
        where = f", in `{function}` at {at}"
    callers = _callers(stack[1:], student)
    if run.end == "timeout" or run.code == -signal.SIGXCPU:
        return Told(
            "timeout",
            f"It took longer than {seconds:g} s and was stopped{where}. "
            "Either a loop does not end, or it does far more work than needed.",
            callers,
        )
    return Told("crashed", f"{_crash(run)}{where}.", callers)


def _stack(run: Run) -> list[Frameline]:
    """Return where the interpreter was, from the stack it printed when stopped."""
    found = _STACK.finditer(run.output.decode("utf-8", "replace"))
    return [
        Frameline(each[1], int(each[2][:9]), each[3])
        for each in islice(found, MAX_DETAILS)
    ]


_SIGNALS = {
    signal.SIGSEGV: "a segmentation fault: it used memory that is not its own, often "
    "an index beyond the end of an array",
    signal.SIGBUS: "a bus error: it used memory that is not its own",
    signal.SIGABRT: "an abort: a failed assertion, an exception that nothing caught, "
    "or memory that was written beyond the end of an array",
    signal.SIGFPE: "an arithmetic error such as an integer division by zero",
    signal.SIGILL: "an illegal instruction",
    signal.SIGKILL: "a kill, most likely for using too much memory",
}


_ENDS = {
    "flood": "Your code gave out more than the grader reads and was stopped",
    "leftovers": "Your code left processes running behind it",
    "memory": "Your code used more than {memory_mb} MB of memory, all its processes "
    "and temporary files taken together, and was stopped",
    "files": "Your code made more files than a case may and was stopped",
    "processes": "Your code started more processes than a case may and was stopped",
    "lost": "Your code took the whole sandbox down with it",
}


def _crash(run: Run) -> str:
    if run.end in _ENDS:
        return _ENDS[run.end].format(memory_mb=run.memory_mb)
    if run.garbled:
        return "Your code wrote into the channel on which answers travel"
    if run.code < 0:
        number = -run.code
        known = {int(key): text for key, text in _SIGNALS.items()}
        return f"Your code crashed: {known.get(number, f'signal {number}')}"
    status = f"exit status {run.code}"
    return f"Your code ended the process ({status}) before the case was over"


# Repetitions are bounded: what is searched is the student's, and could be made slow.
_OURS = re.compile(
    r'^[ \t]*File "(?:<frozen |[^"\n]{0,300}/(?:kit|suite|site|lib/python[\d.]+)/)'
    r"[^\n]*\n?|^Extension modules: [^\n]*\n?",
    re.MULTILINE,
)
# What Python says of itself when it is stopped or crashes; `ended` says it in words.
_STOPPED = re.compile(
    r"^(?:Timeout \([\d:.]{1,30}\)!|Fatal Python error: [^\n]*"
    r"|(?:Current thread|Thread) 0x[0-9a-f]{1,16}[^\n]*most recent call first\):)\n"
    r"(?:[ \t]*(?:File |<no Python frame>|\.\.\.)[^\n]*\n|\n)*",
    re.MULTILINE,
)
_FOLDERS = r"(?:/[\w.-]{1,99}){0,9}/work/"


def printed(run: Run, student: Student) -> str:
    """Return what the student's code printed, without paths and frames of ours."""
    text = run.output.decode("utf-8", "replace")
    text = re.sub(f"{_FOLDERS}{re.escape(student.folder)}/", "", text)
    text = _OURS.sub("", text)
    if run.end is not None:
        text = _STOPPED.sub("", text)
    return clean(text, MAX_OUTPUT)


ENVIRONMENT = Told(
    "environment",
    "The grader could not check this: the reference did not run. This is not your "
    "doing; tell whoever runs the grader.",
)
# Both runs are of one machine and one seed, so only what ran beside the case can have
# changed them. Blaming the grader would leave blank what should be zero.
OTHER_INPUTS = Told(
    "wrong",
    "The inputs of this case came out differently than on the reference's run, so that "
    "no answer can be right. Your code has changed them, or the case's random numbers.",
)
