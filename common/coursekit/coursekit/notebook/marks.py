"""The mark of a cell that an update put after the student's own version of it."""

from __future__ import annotations

from coursekit.notebook.document import NotebookCell, Raw, source_like

MARK = "New in version {}; your own version of this cell is above."
IN_TEXT, IN_CODE = "*{}*\n\n", "# {}\n"


def marked(cell: NotebookCell, version: str) -> Raw:
    """Return a released cell with a first line that says where it is from."""
    mark = _mark(cell.kind, version)
    # A cell magic has to stay first.
    text = f"{cell.text}\n{mark}" if cell.text.startswith("%%") else mark + cell.text
    note = {"course": {"update": version}}
    source = source_like(cell.raw, text)
    return {**cell.raw, "source": source, "metadata": {**cell.metadata, **note}}


def unmarked(cell: NotebookCell) -> NotebookCell:
    """Return a cell without the mark that an earlier update gave it."""
    version = mark_of(cell)
    if version is None:
        return cell
    mark = _mark(cell.kind, version)
    text = cell.text.removeprefix(mark)
    if text == cell.text:
        text = text.rstrip().removesuffix(mark.rstrip()).removesuffix("\n")
    return NotebookCell(cell.raw, cell.kind, text, cell.id)


def mark_of(cell: NotebookCell) -> str | None:
    """Return the version that a cell's mark names, if it has one."""
    course = cell.metadata.get("course")
    version = course.get("update") if isinstance(course, dict) else None
    return version if isinstance(version, str) else None


def _mark(kind: str, version: str) -> str:
    return (IN_CODE if kind == "code" else IN_TEXT).format(MARK.format(version))
