"""The notebook's bytes: cells, ids, determinism."""

from __future__ import annotations

import json

import nbformat
import pytest
from coursekit.notebook import build
from coursekit.notebook.cells import Cell, split

HANDOUT = """\
# Title

Text with $x^2$, and ![a figure](figures/x.svg).

## Part

one


two, after two blank lines

```python
%load_ext autoreload
x = {"ä": 1}
```
```python

y = 2
```

```bash
course start hw1
```

```python no-run
never(run)
```

- item
  ```python
  inside_a_list = 1
  ```

<details><summary>Hint</summary>

### Not a new cell


```python
not_a_cell = 1
```

</details>

last
"""


def cells_of(content: bytes) -> list[dict]:
    return json.loads(content)["cells"]


def source(cell: dict) -> str:
    return "".join(cell["source"])


@pytest.fixture
def notebook(mini) -> bytes:
    return build(mini.course, mini.course.homework("hw1"), HANDOUT, "7.1")


def test_only_plain_python_fences_are_code():
    code = [cell.source for cell in split(HANDOUT) if cell.kind == "code"]
    assert code == ['%load_ext autoreload\nx = {"ä": 1}', "y = 2"]


def test_headings_and_two_blank_lines_begin_a_cell():
    starts = [c.source.split("\n")[0] for c in split(HANDOUT) if c.kind == "markdown"]
    assert starts == ["# Title", "## Part", "two, after two blank lines", "```bash"]


def test_a_hint_stays_in_one_cell():
    (cell,) = [c for c in split(HANDOUT) if "<details>" in c.source]
    assert "not_a_cell" in cell.source
    assert cell.source.endswith("last")


def test_no_text_is_lost():
    text = "\n".join(cell.source for cell in split(HANDOUT))
    for line in HANDOUT.splitlines():
        assert line in text or line.startswith("```")


def test_a_hash_in_a_shell_fence_is_no_heading():
    assert split("```bash\n# comment\n```\n") == [
        Cell("markdown", "```bash\n# comment\n```")
    ]


def test_unclosed_and_empty_fences():
    assert split("```python\nx = 1") == [Cell("code", "x = 1")]
    assert split("```python\n```") == [Cell("code", "")]
    assert split("") == []
    assert split("\n\n") == []


def test_is_valid_and_has_no_outputs(notebook):
    nbformat.validate(nbformat.reads(notebook.decode(), as_version=nbformat.NO_CONVERT))
    data = json.loads(notebook)
    assert (data["nbformat"], data["nbformat_minor"]) == (4, 5)
    for cell in data["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_same_input_same_bytes(mini, notebook):
    again = build(mini.course, mini.course.homework("hw1"), HANDOUT, "7.1")
    assert again == notebook
    assert notebook.endswith(b"}\n")
    assert "ä".encode() in notebook


def test_ids_are_unique_and_survive_an_edit_elsewhere(mini):
    def ids(text: str) -> dict[str, str]:
        content = build(mini.course, mini.course.homework("hw1"), text, "1")
        return {cell["id"]: source(cell) for cell in cells_of(content)}

    repeated = "a\n\n```python\nx\n```\n\n```python\nx\n```\n"
    before, after = ids(repeated + HANDOUT), ids("new\n\n\n" + repeated + HANDOUT)
    assert len(before) == 1 + len(split(repeated + HANDOUT))
    assert set(before) - set(after) == set()


def test_first_cell_is_the_setup(mini):
    mini.write(
        "course.toml",
        '[course]\nname = "M"\nversion = "1"\nhomeworks = ["hw1", "hw2"]\n'
        '[release]\nbundle_url = "https://example.org/dl"\n',
    )
    content = build(mini.course, mini.course.homework("hw1"), "# T\n", "7.1")
    first = cells_of(content)[0]
    assert first["cell_type"] == "code"
    text = source(first)
    assert 'HOMEWORK = "hw1"' in text
    assert 'BUNDLE_URL = "https://example.org/dl"' in text
    assert "(material 7.1)" in text
    assert "<" not in text.split("def fetch")[0], "a placeholder was left"


def test_a_notebook_builds_as_students_do_in_a_terminal(mini):
    mini.homework(
        "hw3",
        "conv",
        more="""
        [build]
        command = ["make", "PYTHON={python}", "FOR_THE_GRADER=1"]
        inputs = ["src/*.cpp"]
        outputs = ["src/x.so"]
        """,
    )
    spec = mini.course.homework("hw3")
    assert 'BUILD = "make PYTHON={python}" ' in source(
        cells_of(build(mini.course, spec, "", "1"))[0]
    )
    without = mini.course.homework("hw1")
    assert 'BUILD = ""' in source(cells_of(build(mini.course, without, "", "1"))[0])


def test_the_setup_alone_is_folded_away(notebook):
    folded = [cell["metadata"] for cell in cells_of(notebook) if cell["metadata"]]
    assert folded == [{"jupyter": {"source_hidden": True}}]
    assert cells_of(notebook)[0]["metadata"] == folded[0]


def test_setup_cell_is_short_and_fits_the_page(notebook):
    lines = source(cells_of(notebook)[0]).splitlines()
    assert len(lines) <= 70
    assert max(map(len, lines)) <= 88
