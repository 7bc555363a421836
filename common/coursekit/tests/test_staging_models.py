"""Tests of the models of course.toml and homework.toml."""

from __future__ import annotations

import pytest
from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.owners import owner_of

QUESTION = """
[[question]]
id = "hw1.forward"
title = "Forward"
points = 10
section = "Question 1"
"""


def spoil(mini, old: str, new: str) -> None:
    file = mini.root / "common/hw1/homework.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("points = 10", "points = 0", ["question 1 (hw1.forward), points", "greater"]),
        ("points = 10", 'points = "ten"', ["points", "integer"]),
        ("points = 10", "points = 10\npiont = 1", ["piont", "no such key"]),
        ('title = "About forward"', "", ["question 1 (hw1.forward), title", "missing"]),
        ('"hw1.forward"', '"hw2.forward"', ["hw2.forward", "must start with hw1."]),
        ('"hw1.forward"', '"forward"', ["'forward'", "question's id"]),
        ('"hw1.backward"', '"hw1.forward"', ["hw1.forward", "used twice"]),
        ("points = 10", 'points = 10\nneeds = ["hw1.backward"]', ["not an earlier"]),
        ("points = 10", 'points = 10\nneeds = ["hw1.forward"]', ["not an earlier"]),
        ("points = 10", 'points = 10\nneeds = ["hw2.fit"]', ["hw2.fit", "after hw1"]),
        ("points = 10", "points = 10\nbuilt = true", ["hw1.forward", "[build]"]),
        ('["src/*.py"]', '["../*.py"]', ["submission, files", "below the folder"]),
        ('["src/*.py"]', '["/etc/*"]', ["below the folder"]),
        ('name = "hw1"', 'name = "hw7"', ["must start with hw7."]),
        ('name = "hw1"', "name = ", ["not valid TOML"]),
    ],
)
def test_a_wrong_homework_toml_is_refused_naming_file_and_key(mini, old, new, words):
    spoil(mini, old, new)
    with pytest.raises(CourseError) as caught:
        mini.course.homework("hw1")
    for word in ["common/hw1/homework.toml", *words]:
        assert word in str(caught.value)


def test_a_test_belongs_to_one_question(mini):
    spoil(mini, "points = 10", 'points = 10\ntests = ["test_a"]')
    spoil(mini, "points = 10\nsection", 'points = 10\ntests = ["test_a"]\nsection')
    with pytest.raises(CourseError, match=r"test_a is also listed by hw1\.forward"):
        mini.course.homework("hw1")


def test_a_test_may_belong_to_another_question_with_another_parameter(mini):
    spoil(mini, "points = 10", 'points = 10\ntests = ["test_a"]\non = "cuda"')
    spoil(mini, "points = 10\nsection", 'points = 10\ntests = ["test_a"]\nsection')
    owners = mini.course.homework("hw1").owners("test_a")
    first, second = mini.course.homework("hw1").questions[:2]
    assert [owners[""], owners["cuda"]] in ([first, second], [second, first])
    assert owner_of(owners, "cuda-turned") is owner_of(owners, "two-cuda")
    assert owner_of(owners, "cuda-turned").on == "cuda"
    assert owner_of(owners, "").on == owner_of(owners, "cpu").on == ""
    assert owner_of(owners, "cudart").on == ""
    assert owner_of(owners, "-3e+38-1-cuda").on == "cuda"


def test_the_folder_and_the_name_agree(mini):
    text = (mini.root / "common/hw1/homework.toml").read_text()
    (mini.root / "common/hw2/homework.toml").write_text(text)
    with pytest.raises(CourseError, match="name is 'hw1' but the folder is 'hw2'"):
        mini.course.homework("hw2")


def test_needs_may_name_an_earlier_homework(mini):
    file = mini.root / "common/hw2/homework.toml"
    text = file.read_text().replace(
        "points = 10", 'points = 10\nneeds = ["hw1.forward"]'
    )
    file.write_text(text)
    assert mini.course.homework("hw2").questions[0].needs == ["hw1.forward"]
    file.write_text(text.replace("hw1.forward", "hw1.nothing"))
    with pytest.raises(CourseError, match=r"hw1\.nothing"):
        mini.course.homework("hw2")


def test_questions_are_found_by_either_name(mini):
    homework = mini.course.homework("hw1")
    assert homework.question("backward") is homework.question("hw1.backward")
    assert homework.number(homework.question("backward")) == 2
    assert homework.points == 20
    with pytest.raises(CourseError, match=r"it has hw1\.forward, hw1\.backward"):
        homework.question("sideways")


def test_upto_takes_all_earlier_questions(mini):
    course = mini.course
    assert course.upto(course.question("hw1.forward")) == {"hw1.forward"}
    everything = {"hw1.forward", "hw1.backward", "hw2.fit"}
    assert course.upto(course.question("hw2.fit")) == everything


@pytest.mark.parametrize(
    "homeworks", ['["hw2", "hw1"]', '["hw1", "hw1"]', '["a"]', "[]"]
)
def test_a_course_lists_its_homeworks_in_order(mini, homeworks):
    text = f'[course]\nname = "M"\nversion = "1"\nhomeworks = {homeworks}\n'
    mini.write("course.toml", text)
    with pytest.raises(CourseError, match="homeworks"):
        _ = mini.course


def course_toml(mini, more: str) -> None:
    head = '[course]\nname = "M"\nversion = "1"\nhomeworks = ["hw1"]\n'
    mini.write("course.toml", head + more)


def test_weights_are_a_hundred_percent(mini):
    course_toml(mini, "[weights]\nhomework = 60.5\nfinal_project = 29.5\n")
    assert mini.course.config.weights.participation == 10
    course_toml(mini, "[weights]\nhomework = 65\n")
    with pytest.raises(CourseError, match="weights: they are 110 percent together"):
        _ = mini.course


@pytest.mark.parametrize("url", ["", "https://example.org/dl", "file:///srv/a%20b"])
def test_the_bundles_address_is_one(mini, url):
    course_toml(mini, f'[release]\nbundle_url = "{url}"\n')
    assert mini.course.config.release.bundle_url == url


@pytest.mark.parametrize(
    "url", ["my server", "example.org/dl", "https://a b", "ftp://x"]
)
def test_anything_else_is_no_address(mini, url):
    course_toml(mini, f'[release]\nbundle_url = "{url}"\n')
    with pytest.raises(
        CourseError, match=r"course\.toml: release: bundle_url: '.*' is"
    ):
        _ = mini.course


def test_find_walks_up_to_the_checkout(mini, tmp_path):
    assert Course.find(mini.root / "common/hw1").root == mini.root.resolve()
    with pytest.raises(CourseError, match="not inside a checkout"):
        Course.find(tmp_path)


def test_find_falls_back_to_where_the_package_lies(tmp_path, monkeypatch, real_course):
    monkeypatch.chdir(tmp_path)
    assert Course.find().root == real_course.root


def test_an_unknown_homework_is_an_error(mini):
    with pytest.raises(CourseError, match="no homework 'hw9'; it has hw1, hw2"):
        mini.course.homework("hw9")
