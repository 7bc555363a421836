"""`-k` selects what pytest's own `-k` selects."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from coursekit.course import Course
from coursekit.errors import CourseError
from coursekit.homework import Homework
from grader.select import select_questions
from grader.select.expression import compile_expression
from grader.select.names import Case, find_tests
from hypothesis import given, settings
from hypothesis import strategies as st

REPO = Path(__file__).parents[2]
# Files with everything the static reading understands, one thing a test.
TRICKY = {
    "tests/hwx/test_shapes.py": b"""
import pytest
import helpers
from helpers import PAIRS as TWO
pytestmark = [pytest.mark.filterwarnings("ignore")]
SHAPES = [(1, 2), (3, 4)]
DEVICES = [pytest.param(1, id="cpu"), pytest.param(2, id="cuda")]
def helper(): pass
@pytest.mark.parametrize("a, b", [*helpers.PAIRS, (7, 8)])
def test_from_a_helper(a, b): pass
@pytest.mark.parametrize("a, b", TWO)
def test_from_another(a, b): pass
def test_plain(): pass
async def test_async(): pass
def testing_no_underscore(): pass
@pytest.mark.parametrize("shape", SHAPES, ids=["small", "Large"])
def test_ids(shape): pass
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("n, axis", [(1, None), (2, -1)])
def test_matmul(n, axis, device): pass
@pytest.mark.parametrize("rate", [0.5, 1e-5, True, "word"])
def test_values(rate): pass
@pytest.mark.parametrize("shape", SHAPES)
def test_tuples(shape): pass
@pytest.mark.skipif(False, reason="")
@pytest.mark.parametrize("dtype", [int, float])
def test_types(dtype): pass
class TestGroup:
    @pytest.mark.usefixtures("capsys")
    def test_inside(self): pass
    class TestDeep:
        def test_deeper(self): pass
class TestMade:
    def __init__(self): pass
    def test_never_collected(self): pass
class Helper:
    def test_not_a_test(self): pass
def test_twice(): pass
def test_twice(): pass
""",
    "tests/hwx/other_test.py": b"def test_in_other(): pass\n",
    "tests/hwx/helpers.py": b"PAIRS = [(1, 2), (3, 4)]\ndef test_not_here(): pass\n",
    "tests/hwx/conftest.py": b"import sys; sys.path.insert(0, __file__ + '/..')\n",
    "tests/test_top.py": b"def test_of_the_top(): pass\n",
}
# Prints for every collected test its function, and the names that `-k` looks into, as
# pytest itself gathers them.
PLUGIN = """
import json, sys
from _pytest.mark import KeywordMatcher
def pytest_collection_modifyitems(items):
    found = [
        (i.path.name, i.function.__name__,
         sorted({n.lower() for n in KeywordMatcher.from_item(i)._names}))
        for i in items
    ]
    print("\\nNAMES " + json.dumps(found))
"""


def pytest_names(folder: Path, where: Path) -> list[tuple[str, str, frozenset[str]]]:
    """Return what pytest collects: file, function, names."""
    (where / "names_plugin.py").write_text(PLUGIN)
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-s"]
    command += ["-p", "names_plugin", "-p", "no:cacheprovider", "tests"]
    env = {"PYTHONPATH": str(where), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": ""}
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    line = next(
        (each for each in done.stdout.splitlines() if each.startswith("NAMES ")), None
    )
    assert line, done.stdout + done.stderr
    found = json.loads(line.removeprefix("NAMES "))
    return [(file, function, frozenset(names)) for file, function, names in found]


def write(files: dict[str, bytes], folder: Path) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def hw0_files() -> dict[str, bytes]:
    source = Course.find(REPO).source("hw0")
    paths = list((source / "tests").rglob("*.py"))
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}
    support = REPO / "common" / "testing"
    for path in support.glob("*.py"):
        files[f"tests/support/{path.name}"] = path.read_bytes()
    return files


@pytest.fixture(scope="module", params=["tricky", "hw0"])
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Case], list[tuple[str, str, frozenset[str]]]]:
    files = TRICKY if request.param == "tricky" else hw0_files()
    folder = write(files, tmp_path_factory.mktemp("homework"))
    if request.param == "hw0":
        (folder / "src").mkdir()
        for path in (Course.find(REPO).source("hw0") / "src").glob("*.py"):
            (folder / "src" / path.name).write_bytes(path.read_bytes())
    return find_tests(files), pytest_names(folder, tmp_path_factory.mktemp("plugin"))


def test_names_are_those_that_pytest_gathers(
    both: tuple[list[Case], list[tuple[str, str, frozenset[str]]]],
) -> None:
    ours, theirs = both
    assert theirs
    mine = {(each.path.rpartition("/")[2], each.function, each.names) for each in ours}
    assert mine == set(theirs)


# Names in play, parts of them, and some that are nowhere.
WORDS = """
    add nn_epoch softmax loss epoch_cpp cpp test_ SIMPLE_ml.py hw0 tests parametrize
    cpu cuda [small 1-None Large Test deeper filterwarnings of nothing None True
    ind andy nota 0.5 1e-05 shape0 - . : + orr / \\ [
"""
SPACES = st.sampled_from(["", " ", "  ", "\t"])
EXPRESSIONS = st.recursive(
    st.sampled_from(WORDS.split()),
    lambda inner: st.one_of(
        st.builds("not {}".format, inner),
        st.builds("({}{}{})".format, SPACES, inner, SPACES),
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or  {}".format, inner, inner),
    ),
    max_leaves=8,
)


class Inside:
    """What pytest asks of names: is this word part of one of them?"""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def __call__(self, word: str, /, **_: object) -> bool:
        return any(word.lower() in name for name in self.names)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(text=EXPRESSIONS)
def test_expressions_select_what_they_select_for_pytest(
    both: tuple[list[Case], list[tuple[str, str, frozenset[str]]]], text: str
) -> None:
    from _pytest.mark.expression import Expression

    ours, theirs = both
    selects, pytests = compile_expression(text), Expression.compile(text)
    mine = {each.function for each in ours if selects(each.names)}
    assert mine == {
        function for _, function, names in theirs if pytests.evaluate(Inside(names))
    }


@settings(deadline=None, derandomize=True, max_examples=500)
@given(
    text=st.one_of(
        st.text(alphabet="ab ()not=,'\"[]@é\n", max_size=15).filter(str.strip),
        st.lists(
            st.sampled_from(["and", "or", "not", "(", ")", "a", "b"]), min_size=1
        ).map(" ".join),
    )
)
def test_malformed_where_and_only_where_pytest_says_so(text: str) -> None:
    from _pytest.mark.expression import Expression

    try:
        Expression.compile(text).evaluate(lambda part: part == "a")
        accepted = True
    except SyntaxError:
        accepted = False
    except TypeError:  # `a(b=1)`: grammar that only -m gives a meaning
        accepted = False
    if not accepted:
        with pytest.raises(CourseError, match="cannot be read at column"):
            compile_expression(text)
    else:
        compile_expression(text)


@pytest.mark.parametrize(
    "name",
    ["add and", "(add", "add)", "not", "add @ b", "a b", "()", "or", "add or and b"],
)
def test_malformed_expression_points_at_the_place(name: str) -> None:
    with pytest.raises(CourseError) as caught:
        compile_expression(name)
    first, shown, pointer, *_ = str(caught.value).splitlines()
    column = int(first.split("column ")[1].split(":")[0])
    assert shown == "  " + name
    assert pointer.index("^") - 2 == column - 1 <= len(name)


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    with pytest.raises(CourseError, match="too deeply"):
        compile_expression("(" * 100_000)


@pytest.fixture(scope="module")
def hw0() -> Homework:
    return Course.find(REPO).homework("hw0")


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("add", ["add"]),
        ("parse_mnist", ["parse_mnist"]),
        ("softmax_loss", ["softmax_loss"]),
        ("softmax_regression_epoch and not cpp", ["softmax_regression_epoch"]),
        ("nn_epoch", ["nn_epoch"]),
        ("softmax_regression_epoch_cpp", ["softmax_regression_epoch_cpp"]),
        ("ADD or Nn_Epoch", ["add", "nn_epoch"]),
        ("test_simple_ml", None),
        ("hw0", None),
        ("  ", None),
        (None, None),
    ],
)
def test_the_expressions_of_the_handout(
    hw0: Homework, expression: str | None, names: list[str] | None
) -> None:
    wanted = [
        question.id
        for question in hw0.questions
        if names is None or question.name in names
    ]
    assert select_questions(hw0, hw0_files(), expression) == wanted


ON_DEVICES = b"""
import pytest
DEVICES = [pytest.param(1, id="cpu"), pytest.param(2, id="cuda")]

@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_compact(device, order): ...

def test_add(): ...
"""


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("compact", ["add", "scale"]),
        ("compact and cpu", ["add"]),
        ("compact and cuda", ["scale"]),
        ("CUDA", ["scale"]),
        ("not cuda", ["add"]),
        ("test_add", ["add"]),
    ],
)
def test_parameters_tell_questions_apart(
    hw0: Homework, expression: str, names: list[str]
) -> None:
    first, second = hw0.questions[:2]
    changed = hw0.model_copy(
        update={
            "questions": [
                first.model_copy(
                    update={"id": "hw0.add", "tests": ["test_compact", "test_add"]}
                ),
                second.model_copy(
                    update={"id": "hw0.scale", "tests": ["test_compact"], "on": "cuda"}
                ),
            ]
        }
    )
    files = {"tests/hw0/test_devices.py": ON_DEVICES}
    wanted = [f"hw0.{name}" for name in names]
    assert select_questions(changed, files, expression) == wanted


def test_nothing_selected_lists_what_there_is(hw0: Homework) -> None:
    with pytest.raises(CourseError, match="selects no test of hw0") as caught:
        select_questions(hw0, hw0_files(), "convolution")
    for question in hw0.questions:
        assert question.id in str(caught.value)
        assert all(test in str(caught.value) for test in question.tests)


def test_every_public_test_belongs_to_a_question(hw0: Homework) -> None:
    owned = [test for question in hw0.questions for test in question.tests]
    found = {case.function for case in find_tests(hw0_files())}
    assert found == set(owned)
