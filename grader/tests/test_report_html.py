"""The report as one HTML file: complete, harmless, in need of nothing."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from html.parser import HTMLParser

import pytest
from grader.report.html import Page, render
from grader.report.text import STATUS_WORDS
from grader.result import STATUSES, GradeResult
from hypothesis import given, settings
from hypothesis import strategies as st
from made_results import case, graded

WHEN = datetime(2026, 2, 3, 4, 5, tzinfo=timezone.utc)
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Reader(HTMLParser):
    """Collect elements and text; check that every element is closed in its place."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page(result: GradeResult, student: str = "Ada", title: str = "A homework") -> str:
    return render(Page(title=title, student=student, submitted_at=WHEN), result)


def test_everything_of_the_result_is_there() -> None:
    result = graded(
        case("fine"),
        case(
            "bad",
            status="wrong",
            message="The first mismatch is at [2].",
            details=["src/simple_ml.py:7 in add", "    return x - y"],
            output="my own print",
            witnessed=True,
        ),
    )
    read = Reader(page(result))
    for text in (
        "The first mismatch is at [2].",
        "src/simple_ml.py:7 in add\n    return x - y",
        "my own print",
        "The case bad",
        "The case fine",
        result.seed,
        "enforces no network",
        "cannot enforce cgroup",
        "version 2026.1",
        "notes.txt was left out",
        "rests on what the program said about itself",
    ):
        assert text in read.text


def test_failures_stand_open_and_what_passed_is_folded() -> None:
    read = Reader(page(graded(case("fine"), case("bad", status="error"))))
    folds = [attributes for tag, attributes in read.elements if tag == "details"]
    assert ["open" in each for each in folds] == [False, True]


def test_it_needs_nothing_from_elsewhere() -> None:
    text = page(graded(case("a", status="error")))
    read = Reader(text)
    assert not {"script", "link", "img", "iframe", "object"} & {
        tag for tag, _ in read.elements
    }
    links = [value for _, each in read.elements if (value := each.get("href"))]
    assert links == ["#hw0.add"]
    assert "url(" not in text
    assert "@import" not in text
    assert not re.search(r"(?<!xmlns=)[\"']https?://", text)
    policies = [
        each["content"]
        for tag, each in read.elements
        if tag == "meta" and each.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies
    assert "default-src 'none'" in str(policies[0])
    assert "script" not in str(policies[0])


def test_names_between_backticks_are_set_as_code() -> None:
    told = "`y` is wrong, `<i>` too"
    text = page(graded(case("a", status="wrong", message=told)))
    assert "<code>y</code> is wrong, <code>&lt;i&gt;</code> too" in text
    odd = page(graded(case("a", status="wrong", message="a ` alone <i>")))
    assert "a ` alone &lt;i&gt;" in odd


EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% raw %}",
    "</pre></details></main>",
    "<!-- ",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("evil", EVIL)
def test_text_of_students_stays_text(evil: str) -> None:
    harmless = Reader(page(made_of("harmless")))
    attacked = Reader(page(made_of(evil), student=evil, title=evil))
    assert [tag for tag, _ in attacked.elements] == [
        tag for tag, _ in harmless.elements
    ]
    assert attacked.text.count(evil) >= 7


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.text(alphabet="<>&\"'/={}%- ascript!", max_size=30))
def test_no_text_makes_an_element(evil: str) -> None:
    tags = [tag for tag, _ in Reader(page(made_of("x"))).elements]
    found = [tag for tag, _ in Reader(page(made_of("x" + evil))).elements]
    assert found == tags


def made_of(text: str) -> GradeResult:
    bad = case(
        "bad", status="error", title=text, message=text, details=[text], output=text
    )
    return graded(bad, notes=[text])


def test_every_status_has_words_and_a_look() -> None:
    assert set(STATUS_WORDS) == set(STATUSES)
    for status in STATUSES:
        read = Reader(page(graded(case("a", status=status))))
        assert STATUS_WORDS[status] in read.text
