"""Entries of a catalogue: planted where they say, or refused with file and line."""

from __future__ import annotations

import pytest
from bug_course import bug_course, write_catalogue
from coursekit.errors import CourseError
from grader.proof.bugs.catalogue import read_catalogue
from grader.proof.bugs.plant import EntryError, Garden
from mini_course import write

MINUS = """
[[bug]]
name = "minus"
misconception = "A sum is a difference."
find = "x + y"
replace = "x - y"
"""


def garden(course):
    return Garden(course, course.homework("hw0"))


def entries(course):
    return read_catalogue(course, course.homework("hw0"))


def planted(course, name="minus"):
    """Return the file small.py with a bug in it."""
    (entry,) = (each for each in entries(course) if each.name == name)
    return garden(course).plant(entry)["src/small.py"].decode()


def refusal(course):
    """Return why the first entry that cannot be planted is refused."""
    with pytest.raises(EntryError) as caught:
        for entry in entries(course):
            garden(course).plant(entry)
    return str(caught.value)


def test_a_bug_stands_in_the_solved_folder_and_nowhere_else(tmp_path):
    course = bug_course(tmp_path, MINUS)
    text = planted(course)
    reference = garden(course).reference["src/small.py"].decode()
    assert text == reference.replace("return x + y\n", "return x - y\n")
    assert "x + y + y" in text  # the second question's solution is not ours


def test_a_helper_of_the_solution_can_be_edited_by_each_question_it_serves(tmp_path):
    course = bug_course(tmp_path, MINUS)
    write(
        tmp_path / "common/hw0/src/small.py",
        """
        ### SOLUTION ONLY hw0.add, hw0.add_twice
        def plus(x, y):
            return x + y


        ### END SOLUTION ONLY
        def add(x, y):
            ### BEGIN YOUR SOLUTION hw0.add
            return plus(x, y)
            ### END YOUR SOLUTION


        def add_twice(x, y):
            ### BEGIN YOUR SOLUTION hw0.add_twice
            return plus(x, plus(y, y))
            ### END YOUR SOLUTION
        """,
    )
    write_catalogue(tmp_path, "add_twice", MINUS.replace("minus", "second-minus"))
    assert "return x - y" in planted(course)
    assert "return x - y" in planted(course, "second-minus")


def test_a_solution_that_is_held_for_its_stage_can_be_edited(tmp_path):
    whole_lines = MINUS.replace("x + y", r"    return x + y\n").replace(
        "x - y", r"    return x - y\n"
    )
    course = bug_course(tmp_path, whole_lines)
    path = tmp_path / "common/hw0/src/small.py"
    held = """
    ### STAGE hw0..hw0
    #| ### BEGIN YOUR SOLUTION hw0.add
    #| return x + y
    #| ### END YOUR SOLUTION
    ### END STAGE
    ### STAGE hw1+
    ### BEGIN YOUR SOLUTION hw0.add
    return y + x
    ### END YOUR SOLUTION
    ### END STAGE
"""
    plain = """
    ### BEGIN YOUR SOLUTION hw0.add
    return x + y
    ### END YOUR SOLUTION
"""
    text = path.read_text()
    assert text.count(plain) == 1
    path.write_text(text.replace(plain, held))
    found = planted(course)
    assert "return x - y\n" in found
    assert "return x + y\n" not in found and "return y + x" not in found


def test_several_edits_and_several_lines(tmp_path):
    bug = """
[[bug]]
name = "minus"
misconception = "A sum is a difference."
find = '''
    return x + y
'''
replace = '''
    total = x
    return total + y
'''
[[bug.edit]]
find = "total + y"
replace = "total"
"""
    assert "    total = x\n    return total\n" in planted(bug_course(tmp_path, bug))


EMPTY = """
[[variant]]
name = "empty"
about = "Says nothing."
"""
VARIANT = """
[[variant]]
name = "with-sum"
about = "With the function sum."
body = "    return sum([x, y])"

[[bug]]
name = "minus"
misconception = "A list of one is enough."
variant = "with-sum"
find = "[x, y]"
replace = "[x]"
"""


def test_a_bug_may_stand_in_another_right_solution(tmp_path):
    course = bug_course(tmp_path, VARIANT)
    assert "return sum([x, y])" in planted(course, "with-sum")
    assert "return sum([x])" in planted(course)


def test_in_a_variant_nothing_of_the_reference_is_found(tmp_path):
    bug = VARIANT.replace('find = "[x, y]"', 'find = "x + y"')
    told = refusal(bug_course(tmp_path, bug))
    assert told.startswith("grader/bugs/hw0/add.toml:8: minus: 'x + y' is not in")


HELPERS = """
[[variant]]
name = "by-hand"
about = "With a function of its own."
helpers = "def by_hand(x, y):\\n    return x + y\\n"
body = "    return by_hand(x, y)"

[[bug]]
name = "minus"
misconception = "A sum is a difference."
variant = "by-hand"
find = "return x + y"
replace = "return x - y"
"""


def with_helpers(tmp_path, owners="hw0.add"):
    course = bug_course(tmp_path, HELPERS)
    source = tmp_path / "common/hw0/src/small.py"
    one, other = (
        f"### SOLUTION ONLY {owners}\ndef {name}(x, y):\n    return x * y\n\n\n"
        "### END SOLUTION ONLY\n"
        for name in ("one", "other")
    )
    source.write_text(one + other + source.read_text())
    return course


def test_a_variant_may_have_helpers_in_place_of_the_references(tmp_path):
    course = with_helpers(tmp_path)
    text = planted(course, "by-hand")
    assert "def by_hand" in text and "return by_hand(x, y)" in text
    assert "def one" not in text and "def other" not in text
    assert "return x - y" in planted(course)


@pytest.mark.parametrize("owners", ["hw0.add, hw0.add_twice", None])
def test_helpers_without_a_place_are_refused(tmp_path, owners):
    course = with_helpers(tmp_path, owners) if owners else bug_course(tmp_path, HELPERS)
    assert "by-hand: its helpers have no place" in refusal(course)


PARTS = """
[[variant]]
name = "in-steps"
about = "With names for what comes in between."
[[variant.part]]
region = "add"
body = "    total = x + y\\n    return total"
[[variant.part]]
region = "src/small.py::subtract"
body = "    rest = x - y\\n    return rest"

[[bug]]
name = "minus"
misconception = "A difference is a sum."
variant = "in-steps"
find = "rest = x - y"
replace = "rest = x + y"
"""


def two_regions(tmp_path, entries=PARTS):
    course = bug_course(tmp_path, entries)
    with (tmp_path / "common/hw0/src/small.py").open("a") as source:
        source.write(
            "\n\ndef subtract(x, y):\n    ### BEGIN YOUR SOLUTION hw0.add\n"
            "    return x - y\n    ### END YOUR SOLUTION\n"
        )
    return course


def test_a_variant_may_fill_several_regions(tmp_path):
    course = two_regions(tmp_path)
    text = planted(course, "in-steps")
    assert "    total = x + y\n    return total\n" in text
    assert "    rest = x - y\n    return rest\n" in text
    assert planted(course) == text.replace("rest = x - y", "rest = x + y")


@pytest.mark.parametrize(
    "old, new, message",
    [
        ('"src/small.py::subtract"', '"add"', "two parts are written for add"),
        ('region = "add"\n', "", "say with region= which one it is written for: "),
        ('"add"', '"multiply"', "which one it is written for: src/small.py::add, "),
    ],
)
def test_a_part_without_a_region_of_its_own_is_an_error(tmp_path, old, new, message):
    told = refusal(two_regions(tmp_path, PARTS.replace(old, new)))
    assert told.startswith("grader/bugs/hw0/add.toml:3: in-steps: ")
    assert message in told


def test_a_stale_entry_is_an_error_with_its_line(tmp_path):
    course = bug_course(tmp_path, MINUS)
    source = tmp_path / "common/hw0/src/small.py"
    source.write_text(source.read_text().replace("return x + y\n", "return y + x\n"))
    told = refusal(course)
    assert told.startswith("grader/bugs/hw0/add.toml:3: minus: 'x + y' is not in the")
    assert "bring the entry up to date" in told


def test_an_ambiguous_entry_is_an_error_that_names_the_places(tmp_path):
    told = refusal(bug_course(tmp_path, MINUS.replace('"x + y"', '"r"')))
    assert "'r' is there 2 times (common/hw0/src/small.py:3, common/" in told
    assert "find more of it" in told


@pytest.mark.parametrize("same", ["x + y", "x  +  y", "(x + y)  # the sum"])
def test_a_bug_that_changes_nothing_is_an_error(tmp_path, same):
    told = refusal(bug_course(tmp_path, MINUS.replace('"x - y"', f'"{same}"')))
    assert "minus: this changes nothing" in told


def test_a_variant_that_is_the_reference_is_an_error(tmp_path):
    variant = VARIANT.replace("sum([x, y])", "x + y").partition("[[bug]]")[0]
    assert "with-sum: this changes nothing" in refusal(bug_course(tmp_path, variant))


def test_python_that_does_not_compile_is_an_error(tmp_path):
    told = refusal(bug_course(tmp_path, MINUS.replace('"x - y"', '"x -"')))
    assert "with this planted, common/hw0/src/small.py:" in told
    assert "not valid Python" in told


def test_a_file_without_a_solution_of_the_question_is_an_error(tmp_path):
    bug = MINUS.replace("find =", 'file = "src/other.py"\nfind =')
    told = refusal(bug_course(tmp_path, bug))
    assert "src/other.py holds no solution of the question" in told


@pytest.mark.parametrize(
    "old, new, message",
    [
        (
            "A sum is a difference.",
            "Wrong.",
            "bug 1, misconception: must be a sentence",
        ),
        ('"minus"', '"Minus_1"', "bug 1, name: String should match"),
        ('replace = "x - y"', "", "find and replace belong together"),
        ('find = "x + y"\nreplace = "x - y"', "", "nothing is planted"),
        ("find =", "fnid =", "bug 1, fnid: there is no such key"),
        ("find =", 'variant = "with-sums"\nfind =', "no variant is called with-sums"),
        ("[[bug]]", f"{EMPTY}[[bug]]", "nothing is written: give body"),
        ("[[bug]]", f'{EMPTY}region = "add"\n[[bug]]', "region belongs to body"),
        ("[[bug]]", '[[ "bug" ]]', "write each bug as a table of its own"),
    ],
)
def test_a_catalogue_that_cannot_be_read_says_why(tmp_path, old, new, message):
    course = bug_course(tmp_path, MINUS.replace(old, new))
    with pytest.raises(CourseError, match=message) as caught:
        entries(course)
    assert "add.toml: " in str(caught.value)


def test_two_reasons_to_survive_are_one_too_many(tmp_path):
    reasons = 'equivalent = "It is the same."\nsurvives_public = "It is too rare."\n'
    with pytest.raises(CourseError, match="give one reason"):
        entries(bug_course(tmp_path, MINUS + reasons))


def test_two_entries_of_one_name_are_an_error(tmp_path):
    course = bug_course(tmp_path, MINUS)
    write_catalogue(tmp_path, "add_twice", MINUS)
    with pytest.raises(CourseError) as caught:
        entries(course)
    assert str(caught.value) == (
        "grader/bugs/hw0/add_twice.toml:3: minus is also the name of "
        "grader/bugs/hw0/add.toml:3: give each its own"
    )


def test_a_homework_without_a_catalogue_says_what_to_write(tmp_path):
    course = bug_course(tmp_path, MINUS)
    (tmp_path / "grader/bugs/hw0/add.toml").unlink()
    with pytest.raises(CourseError, match="no catalogue of planted bugs"):
        entries(course)


def test_an_unknown_question_is_an_error(tmp_path):
    course = bug_course(tmp_path, MINUS)
    write_catalogue(tmp_path, "multiply", MINUS)
    with pytest.raises(CourseError, match=r"multiply\.toml: hw0 has no question"):
        entries(course)
