"""Grade hostile submissions by the real way in, and say what they achieved."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import attack_course
import attack_handins
import attack_secrets
import attack_traces
import gradebox
import made_results
import pytest
from attack_attempt import Attempt, Outcome
from attack_listeners import Listeners
from attack_records import Attack, Variant
from attack_secrets import Planted
from grader.box import write_files
from grader.engine import grade, select
from grader.material import Material
from grader.reference import kept
from grader.sandbox import Sandbox
from grader.store.database import Store
from grader.store.desk import Here
from grader.submission import Submission

PLACES = ("home", "tmp", "cwd", "user", "incoming", "kit")


@dataclass(frozen=True)
class Range:
    """A grader with a gradebook, somebody else's work in it, and secrets around it."""

    base: Path
    seed: int

    @classmethod
    def open(cls, base: Path) -> Range:
        """Furnish a folder, once."""
        for name in PLACES:
            (base / name).mkdir(parents=True, exist_ok=True)
        own = Path(gradebox.__file__).parent
        shutil.copytree(own, base / "kit" / "gradebox", dirs_exist_ok=True)
        return cls(base, secrets.randbits(64))

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> Range:
        """Make its folders those of the process."""
        monkeypatch.setenv("GRADER_HOME", str(self.base / "home"))
        monkeypatch.setenv("HOME", str(self.base / "user"))
        monkeypatch.setenv("TMPDIR", str(self.base / "tmp"))
        monkeypatch.setattr(tempfile, "tempdir", str(self.base / "tmp"))
        monkeypatch.chdir(self.base / "cwd")
        # What boxes are given as the kit: a copy, which nobody else changes.
        kit = self.base / "kit" / "gradebox" / "__init__.py"
        monkeypatch.setattr(gradebox, "__file__", str(kit))
        return self

    @property
    def folders(self) -> list[Path]:
        """Return what an attack could change, the grader's own folder first."""
        return [self.base / name for name in PLACES]

    @cached_property
    def store(self) -> Store:
        """Return the gradebook."""
        return Store.open(self.base / "home" / "gradebook.sqlite3")

    @cached_property
    def other_submission(self) -> str:
        """Return what only another student's graded submission holds."""
        secret = attack_secrets.new_secret()
        desk = Here(self.store)
        text = f"def add(x, y):\n    return '{secret}'\n".encode()
        desk.arrive(
            made_results.arrival(student="Zoë", files={"src/simple_ml.py": text})
        )
        case = made_results.case("add_numbers", output=secret, status="wrong")
        desk.finish(made_results.graded(case))
        return secret

    def attack(
        self,
        attack: Attack,
        variant: Variant,
        sandbox: Sandbox,
        *,
        material: Material | None = None,
        whole: bool = False,
    ) -> Outcome:
        """Grade one hostile submission and an honest one after it."""
        material = material or attack_course.material(
            variant.seconds, variant.build_seconds, variant.memory_mb
        )
        self.learn(variant, sandbox)
        outcome = Outcome()
        with ExitStack() as stack:
            stack.enter_context(attack_traces.adopting())
            planted = stack.enter_context(self._planted())
            ears = stack.enter_context(Listeners(self.base))
            path = self._incoming(attack, variant, {**_facts(planted), **ears.facts})
            payload = attack.payload(variant)
            code = payload.read_text(errors="replace") if payload else ""
            trying = Attempt(self, variant, material, sandbox, path, planted, code)
            trying.run(outcome)
            outcome.broken += [f"{each} from inside" for each in ears.heard]
            outcome.broken += self._next_job(sandbox, whole=whole)
        return outcome

    def learn(self, variant: Variant, sandbox: Sandbox) -> None:
        """Have the reference's answers lie ready: a short build is for the attack."""
        material = attack_course.material(variant.seconds, memory_mb=variant.memory_mb)
        questions = [f"hw0.{name}" for name in variant.questions]
        wanted = {case.name for case in select(material, questions)}
        if not wanted <= kept(material, self.seed).keys():
            nothing = Submission.from_files({})
            grade(
                material,
                nothing,
                questions=questions,
                seed=self.seed,
                sandbox=sandbox,
            )

    @contextmanager
    def _planted(self) -> Iterator[Planted]:
        folders = [self.base / name for name in ("home", "tmp", "cwd", "user")]
        folders += [Path("/tmp"), Path("/var/tmp")]
        with attack_secrets.planted(folders, self.other_submission) as planted:
            yield planted

    def _incoming(
        self, attack: Attack, variant: Variant, facts: Mapping[str, object]
    ) -> Path:
        """Write what is handed in."""
        path = self.base / "incoming" / f"{attack.number:02}-{variant.name}"
        path = path.with_name(f"{path.name}-{secrets.token_hex(3)}")
        if variant.made_by:
            make = getattr(attack_handins, variant.made_by)
            made: Path = make(path, attack_course.honest())
            return made
        write_files(path, attack_course.hostile(attack, variant, facts))
        return path

    def _next_job(self, sandbox: Sandbox, *, whole: bool) -> list[str]:
        """Say what an honest submission lost that came right after."""
        result = grade(
            attack_course.material(),
            Submission.from_files(attack_course.honest()),
            questions=None if whole else ["hw0.add"],
            seed=self.seed,
            sandbox=sandbox,
        )
        return [
            f"the next submission: {case.name} {case.status}: {case.message}"
            for question in result.questions
            for case in question.cases
            if case.status != "passed"
        ]


def _facts(planted: Planted) -> dict[str, object]:
    """Return what an attack is told: its mark, and where a secret lies."""
    return {
        "MARK": f"{attack_traces.MARK}-{secrets.token_hex(4)}",
        "SECRET_FILE": str(planted.paths[-1]),
    }
