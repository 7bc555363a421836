"""The gradebook's table, CSV and JSON, with names chosen by an enemy."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from coursekit.errors import CourseError
from coursekit.homework import Homework, Question, Submission
from grader.files import write_whole
from grader.person import clean_name, student_name
from grader.report import gradebook as book
from grader.report.terminal import console
from grader.safe_names import safe_name
from hypothesis import given, settings
from hypothesis import strategies as st

HOMEWORK = Homework(
    name="hw0",
    title="A homework",
    question=[
        Question(id="hw0.add", title="Adding", points=5, section="Question 1"),
        Question(id="hw0.loss", title="Losing", points=10, section="Question 2"),
    ],
    submission=Submission(files=["src/*.py"]),
)
EVIL = [
    '=HYPERLINK("http://evil.example","click")',
    "+1+1",
    "-rf",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "＝1+1",
    'quo"te, comma',
    "two\nlines",
    "Zoë Ωmega 学生",
    "a" * 300,
    "..",
    "con",
    "\u202eevil",
    "a/b\\c",
]


def test_csv_holds_what_was_put_in() -> None:
    rows = [
        book.Row("Ada", {"hw0.add": 5.0, "hw0.loss": 2.5}),
        book.Row("Eve", {"hw0.add": 0.0}),
        book.Row("Max", {}, "the archive is damaged"),
    ]
    text = book.as_csv([HOMEWORK], rows)
    assert text == (
        '"student","hw0.add","hw0.loss","total","problem"\n'
        '"Ada",5,2.5,7.5,""\n'
        '"Eve",0,"",0,""\n'
        '"Max","","","","the archive is damaged"\n'
    )


@pytest.mark.parametrize("name", EVIL)
def test_no_cell_is_a_formula(name: str) -> None:
    rows = [book.Row(clean_name(name), {}, problem=name), book.Row(name, {})]
    text = book.as_csv([HOMEWORK], rows)
    for line in list(csv.reader(io.StringIO(text)))[1:]:
        for cell in line:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))
    assert "\r" not in text


def test_names_keep_their_letters_and_lose_their_tricks() -> None:
    assert clean_name("Zoe\u0308 学生") == "Zoë 学生"
    assert clean_name("two\nlines\x1b[31m") == "two\\nlines\\x1b[31m"
    assert clean_name("\u202eevil\udcff") == "\\u202eevil\\udcff"
    assert len(clean_name("a" * 1000)) == 200
    with pytest.raises(CourseError, match="--as"):
        student_name("  ")


@given(st.text())
@settings(derandomize=True)
def test_clean_names_are_printable_and_stay_so(text: str) -> None:
    name = clean_name(text)
    assert name.isprintable()
    name.encode("utf-8")
    assert clean_name(name) == name


@given(st.lists(st.text(min_size=1), unique=True, max_size=5))
@settings(derandomize=True)
def test_safe_names_are_harmless_and_distinct(names: list[str]) -> None:
    safe = [safe_name(name) for name in names]
    for each in safe:
        assert each == Path(each).name
        assert each[0] not in ".-"
        assert each.isprintable()
        assert len(each) < 100
    distinct = {name.casefold() for name in names}
    if len(distinct) == len(names):
        assert len({each.casefold() for each in safe}) == len(names)


def test_plain_names_stay_as_they_are() -> None:
    assert [safe_name(name) for name in ("ada", "Ada_L.2")] == ["ada", "Ada_L.2"]


def test_table_fits_eighty_columns(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [book.Row(clean_name(name), {"hw0.add": 5.0}) for name in EVIL]
    out = console()
    out.width = 80
    out.print(book.table([HOMEWORK], rows))
    shown = capsys.readouterr().out
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "=HYPERLINK" in shown


def test_file_is_whole_or_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "new" / "book.csv"
    write_whole(target, "old\n")

    def cut(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", cut)
    with pytest.raises(CourseError, match=r"cannot write .*book\.csv: No space left"):
        write_whole(target, "new\n")
    assert target.read_bytes() == b"old\n"
    assert list(target.parent.iterdir()) == [target]
