"""Build native code in a box by our recipe, and keep what came out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coursekit.globs import matches
from gradebox.limits import Limits

from grader import digest
from grader.background import Watch
from grader.box import Box, Contents
from grader.cache import cache_folder, load, save
from grader.run import Run
from grader.sandbox import Sandbox
from grader.text import clean

if TYPE_CHECKING:
    from coursekit.homework import Build, Homework

KEPT_BUILDS = 200
MAX_OUTPUT = 16 * 2**20
MAX_MESSAGES = 6000
MEMORY_MB = 4096


@dataclass(frozen=True)
class Built:
    """The products, or why there are none."""

    outputs: Mapping[str, bytes]
    messages: str = ""  # the compiler's, made safe to show
    failed: str = ""  # one sentence; empty when it worked


def build(
    homework: Homework,
    pristine: Mapping[str, bytes],
    inputs: Mapping[str, bytes],
    sandbox: Sandbox,
    *,
    watch: Watch = lambda _: None,
) -> Built:
    """Return what the homework's build makes of ``inputs``.

    Everything but the inputs, the Makefile first of all, comes from ``pristine``.
    ``watch`` is given the box, to abort it from another thread.
    """
    recipe = homework.build
    assert recipe is not None
    files = {
        **{k: v for k, v in pristine.items() if not matches(k, recipe.inputs)},
        **{k: v for k, v in inputs.items() if matches(k, recipe.inputs)},
    }
    path = cache_folder("builds") / _key(homework, recipe, files, sandbox)
    kept = _from_cache(load(path))
    if kept is not None:
        return kept
    contents = Contents(homework.name, files, None, tuple(homework.grading.packages))
    with Box(sandbox, contents) as box:
        watch(box)
        built = _run(box, recipe)
    # A failure may be the machine's: headers that are missing, and installed next.
    if not built.failed:
        save(path, (dict(built.outputs), built.messages), keep=KEPT_BUILDS)
    return built


def _run(box: Box, recipe: Build) -> Built:
    job = {"do": "build", "command": recipe.command, "outputs": recipe.outputs}
    limits = Limits(
        seconds=recipe.seconds,
        memory_mb=MEMORY_MB,
        files=1024,
        processes=True,
    )
    run = box.run(job, limits)
    return _conclude(run, recipe)


def _conclude(run: Run, recipe: Build) -> Built:
    messages = _messages(run.output)
    why = _failure(run, recipe)
    if why:
        return Built({}, messages, why)
    outputs = {name: run.answers[name].value for name in recipe.outputs}
    products = {k: v for k, v in outputs.items() if isinstance(v, bytes)}
    return Built(products, messages)


_STOPPED: dict[str, str] = {
    "timeout": "it took longer than {seconds:g} s and was stopped",
    "flood": "it printed more than the grader reads and was stopped",
    "memory": "it used more than {memory_mb} MB of memory and was stopped",
    "files": "it made more files than a build may and was stopped",
    "processes": "it started more processes than a build may and was stopped",
}


def _failure(run: Run, recipe: Build) -> str:
    """Return why there is no product, in words that follow a colon."""
    killed = run.excess == "memory" and run.build_code != 0  # make reports, and lives
    end = "memory" if killed else run.end
    if end in _STOPPED:
        return _STOPPED[end].format(seconds=recipe.seconds, memory_mb=MEMORY_MB)
    if run.fault is not None:
        return f"it gave no product ({run.fault.message})"
    if not run.returned:
        return "it ended abruptly, perhaps out of memory"
    if run.build_code != 0:
        return "your code does not compile"
    sizes = [len(a.value) for a in run.answers.values() if isinstance(a.value, bytes)]
    if len(sizes) != len(recipe.outputs) or sum(sizes) > MAX_OUTPUT:
        return "its product is missing or too large"
    return ""


_SCRATCH = re.compile(r"(?:/[^\s:'\"/]{1,99}){0,9}/tmp\w*/[^\s:'\"/]+/")
_NOISE = re.compile(
    r"^(?:\+ |make(?:\[\d+\])?: (?!\*\*\* No rule)|\S*(?:g|c|clang)\+\+\S* -)"
)


def _messages(output: bytes) -> str:
    """Return what the compiler says about the student's files, first things first."""
    text = clean(_SCRATCH.sub("", output.decode("utf-8", "replace")), 40_000)
    lines = [line for line in text.splitlines() if not _NOISE.match(line)]
    first = next((i for i, line in enumerate(lines) if "error" in line), 0)
    start = max(0, first - 2)  # "In function ..." comes before the error itself
    return clean("\n".join(lines[start:]), MAX_MESSAGES)


def _key(
    homework: Homework, recipe: Build, files: Mapping[str, bytes], sandbox: Sandbox
) -> str:
    return digest.digest_of(
        digest.digest_files(files),
        recipe.model_dump_json(),
        digest.compiler(),
        digest.packages(homework.grading.packages),
        digest.machine(),
        sandbox.name,
    )


def _from_cache(kept: object) -> Built | None:
    if not isinstance(kept, tuple) or len(kept) != 2:
        return None
    outputs, messages = kept
    return Built(outputs, messages)
