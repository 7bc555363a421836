"""Build native code in a box by our recipe, and keep what came out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

KEPT_BUILDS = 600  # of up to two megabytes: a class, or one proof
MAX_OUTPUT = 16 * 2**20
MAX_MESSAGES = 6000
MEMORY_MB = 4096


@dataclass(frozen=True)
class Built:
    """The products, or why there are none."""

    outputs: Mapping[str, bytes]
    messages: str = ""  # the compiler's, made safe to show
    failed: str = ""  # one sentence; empty when it worked
    stopped: bool = False  # before its end, for all that it took


def build_all(
    homework: Homework,
    recipes: Iterable[Build],
    pristine: Mapping[str, bytes],
    inputs: Mapping[str, bytes],
    sandbox: Sandbox,
    *,
    watch: Watch = lambda _: None,
) -> Built:
    """Return what several builds make; if one fails, what that one says."""
    outputs: dict[str, bytes] = {}
    for recipe in recipes:
        built = build(homework, recipe, pristine, inputs, sandbox, watch=watch)
        if built.failed:
            return built
        outputs.update(built.outputs)
    return Built(outputs)


def build(
    homework: Homework,
    recipe: Build,
    pristine: Mapping[str, bytes],
    inputs: Mapping[str, bytes],
    sandbox: Sandbox,
    *,
    watch: Watch = lambda _: None,
) -> Built:
    """Return what one of the homework's builds makes of ``inputs``.

    Everything but the inputs, the Makefile first of all, comes from ``pristine``.
    It begins with what the build of ``pristine`` itself has left in the folders that
    the recipe keeps: of what does not depend on the inputs, no two builds differ.
    ``watch`` is given the box, to abort it from another thread.
    """
    maker = _Maker(homework, recipe, sandbox, watch)
    given = {k: v for k, v in pristine.items() if matches(k, recipe.reads)}
    given = {k: v for k, v in given.items() if not matches(k, recipe.inputs)}
    theirs = {k: v for k, v in inputs.items() if matches(k, recipe.inputs)}
    path = maker.path({**given, **theirs})
    found = _from_cache(load(path))
    if found is None:
        starter = {k: v for k, v in pristine.items() if matches(k, recipe.inputs)}
        kept = maker.kept(given, starter) if recipe.keep else {}
        found = maker.build({**given, **theirs}, kept)
        _save(path, found)
    return found


@dataclass(frozen=True)
class _Maker:
    """Builds one homework's native code in boxes of one sandbox."""

    homework: Homework
    recipe: Build
    sandbox: Sandbox
    watch: Watch

    def path(self, files: Mapping[str, bytes], use: str = "build") -> Path:
        """Return where the cache has what comes out of these files."""
        key = digest.digest_of(
            use,
            digest.digest_files(files),
            self.recipe.model_dump_json(),
            digest.compiler(),
            digest.packages(self.homework.grading.packages),
            digest.machine(),
            self.sandbox.name,
        )
        return cache_folder("builds") / key

    def kept(
        self, given: Mapping[str, bytes], starter: Mapping[str, bytes]
    ) -> Mapping[str, bytes]:
        """Return what other builds begin with; nothing if the starter does not build.

        Whatever depends on inputs is made again, so that they do not matter.
        """
        path = self.path(given, "kept")
        found = _from_cache(load(path))
        if found is None:
            found = self.build({**given, **starter}, {}, keep=self.recipe.keep)
            _save(path, found)
        return {k: v for k, v in found.outputs.items() if k not in self.recipe.outputs}

    def build(
        self,
        files: Mapping[str, bytes],
        kept: Mapping[str, bytes],
        keep: Sequence[str] = (),
    ) -> Built:
        """Build in a box; the products include the files in the folders to keep."""
        packages = tuple(self.homework.grading.packages)
        contents = Contents(self.homework.name, {**files, **kept}, None, packages)
        job = {
            "do": "build",
            "command": self.recipe.command,
            "outputs": self.recipe.outputs,
            "keep": list(keep),
            "kept": list(kept),
            "inputs": [name for name in files if matches(name, self.recipe.inputs)],
        }
        with Box(self.sandbox, contents) as box:
            self.watch(box)
            built = _run(box, self.recipe, job)
        taken = {k: v for k, v in built.outputs.items() if self._is_wanted(k, keep)}
        return replace(built, outputs=taken)

    def _is_wanted(self, name: str, keep: Sequence[str]) -> bool:
        """Tell products from whatever else a box may claim to have made."""
        return name in self.recipe.outputs or any(
            name.startswith(f"{folder}/") and ".." not in name for folder in keep
        )


def _save(path: Path, built: Built) -> None:
    # A failure may be the machine's: headers that are missing, and installed next.
    if not built.failed:
        save(path, (dict(built.outputs), built.messages), keep=KEPT_BUILDS)


def _run(box: Box, recipe: Build, job: Mapping[str, Any]) -> Built:
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
        return Built({}, messages, why, stopped=bool(_stopped(run)))
    outputs = {name: answer.value for name, answer in run.answers.items()}
    products = {k: v for k, v in outputs.items() if isinstance(v, bytes)}
    return Built(products, messages)


_STOPPED: dict[str, str] = {
    "timeout": "it took longer than {seconds:g} s and was stopped",
    "flood": "it printed more than the grader reads and was stopped",
    "memory": "it used more than {memory_mb} MB of memory and was stopped",
    "files": "it made more files than a build may and was stopped",
    "processes": "it started more processes than a build may and was stopped",
}


def _stopped(run: Run) -> str:
    """Return what a build took too much of, if that ended it."""
    killed = run.excess == "memory" and run.build_code != 0  # make reports, and lives
    end = "memory" if killed else run.end
    return end if end in _STOPPED else ""


def _failure(run: Run, recipe: Build) -> str:
    """Return why there is no product, in words that follow a colon."""
    if end := _stopped(run):
        return _STOPPED[end].format(seconds=recipe.seconds, memory_mb=MEMORY_MB)
    if run.fault is not None:
        return f"it gave no product ({run.fault.message})"
    if not run.returned:
        return "it ended abruptly, perhaps out of memory"
    if run.build_code != 0:
        return "your code does not compile"
    found = {k: a.value for k, a in run.answers.items() if isinstance(a.value, bytes)}
    missing = set(recipe.outputs) - found.keys()
    if missing or sum(map(len, found.values())) > MAX_OUTPUT:
        return "its product is missing or too large"
    return ""


_SCRATCH = re.compile(r"(?:/[^\s:'\"/]{1,99}){0,9}/tmp\w*/[^\s:'\"/]+/")
_NOISE = re.compile(
    r"^(?:\+ |make(?:\[\d+\])?: (?!\*\*\* No rule)|\S*(?:g|c|clang)\+\+\S* -"
    r"|\S*ld: \S+\.cu\.cc\.o: in function )"  # lines of the .cu file follow
)
_TROUBLE = re.compile("error|undefined (?:reference|symbol)|multiple definition")
_OBJECTS = re.compile(r"; \S+\.o:\S+: first defined here$", re.MULTILINE)


def _messages(output: bytes) -> str:
    """Return what the compiler says about the student's files, first things first."""
    text = clean(_SCRATCH.sub("", output.decode("utf-8", "replace")), 40_000)
    text = _OBJECTS.sub("", text)
    lines = [line for line in text.splitlines() if not _NOISE.match(line)]
    first = next((i for i, line in enumerate(lines) if _TROUBLE.search(line)), 0)
    start = max(0, first - 2)  # "In function ..." comes before the error itself
    return clean("\n".join(lines[start:]), MAX_MESSAGES)


def _from_cache(kept: object) -> Built | None:
    if not isinstance(kept, tuple) or len(kept) != 2:
        return None
    outputs, messages = kept
    return Built(outputs, messages)
