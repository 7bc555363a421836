"""Every command and every page that the texts point to exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import coursekit.cli
import grader.cli
import pytest

ROOT = Path(__file__).resolve().parents[3]
GROUPS = {"course": coursekit.cli.group, "grader": grader.cli.group}
PAGES = sorted(
    path
    for path in [
        ROOT / "README.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "common").glob("hw?/handout.md"),
    ]
    if path.name not in ("architecture.md", "benchmarks.md", "dependencies.md")
)


def commands(text: str) -> list[str]:
    """Return the lines of fences and the inline code that start with a command."""
    fenced = re.findall(r"^ *```(?:bash|sh)\n(.*?)^ *```", text, flags=re.S | re.M)
    lines = [line for block in fenced for line in block.splitlines()]
    inline = re.findall(r"`([^`\n]+(?:\n[^`\n]+)?)`", re.sub(r"```.*?```", "", text))
    found = [" ".join(piece.split()) for piece in lines + inline]
    return [piece for piece in found if re.match(r"(course|grader) [a-z]", piece)]


def options(command: click.Command) -> set[str]:
    return {name for param in command.params for name in param.opts}


def links(text: str) -> list[str]:
    """Return where the links of a page lead; in code, ``f[0](x)`` is a call."""
    prose = re.sub(r"^ *```.*?^ *```|`[^`\n]*`", "", text, flags=re.S | re.M)
    return re.findall(r"\]\(([^)#\s]+)", prose)


def check(line: str) -> None:
    """Fail unless the command exists and knows the options."""
    words = shlex.split(line, comments=True)
    command: click.Command = GROUPS[words[0]]
    rest = words[1:]
    context = click.Context(command)
    while isinstance(command, click.Group) and rest:
        name = rest.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"{line!r}: there is no {name!r}"
        command = found
    for word in rest:
        if re.match(r"-[-a-zA-Z]", word):
            assert word in options(command) | {"--help"}, f"{line!r}: no option {word}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_exists(page):
    for line in commands(page.read_text()):
        check(re.sub(r"[\[\]]", "", line))


@pytest.mark.parametrize("line", ["course fly hw0", "grader submit hw0 --loud"])
def test_an_invented_command_is_noticed(line):
    with pytest.raises(AssertionError, match=r"fly|loud"):
        check(line)


def test_the_pages_do_hold_commands():
    found = [line for page in PAGES for line in commands(page.read_text())]
    assert len(found) > 40
    assert {line.split()[0] for line in found} == {"course", "grader"}


def test_every_command_is_documented():
    text = "\n".join(page.read_text() for page in PAGES)
    for name, group in GROUPS.items():
        for command in group.list_commands(click.Context(group)):
            assert f"{name} {command}" in text, f"{name} {command} is nowhere explained"


def test_links_are_read_and_calls_are_not():
    text = "[a](b.md), ![`c`](d.svg)\n```python\ne[0](f)\n```\n`g[0](h)` [i](j.md#k)\n"
    assert links(text) == ["b.md", "d.svg", "j.md"]


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "final_project" / "README.md"], ids=lambda page: page.name
)
def test_every_link_of_a_page_leads_somewhere(page):
    for target in links(page.read_text()):
        if not target.startswith(("http", "attachment:")):
            source = re.sub(r"^(hw\d)/", r"common/\1/", target)  # hw0/ is output
            assert (page.parent / source).exists(), f"{page.name}: {target}"
