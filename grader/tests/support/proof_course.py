"""A course of two small homeworks whose closure holds, and ways to break it.

The second homework carries a function of the first, as hw1 carries ``parse_mnist``.
"""

from __future__ import annotations

from pathlib import Path

from coursekit.course import Course
from mini_course import write

FILES = {
    "course.toml": """
        [course]
        name = "A course for tests"
        version = "1.0"
        homeworks = ["hw0", "hw1"]
        """,
    "common/hw0/homework.toml": """
        name = "hw0"
        title = "Small functions"

        [[question]]
        id = "hw0.add"
        title = "Adding"
        points = 2
        section = "Question 1"
        tests = ["test_add"]

        [[question]]
        id = "hw0.area"
        title = "An area"
        points = 3
        section = "Question 2"
        tests = ["test_area", "test_label_is_given"]
        needs = ["hw0.add"]
        given = ["test_label_is_given", "label_is_given"]

        [submission]
        files = ["src/*.py"]
        """,
    "common/hw0/handout.md": """
        # Small functions

        ## Question 1

        Add the two.

        ## Question 2

        The area of a frame.
        """,
    "common/hw0/src/small.py": """
        def label():
            return "small"


        ### SOLUTION ONLY hw0.area
        def _inner(width, height, border):
            return (width - 2 * border) * (height - 2 * border)


        ### END SOLUTION ONLY


        def add(x, y):
            ### BEGIN YOUR SOLUTION hw0.add id=add
            return x + y
            ### END YOUR SOLUTION


        def area(width, height, border):
            ### BEGIN YOUR SOLUTION hw0.area
            outer = width * height
            return add(outer, -_inner(width, height, border))
            ### END YOUR SOLUTION
        """,
    "common/hw0/tests/hw0/conftest.py": """
        import sys
        from pathlib import Path

        sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
        """,
    "common/hw0/tests/hw0/test_small.py": """
        import pytest
        import small


        @pytest.mark.parametrize("x, y", [(1, 2), (3, -3)])
        def test_add(x, y):
            assert small.add(x, y) == sum([x, y])


        def test_area():
            assert small.area(4, 5, 1) == 14


        def test_label_is_given():
            assert small.label() == "small"
        """,
    "grader/suites/hw0/suite.py": """
        from gradebox import case, exact, student

        small = student("small")


        @case("hw0.add", points=2)
        def add_numbers(t):
            '''Two numbers.'''
            x, y = t.input(int(t.rng.randint(100))), t.input(int(t.rng.randint(100)))
            t.answer("sum", small.add(x, y), check=exact())


        @case("hw0.area", points=2)
        def area_of_frames(t):
            '''A frame.'''
            width = t.input(int(t.rng.randint(5, 9)))
            t.answer("area", small.area(width, 7, 2), check=exact())


        @case("hw0.area", points=1)
        def label_is_given(t):
            '''The label.'''
            t.answer("label", small.label(), check=exact())
        """,
    "common/needle/python/tiny.py": """
        def add(x, y):
            ### BEGIN YOUR SOLUTION hw0.add id=add
            return x + y
            ### END YOUR SOLUTION


        def thrice(x):
            ### BEGIN YOUR SOLUTION hw1.thrice
            return add(add(x, x), x)
            ### END YOUR SOLUTION


        def scale(x, factor):
            ### BEGIN YOUR SOLUTION hw1.scale
            return [factor * value for value in x]
            ### END YOUR SOLUTION


        def negate(x):
            ### BEGIN YOUR SOLUTION hw1.negate
            return scale(x, -1)
            ### END YOUR SOLUTION
        """,
    "common/hw1/homework.toml": """
        name = "hw1"
        title = "Smaller functions"

        [[question]]
        id = "hw1.thrice"
        title = "Three times"
        points = 1
        section = "Question 1"
        tests = ["test_thrice"]
        needs = ["hw0.add"]

        [[question]]
        id = "hw1.scale"
        title = "Scaling"
        points = 2
        section = "Question 2"
        tests = ["test_scale"]
        needs = ["hw0.add"]

        [[question]]
        id = "hw1.negate"
        title = "Negation"
        points = 1
        section = "Question 3"
        tests = ["test_negate"]
        needs = ["hw1.scale"]

        [carried]
        library = ["python/*.py"]

        [submission]
        files = ["python/*.py"]
        """,
    "common/hw1/tests/hw1/test_tiny.py": """
        import sys

        sys.path.insert(0, "python")
        import tiny


        def test_thrice():
            assert tiny.thrice(5) == 15


        def test_scale():
            # an earlier homework's work, which an untouched folder does not have
            assert tiny.scale([tiny.add(0, 1), 2], 3) == [3, 6]


        def test_negate():
            assert tiny.negate([4]) == [-4]
        """,
    "grader/suites/hw1/suite.py": """
        from gradebox import case, exact, student

        tiny = student("tiny")


        @case("hw1.thrice", points=1)
        def thrice_a_number(t):
            '''A number.'''
            x = t.input(int(t.rng.randint(9)))
            t.answer("thrice", tiny.thrice(x), check=exact())


        @case("hw1.scale", points=1)
        def scale_a_list(t):
            '''A list.'''
            t.answer("scaled", tiny.scale([1, 2], t.input(3)), check=exact())


        @case("hw1.scale", points=1, needs=["hw0.add"])
        def scale_a_sum(t):
            '''A list with a sum in it.'''
            t.answer("scaled", tiny.scale([tiny.add(1, 2)], t.input(3)), check=exact())


        @case("hw1.negate", points=1)
        def negate_a_list(t):
            '''A list.'''
            t.answer("negated", tiny.negate([t.input(3)]), check=exact())
        """,
}


def write_proof_course(root: Path) -> Course:
    """Write the sound course; return it."""
    for path, text in FILES.items():
        write(root / path, text)
    return Course(root)


def change(root: Path, path: str, old: str, new: str) -> None:
    """Replace a piece of a file that occurs in it once."""
    text = (root / path).read_text()
    assert text.count(old) == 1, f"{path}: {old!r} occurs {text.count(old)} times"
    (root / path).write_text(text.replace(old, new))


def line_of(root: Path, path: str, piece: str) -> str:
    """Return ``path:line`` of the first line that holds the piece."""
    lines = (root / path).read_text().splitlines()
    return f"{path}:{next(n for n, line in enumerate(lines, 1) if piece in line)}"
