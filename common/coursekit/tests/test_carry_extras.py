"""Tests of what a carry does with code outside the regions, and with new files."""

from __future__ import annotations

import re

import pytest
from carry_kit import PARSE_1, Student, make_chain
from coursekit.carry.helpers import Helper
from coursekit.carry.place import put
from coursekit.carry.run import carry_into

OPS, PARSE, CC = "python/lib/ops.py", "src/simple.py", "src/kernel.cc"
TARGET = "apps/simple.py"


@pytest.fixture
def both(mini, tmp_path):
    """Return hw1, in which `parse` calls helpers, and an untouched hw2."""
    chain = make_chain(type(mini), tmp_path / "chain")
    hw1, hw2 = (
        Student.start(chain.course, name, tmp_path / "work" / name)
        for name in ("hw1", "hw2")
    )
    hw1.write(PARSE, "parse", "return _numbers(name)")
    hw1.put(
        PARSE,
        "import math\nfrom pathlib import Path\n\nLIMIT = 3\n\n\n"
        "# Numbers, one a line.\ndef _numbers(name):\n"
        "    return [_one(x) for x in Path(name).read_text().split()][:LIMIT]\n\n\n"
        "def _one(x):\n    return float(x)\n\n\n" + hw1.text(PARSE),
    )
    return hw1, hw2


def carry(source: Student, target: Student, **more):
    done = carry_into([source.folder], target.folder, **more)
    return {each.title: each.what for each in done.plan.extras}, done


def test_helpers_are_named_and_offered(both):
    hw1, hw2 = both
    fates, done = carry(hw1, hw2)
    assert fates == {
        "def _numbers(name)": "offered",
        "from pathlib import Path": "offered",
        "LIMIT = 3": "offered",
        "def _one(x)": "offered",
        "import math": "unused",
    }
    (extra,) = (each for each in done.plan.extras if "_numbers" in each.title)
    assert extra.used_by == ("parse",)
    assert (extra.source, extra.line) == (done.sources[0].shown(PARSE), 7)
    assert "_numbers(name):" not in hw2.text(TARGET)


def test_helpers_come_to_where_they_are_used(both):
    hw1, hw2 = both
    fates, _ = carry(hw1, hw2, helpers=True)
    assert fates.pop("import math") == "unused"
    assert set(fates.values()) == {"carried"}
    text = hw2.text(TARGET)
    assert text.startswith('"""The application."""\nfrom pathlib import Path\n')
    places = [
        text.index(each) for each in ("LIMIT = 3", "def _numbers", "class Reader")
    ]
    assert places == sorted(places)
    assert "# Numbers, one a line.\ndef _numbers" in text
    namespace: dict = {}
    exec(compile(text, TARGET, "exec"), namespace)
    (hw2.path / "n.txt").write_text("1\n2\n3\n4\n")
    assert namespace["Reader"]().parse(hw2.path / "n.txt") == [1.0, 2.0, 3.0]


def test_helpers_come_once_and_follow_their_fixes(both):
    hw1, hw2 = both
    carry(hw1, hw2, helpers=True)
    before = hw2.files()
    fates, _ = carry(hw1, hw2, helpers=True)
    assert fates.pop("import math") == "unused"
    assert set(fates.values()) == {"same"}
    assert hw2.files() == before
    hw1.edit(PARSE, "return float(x)", "return float(x) + 0")
    assert carry(hw1, hw2, helpers=True)[0]["def _one(x)"] == "updated"
    assert hw2.text(TARGET).count("def _one(x)") == 1
    assert "float(x) + 0" in hw2.text(TARGET)


def test_a_helper_edited_on_both_sides_is_left_to_the_student(both):
    hw1, hw2 = both
    carry(hw1, hw2, helpers=True)
    hw1.edit(PARSE, "return float(x)", "return float(x) + 0")
    hw2.edit(TARGET, "return float(x)", "return 1.0 * float(x)")
    before = hw2.text(TARGET)
    assert carry(hw1, hw2, helpers=True)[0]["def _one(x)"] == "clash"
    assert hw2.text(TARGET) == before


def test_a_name_that_means_something_else_at_the_target_is_left(both):
    hw1, hw2 = both
    hw2.put(TARGET, hw2.text(TARGET).replace("class R", "LIMIT = 9\n\n\nclass R"))
    assert carry(hw1, hw2, helpers=True)[0]["LIMIT = 3"] == "clash"
    assert hw2.text(TARGET).count("LIMIT = ") == 1


def test_an_import_that_is_there_already_is_not_repeated(both):
    hw1, hw2 = both
    head = "from pathlib import Path, PurePath\n"
    hw2.put(TARGET, hw2.text(TARGET).replace("\n\n\nclass", f"\n{head}\n\nclass"))
    assert carry(hw1, hw2, helpers=True)[0]["from pathlib import Path"] == "same"
    assert hw2.text(TARGET).count("import") == 1


@pytest.mark.parametrize(
    ("helper", "head", "expected"),
    [
        ("from math import tau", "# A\n", "# A\nfrom math import tau\n"),
        ("from math import tau", "", "from math import tau\n"),
        (
            "from __future__ import annotations",
            '"""A."""\nimport os\n',
            '"""A."""\nfrom __future__ import annotations\nimport os\n',
        ),
    ],
)
def test_an_import_comes_where_it_may_stand(helper, head, expected):
    name = frozenset([helper.split()[-1]])
    rest = f"\n\ndef f():\n    return {helper.split()[-1]}\n"
    taken = Helper(1, (helper,), name, is_import=True)
    done = put("a.py", head + rest, head + rest, taken, ())
    assert done.text == expected + rest


def test_helpers_wait_until_conflicts_are_decided(both):
    hw1, hw2 = both
    hw2.write(TARGET, "Reader.parse", "return 'mine'")
    fates, done = carry(hw1, hw2, helpers=True)
    assert done.plan.conflicts == 1
    assert fates["def _numbers(name)"] == "later"


def test_a_method_comes_into_the_same_class(both):
    hw1, hw2 = both
    hw1.write(OPS, "Add.compute", "return self._sum(a, b)")
    hw1.edit(
        OPS,
        "    def gradient",
        "    def _sum(self, a, b):\n        return a + b\n\n    def gradient",
    )
    assert carry(hw1, hw2, helpers=True)[0]["def _sum(self, a, b)"] == "carried"
    expected = "    def _sum(self, a, b):\n        return a + b\n\n    def compute"
    assert expected in hw2.text(OPS)


ONE = "// One.\nfloat One(int n) {\n  return n;\n}\n\n"


def test_helpers_of_native_code_come_before_the_function_they_stood_before(both):
    hw1, hw2 = both
    hw1.write(CC, "Fill", "out[0] = One(n);")
    hw1.edit(CC, "void Fill", f"{ONE}void Fill")
    fates, done = carry(hw1, hw2)
    assert fates["float One(int n)"] == "offered"
    (extra,) = (each for each in done.plan.extras if "One" in each.title)
    assert extra.used_by == (f"{CC}::Fill",)
    assert extra.line == 5
    assert carry(hw1, hw2, helpers=True)[0]["float One(int n)"] == "carried"
    assert f"\n\n{ONE}void Fill" in hw2.text(CC)
    hw1.edit(CC, "return n;", "return n + 1;")
    assert carry(hw1, hw2, helpers=True)[0]["float One(int n)"] == "updated"
    assert carry(hw1, hw2, helpers=True)[0]["float One(int n)"] == "same"
    assert hw2.text(CC).count("One(int n)") == 1


def test_native_code_that_no_function_follows_is_left_to_the_student(both):
    hw1, hw2 = both
    hw1.write(CC, "Fill", "out[0] = One(n);")
    hw1.edit(CC, "}  // namespace kernels", ONE + "}  // namespace kernels")
    assert carry(hw1, hw2, helpers=True)[0]["float One(int n)"] == "no place"
    assert "float One" not in hw2.text(CC)


def test_native_code_whose_name_is_taken_is_left_to_the_student(both):
    hw1, hw2 = both
    hw1.write(CC, "Fill", "out[0] = One(n);")
    hw1.edit(CC, "void Fill", f"{ONE}void Fill")
    hw2.edit(CC, "void Fill", "int One(int n) { return 2; }\n\nvoid Fill")
    assert carry(hw1, hw2, helpers=True)[0]["float One(int n)"] == "clash"
    assert hw2.text(CC).count("One(int n)") == 1


def test_given_code_that_was_changed_is_named(both):
    hw1, hw2 = both
    hw1.edit(OPS, '"""Return what flows back."""', '"""Mine."""')
    hw1.edit(CC, "namespace kernels {", "namespace kernels {  // mine")
    _, done = carry(hw1, hw2)
    told = [str(remark) for remark in done.plan.remarks]
    assert [each.split("hw1/")[1].split(": ")[0] for each in told] == [
        f"{OPS}:14",
        f"{CC}:3",
    ]


def test_helpers_of_a_file_that_does_not_parse_are_named(both):
    hw1, hw2 = both
    hw1.edit(PARSE, "LIMIT = 3", "LIMIT = (3")
    fates, done = carry(hw1, hw2, helpers=True)
    assert set(fates.values()) == {"no place"}
    assert "LIMIT" not in hw2.text(TARGET)
    assert done.plan.outcomes[0].settled.what == "carried"


def test_new_files_are_offered_and_taken(both):
    hw1, hw2 = both
    hw1.put("src/tools.py", "x = 1\r\n")
    hw1.put("notes.txt", "private\n")
    assert carry(hw1, hw2)[0]["the file tools.py"] == "offered"
    assert not (hw2.path / "src/tools.py").exists()
    assert carry(hw1, hw2, helpers=True)[0]["the file tools.py"] == "carried"
    assert hw2.text("src/tools.py") == "x = 1\r\n"
    assert not (hw2.path / "notes.txt").exists()
    before = hw2.files()
    assert carry(hw1, hw2, helpers=True)[0]["the file tools.py"] == "same"
    assert hw2.files() == before
    hw1.put("src/tools.py", "x = 2\n")
    assert carry(hw1, hw2, helpers=True)[0]["the file tools.py"] == "updated"
    assert hw2.text("src/tools.py") == "x = 2\n"


def test_of_two_new_files_the_later_homeworks_is_taken(both, mini, tmp_path):
    hw1, hw2 = both
    chain = make_chain(type(mini), tmp_path / "again").course
    hw3 = Student.start(chain, "hw3", tmp_path / "work/hw3")
    hw1.put("src/tools.py", "x = 1\n")
    hw2.put("src/tools.py", "x = 2\n")
    for what in ("carried", "same"):
        done = carry_into([hw1.folder, hw2.folder], hw3.folder, helpers=True)
        files = [each for each in done.plan.extras if "tools" in each.title]
        assert [each.what for each in files] == [what]
        assert hw3.text("src/tools.py") == "x = 2\n"


def test_a_new_file_never_takes_the_place_of_another(both):
    hw1, hw2 = both
    hw1.put("src/tools.py", "x = 1\n")
    hw2.put("src/tools.py", "y = 1\n")
    assert carry(hw1, hw2, helpers=True)[0]["the file tools.py"] == "clash"
    assert hw2.text("src/tools.py") == "y = 1\n"


def test_a_new_file_edited_at_the_target_stays(both):
    hw1, hw2 = both
    hw1.put("src/tools.py", "x = 1\n")
    carry(hw1, hw2, helpers=True)
    hw2.put("src/tools.py", "x = 1\ny = 2\n")
    assert carry(hw1, hw2, helpers=True)[0]["the file tools.py"] == "kept"
    hw1.put("src/tools.py", "x = 2\n")
    assert carry(hw1, hw2, helpers=True)[0]["the file tools.py"] == "clash"
    assert hw2.text("src/tools.py") == "x = 1\ny = 2\n"


def test_a_file_that_cannot_be_handed_in_there_is_named(both):
    hw1, hw2 = both
    hw1.put("src/tools.py", "x = 1\n")
    hw2.edit(".course/manifest.json", '"src/*.py"', '"apps/*.py"')
    assert carry(hw1, hw2, helpers=True)[0]["the file tools.py"] == "not taken"


def test_the_report_names_helpers_and_the_way_to_take_them(both, run_course):
    hw1, hw2 = both
    hw1.put("src/tools.py", "x = 1\n")
    result = run_course("carry", "hw1", "hw2", cwd=hw1.path.parent)
    assert result.exit_code == 0
    assert (
        "hw1/src/simple.py:7: `def _numbers(name)` is outside the regions, named by"
        " parse; --helpers takes it to hw2/apps/simple.py.\n" in result.output
    )
    assert "hw1/src/tools.py: a file that you added; --helpers takes" in result.output
    assert (
        "hw1/src/simple.py: outside the regions, named by nothing that was carried, and"
        " left where it is: `import math` (line 1).\n" in result.output
    )
    assert run_course("carry", "hw1", "hw2", "--helpers", cwd=hw1.path.parent)
    assert "def _numbers" in hw2.text(TARGET)


def test_given_code_that_was_only_formatted_anew_was_not_changed(both):
    hw1, hw2 = both
    hw1.edit(PARSE, "def parse(name)", "def parse(\n    name,\n)")
    assert carry(hw1, hw2)[1].plan.remarks == []
    hw1.edit(PARSE, "    name,\n)", "    name=None,\n)")
    assert "changed given code" in str(*carry(hw1, hw2)[1].plan.remarks)


def test_given_code_changed_in_many_places_is_one_remark_a_file(mini, tmp_path):
    chain = make_chain(type(mini), tmp_path / "chain")
    given = "".join(f"\n\ndef given_{n}():\n    return {n}\n" for n in range(9))
    chain.write("common/hw1/src/simple.py", PARSE_1 + given)
    hw1, hw2 = (
        Student.start(chain.course, name, tmp_path / name) for name in ("hw1", "hw2")
    )
    first = hw1.text(PARSE).splitlines().index("def given_0():") + 1
    hw1.put(PARSE, re.sub(r"return (\d)\n", r"return \1 + 1\n", hw1.text(PARSE)))
    (remark,) = carry(hw1, hw2)[1].plan.remarks
    assert remark.line == first
    places = ", ".join(str(first + 4 * n) for n in range(1, 5))
    assert f"here (and in lines {places} and further down)" in remark.message
