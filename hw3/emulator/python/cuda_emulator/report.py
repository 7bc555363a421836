"""Say in words what the emulator has found, so that a student sees it at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cuda_emulator.advice import advice
from cuda_emulator.findings import Access, Array, Finding, Index3, Leak, Witness
from cuda_emulator.places import Line

_WORD = 4  # bytes


def report(findings: Sequence[Finding], *, most: int = 5) -> str:
    """Return a text on the first findings, and how many more there are."""
    texts = [_paragraph(each) for each in findings[:most]]
    if len(findings) > most:
        left = len(findings) - most
        texts.append(f"... and {left} more. Mend the first ones, then run it again.\n")
    return "\n".join(texts)


def one_line(finding: Finding) -> str:
    """Return what matters of a finding, in one line."""
    line = finding.now.line
    where = f"{shown(line)}: " if line else ""
    kernel = f" in {finding.kernel}" if finding.kernel else ""
    return f"{where}{finding.kind}{kernel}: {_sentence(finding)}"


def leak_report(leaks: Sequence[Leak]) -> str:
    """Return a text on memory of the device that was not freed, if there is any."""
    return "".join(
        f"{each.name} ({each.size} bytes, {_made('allocated', each.made)})"
        " was never freed: call cudaFree.\n"
        for each in leaks
    )


def shown(line: Line) -> str:
    """Return the file and number of a line, the file as seen from here."""
    try:
        file = line.file.relative_to(Path.cwd())
    except ValueError:
        file = Path(line.file.name)
    return f"{file.as_posix()}:{line.number}"


# -- a paragraph ---------------------------------------------------------------------


def _paragraph(finding: Finding) -> str:
    line = finding.now.line
    head = finding.kind
    if finding.kernel:
        head += f" in {finding.kernel}"
    lines = [f"{head}, {shown(line)}" if line else head]
    lines += _quoted(line)
    lines += [f"    called in {shown(each)}: {each.text()}" for each in _calls(finding)]
    sentence = _sentence(finding)
    lines.append(f"  {sentence[:1].upper()}{sentence[1:]}.")
    before = finding.before.line if finding.before else None
    if before and before != line:
        lines += [f"    {shown(before)}: {before.text()}".rstrip(" :")]
    if finding.array:
        lines.append(f"  {_about(finding.array)}")
    if finding.times > 1:
        lines.append(f"  This happened {finding.times} times; it is the first.")
    if finding.fatal:
        lines.append("  The kernel was stopped here.")
    lines += [f"  {text}" for text in [advice(finding)] if text]
    return "\n".join(lines) + "\n"


def _quoted(line: Line | None) -> list[str]:
    text = line.text() if line else ""
    return [f"    {text}"] if text else []


def _calls(finding: Finding) -> tuple[Line, ...]:
    """Return the lines from which the one to look at was called, if it was."""
    return finding.now.lines[1:4]


# -- a sentence ----------------------------------------------------------------------


def _sentence(finding: Finding) -> str:
    """Say who did what, and who was there before; without capital and full stop."""
    goes_on = {
        "race": _raced,
        "out of bounds": _beyond,
        "never written": _unwritten,
        "use after free": _freed,
        "misaligned": _misaligned,
        "device pointer on the host": _on_host,
    }.get(finding.kind)
    who = _who(finding.now)
    if finding.array and finding.access and goes_on:
        did = element(finding.array, finding.access)
        return f"{who} {_verb(finding.access)} {did}{goes_on(finding)}"
    text = finding.text.strip().rstrip(".")
    return f"{who}: {text}" if finding.now.device else text


def _raced(finding: Finding) -> str:
    before, access = finding.before, finding.access_before
    if before is None or access is None:
        return ", and another thread may do so at the same time"
    same = before.block == finding.now.block
    other = f"thread {_index(before.thread)}"
    other += " of the same block" if same else f" of block {_index(before.block)}"
    there = f" in {_place(before.line, finding.now.line)}" if before.line else ""
    did = {"changes": "changed", "writes": "wrote", "reads": "read"}[_verb(access)]
    if not same:
        reason = "blocks run in any order"
    elif finding.array and finding.array.space == "global":
        reason = "no __syncthreads() or atomic operation orders the two"
    else:
        reason = "no __syncthreads() comes between"
    return f"; {other} {did} it{there}, and {reason}"


def _place(line: Line, other: Line | None) -> str:
    """Return a line, by its number alone if the file has been named."""
    named = other is not None and other.file == line.file
    return f"line {line.number}" if named else shown(line)


def _beyond(finding: Finding) -> str:
    array = finding.array
    assert array is not None
    size = _element_size(array, finding.access)
    if array.extents and array.element:
        ends = "".join(f"[{extent - 1}]" for extent in array.extents)
        return f", and {_name(array)} ends with {array.name}{ends}"
    return f", and {_name(array)} has {array.size // size} elements"


def _unwritten(finding: Finding) -> str:
    return ", and nothing has been written there"


def _freed(finding: Finding) -> str:
    before = finding.before
    where = f" in {shown(before.line)}" if before and before.line else ""
    return f", which was freed{where}"


def _misaligned(finding: Finding) -> str:
    array, size = finding.array, finding.access.size if finding.access else 1
    assert array is not None
    return (
        f": {size} bytes at once begin at a multiple of {size}, not at {array.offset}"
    )


def _on_host(finding: Finding) -> str:
    return ", which is memory of the device"


def _verb(access: Access) -> str:
    if not access.write:
        return "reads"
    return "changes" if access.atomic else "writes"


def _who(witness: Witness) -> str:
    if not witness.device:
        return "code of the host"
    return f"thread {_index(witness.thread)} of block {_index(witness.block)}"


def _index(index: Index3) -> str:
    """Return (x, y), as most launches have it, or (x, y, z)."""
    x, y, z = index
    return f"({x}, {y}, {z})" if z else f"({x}, {y})"


# -- arrays --------------------------------------------------------------------------


def element(array: Array, access: Access | None = None) -> str:
    """Return the element that a byte belongs to, as the kernel would write it."""
    size = _element_size(array, access)
    number = array.offset // size
    if array.space == "dynamic shared" or not array.name:
        return f"element {number} ({size} bytes each) of {_name(array)}"
    if array.space != "global" and array.size == size and number == 0:
        return array.name
    indices = []
    for extent in reversed(array.extents[1:]):
        number, index = divmod(number, extent)
        indices.append(index)
    indices.append(number)
    return array.name + "".join(f"[{index}]" for index in reversed(indices))


def _element_size(array: Array, access: Access | None) -> int:
    return array.element or (access.size if access else 0) or _WORD


def _name(array: Array) -> str:
    if array.space == "dynamic shared" and not array.name:
        return "the dynamic shared memory"
    return array.name or f"the memory of cudaMalloc number {array.number}"


def _about(array: Array) -> str:
    """Say what an array is, and where it was made."""
    name = _name(array)
    subject = f"{name[:1].upper()}{name[1:]}" if not array.name else name
    if array.space == "global" and array.number:
        return f"{subject}: {array.size} bytes, {_made('allocated', array.made)}."
    if array.space == "dynamic shared":
        return f"{subject}: {array.size} bytes, as the launch says."
    made = _made("declared", array.made)
    return f"{subject}: {array.size} bytes of {array.space} memory, {made}."


def _made(word: str, line: Line | None) -> str:
    return f"{word} in {shown(line)}" if line else f"{word} somewhere else"
