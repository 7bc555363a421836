"""The report of one submission as a single HTML file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from grader import __version__
from grader.report import text
from grader.result import GradeResult

if TYPE_CHECKING:
    from markupsafe import Markup

    from grader.standing import Standing


@dataclass(frozen=True)
class Page:
    """What a page is about, besides the verdicts."""

    title: str  # of the homework
    student: str
    submitted_at: datetime
    number: int | None = None
    standing: Standing | None = None


def _ticked(message: str) -> Markup:
    """Return a message, escaped, with what stands between backticks set as code."""
    from markupsafe import Markup, escape

    parts = message.split("`")
    if len(parts) % 2 == 0:  # one has no partner
        return escape(message)
    shown = (
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )
    return Markup("").join(shown)


def render(page: Page, result: GradeResult) -> str:
    """Return the page; whatever comes from students is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("grader.report", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        points=text.points,
        when=text.when,
        seconds=text.seconds,
        short=text.short,
        ticked=_ticked,
    )
    return environment.get_template("report.html.j2").render(
        page=page,
        result=result,
        words=text.STATUS_WORDS,
        passed=text.passed,
        tried_again=text.tried_again,
        version=__version__,
    )
