"""Properties of rendering that hold for whatever markers are put where."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from coursekit.staging.solved import ALL, NONE
from coursekit.staging.text import render_text
from hypothesis import given
from hypothesis import strategies as st

MARKER = re.compile(
    r"[ \t]*(###|///) (END )?(BEGIN YOUR|YOUR|SOLUTION|STAGE)( SOLUTION| ONLY)?.*"
)
WORDS = ("YOUR", "SOLUTION", "STAGE")


class Numbers:
    """A handout in which every question has the same number."""

    def number(self, owner: str) -> int:
        """Return 7, whatever the question."""
        return 7


def rendered(text: str, solved=NONE, stage: int = 2, path: str = "a.py") -> str:
    return render_text(path, text, stage, solved, Numbers()).text


def without_markers(text: str) -> list[str]:
    """Return the lines that are neither markers nor blank."""
    return [
        line for line in text.split("\n") if line.strip() and not MARKER.fullmatch(line)
    ]


@dataclass(frozen=True)
class Part:
    """A few lines of a module: their text, and the tokens only solutions have."""

    text: str
    tokens: tuple[str, ...] = ()
    stubs: tuple[str, ...] = ()


owners = st.sampled_from(["hw1.a", "hw1.b", "hw2.c", "hw1.a; hw2+: hw2.c"])
blanks = st.integers(0, 3).map("\n".__mul__)


@st.composite
def parts(draw, number: int, indent: str = "    ") -> Part:
    """Draw one part of a module; ``number`` makes its names its own."""
    kind = draw(st.sampled_from(["given", "region", "module", "class", "only"]))
    owner, after = draw(owners), draw(blanks)
    name, secret = f"f{number}", f"secret{number}"
    begin, end = f"### BEGIN YOUR SOLUTION {owner}", "### END YOUR SOLUTION"
    gap = draw(blanks)
    if kind == "given":
        return Part(f"def given{number}():\n{indent}return {number}\n{after}")
    if kind == "only":
        body = f"def {secret}():\n{gap}{indent}return {number}"
        text = f"### SOLUTION ONLY\n{body}\n### END SOLUTION ONLY\n{after}"
        return Part(text, (secret,))
    if kind == "region":
        body = f"{indent}{secret} = {number}\n{gap}{indent}return {secret}"
        text = f"def {name}():\n{indent}{begin}\n{body}\n{indent}{end}\n{after}"
        return Part(text, (secret,), (name,))
    if kind == "module":
        body = (
            f"def {name}():\n{indent}{secret} = {number}\n{gap}{indent}return {secret}"
        )
        return Part(f"{begin}\n{body}\n{end}\n{after}", (secret,), (name,))
    body = f"{indent}def m(self):\n{gap}{indent}{indent}{secret} = 1"
    text = f"class {name}:\n{indent}{begin}\n{body}\n{indent}{end}\n{after}"
    return Part(text, (secret,), (f"{name}().m",))


@st.composite
def modules(draw) -> tuple[str, list[Part]]:
    """Draw a module; some parts stand in stage blocks that exist at stage 2."""
    indent = draw(st.sampled_from(["    ", "  ", "\t"]))
    count = draw(st.integers(0, 6))
    chosen = [draw(parts(number, indent)) for number in range(count)]
    text = ""
    for part in chosen:
        stages = draw(st.sampled_from(["", "", "hw2+", "hw1..hw2", "hw2"]))
        text += (
            f"### STAGE {stages}\n{part.text}### END STAGE\n" if stages else part.text
        )
    return text, chosen


plain = st.lists(
    st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]))
).map("\n".join)


@given(plain.filter(lambda text: not any(word in text for word in WORDS)))
def test_text_without_markers_is_unchanged(text):
    for path in ("a.py", "a.cu"):
        assert rendered(text, path=path) == text


@given(modules())
def test_solved_is_the_source_without_markers(module):
    text, _ = module
    assert without_markers(rendered(text, ALL)) == without_markers(text)


@given(modules())
def test_unsolved_holds_no_token_of_a_solution_and_raises_when_used(module):
    text, chosen = module
    code = rendered(text)
    names: dict = {}
    exec(compile(code, "a.py", "exec"), names)
    for part in chosen:
        for token in part.tokens:
            assert token not in code
        for stub in part.stubs:
            with pytest.raises(NotImplementedError, match="handout, question 7"):
                eval(f"{stub}()", names)


@given(modules())
def test_rendering_again_changes_nothing(module):
    text, _ = module
    for solved in (NONE, ALL, {"hw1.a"}):
        once = rendered(text, solved)
        assert rendered(once, solved) == once


@given(modules())
def test_a_solved_file_is_a_source_too(module):
    text, _ = module
    assert rendered(rendered(text, ALL)) == rendered(text)


@given(modules(), st.sampled_from(["hw1.a", "hw1.b", "hw2.c"]))
def test_exactly_the_solved_questions_work(module, question):
    text, _ = module
    result = render_text("a.py", text, 2, {question}, Numbers())
    names: dict = {}
    exec(compile(result.text, "a.py", "exec"), names)
    for region in result.regions:
        call = re.sub(r"\.m$", "().m", region.name)
        if region.owner == question:
            eval(f"{call}()", names)
        else:
            with pytest.raises(NotImplementedError):
                eval(f"{call}()", names)


@given(modules())
def test_other_stages_lose_only_their_own_lines(module):
    text, _ = module
    kept = without_markers(rendered(text, ALL, stage=9))
    everything = without_markers(text)
    position = 0
    for line in kept:
        position = everything.index(line, position) + 1
