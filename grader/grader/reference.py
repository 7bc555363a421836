"""The reference's answers for one seed: computed beside the student's, or kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from gradebox import Case
from gradebox.decode import WireError
from gradebox.limits import Limits
from gradebox.wire import FrameReader, pack

from grader.background import Background, Watch
from grader.box import Box, Contents
from grader.build import build
from grader.cache import cache_folder, prune, write
from grader.judge import sound
from grader.material import Material
from grader.run import Run
from grader.sandbox import Sandbox

KEPT_SEEDS = 32
KEPT_PREPARED = 4


def fresh_seed() -> int:
    """Return 64 bits that nobody has seen."""
    return secrets.randbits(64)


def case_seed(seed: int, case: str) -> str:
    """Return the seed of one case, from which others cannot be computed."""
    return hashlib.sha256(f"{seed:016x}:{case}".encode()).hexdigest()


def limits(material: Material, case: Case) -> Limits:
    """Return what a case may use."""
    grading = material.homework.grading
    return Limits(
        seconds=case.seconds or grading.seconds,
        memory_mb=case.memory_mb or grading.memory_mb,
        processes=case.processes,
        addresses=not any(each.reserves for each in material.builds(case)),
    )


def job(case: Case, seed: int, *, record: bool) -> dict[str, object]:
    """Return the order for a box to run a case; ``record`` asks for checks as well."""
    return {
        "do": "case",
        "case": case.name,
        "seed": case_seed(seed, case.name),
        "record": record,
    }


class Reference:
    """Answers that are there, or are being computed in a thread of their own."""

    def __init__(
        self,
        material: Material,
        sandbox: Sandbox,
        seed: int,
        cases: Sequence[Case],
        *,
        known: Mapping[str, Run] | None = None,
    ) -> None:
        self._material = material
        self._sandbox = sandbox
        self.seed = seed
        self._cases = cases
        self._runs: dict[str, Future[Run]] = {case.name: Future() for case in cases}
        for name, run in (known or {}).items():
            if name in self._runs:
                self._runs[name].set_result(run)
        self._todo = [case for case in cases if not self._runs[case.name].done()]
        self._background = Background(self._work)

    def __enter__(self) -> Reference:
        if self._todo:
            self._background.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._todo:
            self._background.__exit__()

    def run(self, case: str) -> Run:
        """Return the reference's run of a case, waiting for it."""
        return self._runs[case].result()

    def runs(self) -> dict[str, Run]:
        """Return all runs, waiting for them."""
        return {name: future.result() for name, future in self._runs.items()}

    def _work(self, watch: Watch) -> None:
        """Run what is not known yet; hand errors to whoever waits."""
        try:
            self._run_all(watch)
        except BaseException as error:
            for future in self._runs.values():
                if not future.done():
                    future.set_exception(error)

    def _run_all(self, watch: Watch) -> None:
        material = self._material
        files = dict(material.reference)
        needed = {each.name for case in self._todo for each in material.builds(case)}
        for recipe in material.homework.builds:
            if recipe.name in needed:
                built = build(
                    material.homework,
                    recipe,
                    material.pristine,
                    material.reference,
                    self._sandbox,
                    watch=watch,
                )
                files.update(built.outputs)
        with Box(self._sandbox, contents(material, files)) as box:
            watch(box)
            for case in self._todo:
                order = job(case, self.seed, record=True)
                run = box.run(order, limits(material, case))
                self._runs[case.name].set_result(run)


def contents(material: Material, files: Mapping[str, bytes]) -> Contents:
    """Return what a box holds that runs cases on these files."""
    return Contents(
        material.homework.name,
        files,
        material.suite_files,
        tuple(material.homework.grading.packages),
    )


def kept(material: Material, seed: int) -> dict[str, Run]:
    """Return what is on disk for a seed."""
    return read_runs(_folder(material) / f"{seed:016x}")


def keep(material: Material, seed: int, runs: Mapping[str, Run]) -> None:
    """Put the sound runs on disk, for the next submission with this seed."""
    folder = _folder(material)
    with suppress(OSError):
        write(folder / f"{seed:016x}", runs_to_bytes(runs))
        prune(folder, KEPT_SEEDS)


def put_prepared(material: Material, seed: int, runs: Mapping[str, Run]) -> None:
    """Lay runs for a future seed by."""
    folder = _prepared(material)
    with suppress(OSError):
        write(folder / f"{seed:016x}", runs_to_bytes(runs))
        prune(folder, KEPT_PREPARED)


def take_prepared(
    material: Material, cases: Iterable[Case]
) -> tuple[int, dict[str, Run]]:
    """Return a fresh seed and what is prepared for it; no other run gets the same.

    A prepared seed is taken if it serves at least one of the cases.
    """
    for path in sorted(_prepared(material).glob("[0-9a-f]*")):
        claimed = path.with_name(f".taken-{secrets.token_hex(8)}")
        try:
            path.rename(claimed)  # only one of two can succeed
        except OSError:
            continue
        runs = read_runs(claimed)
        with suppress(OSError):
            claimed.unlink()
        if any(case.name in runs for case in cases):
            return int(path.name, 16), runs
    return fresh_seed(), {}


def has_prepared(material: Material, cases: Iterable[Case]) -> bool:
    """Tell whether answers to all the cases lie ready."""
    wanted = {case.name for case in cases}
    paths = _prepared(material).glob("[0-9a-f]*")
    return any(wanted <= read_runs(path).keys() for path in paths)


def _folder(material: Material) -> Path:
    return cache_folder("reference", material.key[:32])


def _prepared(material: Material) -> Path:
    return cache_folder("prepared", material.key[:32])


def runs_to_bytes(runs: Mapping[str, Run]) -> bytes:
    """Return sound runs as the frames that made them, each led by its case's name."""
    parts = []
    for name, run in runs.items():
        if sound(run):
            parts.append(pack({"case": name, "frames": len(run.frames)}))
            parts += [pack(frame.header, frame.buffers) for frame in run.frames]
    return b"".join(parts)


def read_runs(path: Path) -> dict[str, Run]:
    """Return the runs of a file; none if it is not there or damaged."""
    try:
        frames = iter(FrameReader().feed(path.read_bytes()))
    except (OSError, WireError):
        return {}
    runs: dict[str, Run] = {}
    for head in frames:
        run = Run(recorded=True)
        for _ in range(int(head.header.get("frames", 0))):
            with suppress(StopIteration):
                run.take(next(frames))
        if sound(run):
            runs[str(head.header.get("case"))] = run
    return runs
