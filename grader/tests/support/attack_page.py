"""Write docs/attacks.md from the records: run this file.

What stands before the marker is written by hand and stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attack_records import Attack, Variant, attacks

PAGE = Path(__file__).parents[3] / "docs" / "attacks.md"
MARKER = "<!-- from here on written by grader/tests/support/attack_page.py -->\n"


def page(text: str) -> str:
    """Return the page with its generated part as the records have it."""
    head, marker, _ = text.partition(MARKER)
    assert marker, f"{PAGE} lacks the line {MARKER}"
    return head + marker + "".join(f"{line}\n" for line in lines())


def lines() -> Iterator[str]:
    """Yield the lines of the generated part."""
    found = attacks()
    count = sum(len(attack.variants) for attack in found)
    yield ""
    yield f"## The {len(found)} attacks, {count} submissions"
    yield ""
    yield "| attack | submissions | held at level |"
    yield "| --- | ---: | --- |"
    for attack in found:
        title = f"[{attack.number}. {attack.title}](#{_anchor(attack)})"
        yield f"| {title} | {len(attack.variants)} | {_levels(attack)} |"
    for attack in found:
        yield ""
        yield from _section(attack)


def _section(attack: Attack) -> Iterator[str]:
    yield f"### {attack.number}. {attack.title}"
    yield ""
    yield attack.stopped_by.strip()
    yield ""
    for variant in attack.variants:
        yield f"- `{variant.name}` {variant.tries}{_only(variant)}"


def _only(variant: Variant) -> str:
    if not variant.why:
        return ""
    return f" (level {', '.join(variant.levels)} only: {variant.why})"


def _levels(attack: Attack) -> str:
    """Return the levels that hold all of it, and what the others leave open."""
    held = [
        level
        for level in ("full", "user")
        if all(level in variant.levels for variant in attack.variants)
    ]
    open_ = [variant.name for variant in attack.variants if variant.why]
    rest = f"; user but for {', '.join(f'`{name}`' for name in open_)}" if open_ else ""
    return ", ".join(held) + rest


def _anchor(attack: Attack) -> str:
    words = f"{attack.number}. {attack.title}".lower().split()
    return "-".join("".join(filter(str.isalnum, word)) for word in words)


def main() -> None:
    """Write the page, whole."""
    part = PAGE.with_suffix(".part")
    part.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    part.replace(PAGE)


if __name__ == "__main__":
    main()
