"""Write XML: elements with escaped text, numbers with one decimal."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr


def element(name: str, *content: str, **attributes: float | str) -> str:
    """Return an element around what is XML already; ``_`` in names becomes ``-``."""
    written = "".join(
        f" {key.replace('_', '-')}={quoteattr(decimal(value))}"
        for key, value in attributes.items()
        if value != ""
    )
    if not content:
        return f"<{name}{written}/>"
    return f"<{name}{written}>{''.join(content)}</{name}>"


def decimal(value: float | str) -> str:
    """Return a number with at most one decimal, text without what XML cannot hold."""
    if isinstance(value, str):
        return plain(value)
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def text(value: str) -> str:
    """Return text as XML has it."""
    return escape(plain(value))


def plain(value: str) -> str:
    """Return text in which characters that show nothing are replaced."""
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}"
        for c in value
    )
