"""A course of two homeworks whose parts call each other, for tests of grafting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from coursekit.course import Course
from grader.material import Material
from grader.submission import Submission
from mini_course import write

HW1 = """
    name = "hw1"
    title = "Two parts that build on others"

    [[question]]
    id = "hw1.double"
    title = "Doubling, by scaling"
    points = 4
    section = "Question 1"
    tests = ["test_double"]

    [[question]]
    id = "hw1.quadruple"
    title = "Doubling twice"
    points = 6
    section = "Question 2"
    tests = ["test_quadruple"]
    needs = ["hw1.double"]

    [[question]]
    id = "hw1.kernel"
    title = "A kernel"
    points = 2
    section = "Question 3"
    tests = ["test_kernel"]
    built = true

    [[question]]
    id = "hw1.kernels"
    title = "Two kernels"
    points = 3
    section = "Question 4"
    tests = ["test_kernels"]
    needs = ["hw1.kernel"]
    built = true

    [carried]
    library = ["src/*"]

    [submission]
    files = ["src/*.py", "src/*.cpp"]

    [build]
    command = ["make"]
    inputs = ["src/*.cpp"]
    outputs = ["src/fast.so"]
    seconds = 60

    [grading]
    packages = ["numpy"]
    seconds = 5
    """
FILES = {
    "course.toml": """
        [course]
        name = "A course for tests"
        version = "1.0"
        homeworks = ["hw0", "hw1"]
        """,
    "common/hw0/homework.toml": """
        name = "hw0"
        title = "The first part"

        [[question]]
        id = "hw0.scale"
        title = "Scaling"
        points = 5
        section = "Question 1"
        tests = ["test_scale"]

        [carried]
        library = ["src/parts.py"]

        [submission]
        files = ["src/*.py"]
        """,
    "common/hw1/homework.toml": HW1,
    "common/hw1/Makefile": """
        all:
        \t$(CXX) -Wall -O1 -shared -fPIC src/fast.cpp -o src/fast.so
        """,
    "common/needle/src/parts.py": '''
        """Parts that call each other."""

        import ctypes
        from pathlib import Path

        import numpy as np

        ### SOLUTION ONLY hw0.scale
        def _product(x, y):
            return np.multiply(x, y)


        ### END SOLUTION ONLY
        def scale(x, factor):
            """Return x times factor."""
            ### BEGIN YOUR SOLUTION hw0.scale
            return _product(x, factor)
            ### END YOUR SOLUTION


        ### STAGE hw1+
        def double(x):
            """Return x twice."""
            ### BEGIN YOUR SOLUTION hw1.double
            return scale(x, 2)
            ### END YOUR SOLUTION


        def quadruple(x):
            """Return x four times."""
            ### BEGIN YOUR SOLUTION hw1.quadruple
            return double(double(x))
            ### END YOUR SOLUTION


        def call(name, n):
            """Call a function of the library."""
            library = ctypes.CDLL(str(Path(__file__).parent / "fast.so"))
            return getattr(library, name)(n)
        ### END STAGE
        ''',
    "common/needle/src/fast.cpp": """
        #include <stdexcept>

        struct NotImplementedError : std::logic_error {
          using std::logic_error::logic_error;
        };

        /// STAGE hw1+
        extern "C" int kernel(int n) {
          /// BEGIN YOUR SOLUTION hw1.kernel
          return 3 * n;
          /// END YOUR SOLUTION
        }

        extern "C" int kernels(int n) {
          /// BEGIN YOUR SOLUTION hw1.kernels
          return kernel(n) + kernel(n + 1);
          /// END YOUR SOLUTION
        }
        /// END STAGE
        """,
    "grader/suites/hw1/suite.py": """
        from gradebox import case, close, exact, student

        parts = student("parts")


        @case("hw1.double", points=4)
        def doubles(t):
            '''An array, doubled.'''
            x = t.input(t.rng.standard_normal(4))
            t.answer("double", parts.double(x), check=close())


        @case("hw1.quadruple", points=5)
        def quadruples(t):
            '''An array, four times.'''
            x = t.input(t.rng.standard_normal(4))
            t.answer("quadruple", parts.quadruple(x), check=close())


        @case("hw1.quadruple", points=1)
        def quadruples_nothing(t):
            '''Zero, four times.'''
            t.answer("quadruple", parts.quadruple(np.zeros(3)), check=close())


        @case("hw1.kernel", points=2)
        def runs_kernel(t):
            '''The kernel, once.'''
            n = t.input(int(t.rng.randint(1, 1000)))
            t.answer("n", parts.call("kernel", n), check=exact())


        @case("hw1.kernels", points=3)
        def runs_kernels(t):
            '''The kernel, twice.'''
            n = t.input(int(t.rng.randint(1, 1000)))
            t.answer("n", parts.call("kernels", n), check=exact())
        """.replace("from gradebox", "import numpy as np\n        from gradebox"),
}
RIGHT = {
    "scale": "return x * factor",
    "double": "return scale(x, 2)",
    "quadruple": "return double(double(x))",
    "kernel": "return 3 * n;",
    "kernels": "return kernel(n) + kernel(n + 1);",
}
PARTS, FAST = "src/parts.py", "src/fast.cpp"
_STUB = re.compile(r'(?:raise|throw) NotImplementedError\("hw\d\.(\w+): [^"]*"\);?')


def graft_material(root: Path) -> Material:
    """Write the course; return what its second homework is graded with."""
    for path, text in FILES.items():
        write(root / path, text)
    return Material.from_course(Course(root), "hw1")


def written(material: Material, **bodies: str | None) -> dict[str, str]:
    """Return a student's files: right bodies but for these; None leaves the stub."""
    bodies = {**RIGHT, **bodies}
    return {
        path: _STUB.sub(
            lambda stub: bodies[stub[1]] or stub[0], material.pristine[path].decode()
        )
        for path in (PARTS, FAST)
    }


def handed_in(files: Mapping[str, str]) -> Submission:
    """Return the files as a submission."""
    return Submission.from_files({path: text.encode() for path, text in files.items()})
