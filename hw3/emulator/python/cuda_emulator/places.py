"""Find the lines of places: of return addresses, by a library's debug information.

The compiler leaves in an ELF file, with ``-g``, which instruction belongs to which line
(.debug_line) and which call was replaced by the callee's body (.debug_info). Reading
both takes no debugger, no other process and no luck.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from elftools.common.exceptions import DWARFError, ELFError
from elftools.dwarf.ranges import BaseAddressEntry
from elftools.elf.elffile import ELFFile

_OTHER_NAMES = (
    "DW_TAG_const_type",
    "DW_TAG_restrict_type",
    "DW_TAG_typedef",
    "DW_TAG_volatile_type",
)


@dataclass(frozen=True)
class Line:
    """A line of a source file, and the function to which it belongs, if known."""

    file: Path
    number: int
    function: str = ""

    def text(self) -> str:
        """Return the line itself; empty if the file is not there (any longer)."""
        try:
            lines = self.file.read_text("utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return lines[self.number - 1].strip() if 0 < self.number <= len(lines) else ""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a kernel: its name and, of a pointer, the bytes of an element."""

    name: str
    element: int


class Places:
    """The places of one library; those that cannot be found have no lines."""

    def __init__(self, module: Path) -> None:
        self._module = module
        self._known: dict[int, tuple[Line, ...]] = {}

    def lines(self, place: int) -> tuple[Line, ...]:
        """Return the line of a place, then those from where it was called inline.

        A place is the offset in the file of what follows a call: the call is before it.
        """
        if place not in self._known:
            try:
                self._known[place] = self._find(place - 1)
            except (OSError, ELFError, DWARFError):
                self._known[place] = ()
        return self._known[place]

    def parameters(self, kernel: str, place: int) -> list[Parameter]:
        """Return the parameters of a function, in the source file of a place."""
        try:
            unit = self._unit(place - 1)
            return unit.parameters(kernel) if unit else []
        except (OSError, ELFError, DWARFError):
            return []

    def _find(self, offset: int) -> tuple[Line, ...]:
        unit = self._unit(offset)
        return unit.lines(offset + self._base) if unit else ()

    def _unit(self, offset: int) -> _Unit | None:
        """Return of which source file the code at an offset is."""
        address = offset + self._base
        return next((unit for unit in self._units if unit.holds(address)), None)

    @cached_property
    def _file(self) -> ELFFile:
        file: BinaryIO = self._module.open("rb")
        return ELFFile(file)

    @cached_property
    def _base(self) -> int:
        """Return the address for which the file's beginning was linked."""
        loaded = self._file.iter_segments("PT_LOAD")
        return min((segment["p_vaddr"] & -0x1000 for segment in loaded), default=0)

    @cached_property
    def _units(self) -> list[_Unit]:
        if not self._file.has_dwarf_info():
            return []
        dwarf = self._file.get_dwarf_info()
        return [_Unit(dwarf, unit) for unit in dwarf.iter_CUs()]


class _Unit:
    """What one source file was compiled to."""

    def __init__(self, dwarf: Any, unit: Any) -> None:
        self._dwarf = dwarf
        self._unit = unit
        self._top = unit.get_top_DIE()

    @cached_property
    def _ranges(self) -> list[tuple[int, int]]:
        return self._ranges_of(self._top)

    def _ranges_of(self, entry: Any) -> list[tuple[int, int]]:
        """Return from where to where in memory the code of an entry lies."""
        given = entry.attributes
        if "DW_AT_high_pc" in given and "DW_AT_low_pc" in given:
            low, high = given["DW_AT_low_pc"].value, given["DW_AT_high_pc"]
            length = 0 if high.form == "DW_FORM_addr" else low
            return [(low, length + high.value)]
        if "DW_AT_ranges" not in given:
            return []
        base = self._top.attributes.get("DW_AT_low_pc")
        start, found = base.value if base else 0, []
        lists = self._dwarf.range_lists()
        for each in lists.get_range_list_at_offset(
            given["DW_AT_ranges"].value, self._unit
        ):
            if isinstance(each, BaseAddressEntry):
                start = each.base_address
            else:
                shift = 0 if each.is_absolute else start
                found.append((each.begin_offset + shift, each.end_offset + shift))
        return found

    def holds(self, address: int, entry: Any = None) -> bool:
        """Return whether an address is the unit's, or an entry's in it."""
        ranges = self._ranges if entry is None else self._ranges_of(entry)
        return any(low <= address < high for low, high in ranges)

    def lines(self, address: int) -> tuple[Line, ...]:
        """Return the line at an address, then the lines of the calls around it."""
        innermost = self._line(address)
        if innermost is None:
            return ()
        # From the outermost function inwards: each call is a line of the one before.
        chain = self._functions(address)
        found = [innermost]
        for call in reversed(chain):
            found[-1] = replace(found[-1], function=self._name(call))
            if "DW_AT_call_line" in call.attributes:
                file = self._path(call.attributes["DW_AT_call_file"].value)
                found.append(Line(file, call.attributes["DW_AT_call_line"].value))
        return tuple(found)

    # -- lines -------------------------------------------------------------------------

    @cached_property
    def _program(self) -> Any:
        return self._dwarf.line_program_for_CU(self._unit)

    @cached_property
    def _rows(self) -> list[tuple[int, int, int]]:
        """Return (address, file, line) of all rows, by address; a line of 0: an end."""
        rows, states = [], []
        for entry in self._program.get_entries():
            if entry.state is None:
                continue
            states.append(entry.state)
            if entry.state.end_sequence:  # the parts of a file come in any order
                rows += [
                    (s.address, s.file, 0 if s.end_sequence else s.line) for s in states
                ]
                states = []
        # Stable: of several rows of one address, the last counts, but no end after it.
        return sorted(rows, key=lambda row: (row[0], row[2] != 0))

    def _line(self, address: int) -> Line | None:
        after = bisect.bisect_right(self._rows, address, key=lambda row: row[0])
        if after == 0:
            return None
        _, file, number = self._rows[after - 1]
        return Line(self._path(file), number) if number else None

    def _path(self, number: int) -> Path:
        """Return the path of a file by its number in the table of lines."""
        header = self._program.header
        # From version 5 on files and folders are counted from 0, before it from 1.
        old = header["version"] < 5
        folder = Path(_text(self._top.attributes["DW_AT_comp_dir"].value))
        entry = header["file_entry"][number - old]
        if entry["dir_index"] or not old:
            parent = header["include_directory"][entry["dir_index"] - old]
            folder /= _text(parent)
        return folder / _text(entry["name"])

    # -- functions ---------------------------------------------------------------------

    @cached_property
    def _all_functions(self) -> list[Any]:
        entries = self._unit.iter_DIEs()
        return [each for each in entries if each.tag == "DW_TAG_subprogram"]

    def _functions(self, address: int) -> list[Any]:
        """Return the function at an address, then all that are inlined around it."""
        found = [each for each in self._all_functions if self.holds(address, each)]
        while found:
            inner = self._inlined(found[-1], address)
            if inner is None:
                break
            found.append(inner)
        return found

    def _inlined(self, entry: Any, address: int) -> Any:
        """Return the call, replaced by its body, that holds an address; or None."""
        for child in entry.iter_children():
            if child.tag == "DW_TAG_inlined_subroutine" and self.holds(address, child):
                return child
            if child.tag == "DW_TAG_lexical_block":
                found = self._inlined(child, address)
                if found is not None:
                    return found
        return None

    def parameters(self, name: str) -> list[Parameter]:
        """Return the parameters of a function that this file defines, if it does."""
        for each in self._all_functions:
            if self._name(each).split("<")[0] == name:
                children = each.iter_children()
                kind = "DW_TAG_formal_parameter"
                found = [
                    Parameter(self._name(child), self._pointed_size(child))
                    for child in children
                    if child.tag == kind
                ]
                if any(parameter.name for parameter in found):
                    return found
        return []

    def _pointed_size(self, entry: Any) -> int:
        """Return the bytes of what a variable points to; 0 if it is no pointer."""
        pointer = self._type(entry)
        if pointer is None or pointer.tag != "DW_TAG_pointer_type":
            return 0
        pointed = self._type(pointer)
        size = pointed.attributes.get("DW_AT_byte_size") if pointed else None
        return int(size.value) if size else 0

    def _type(self, entry: Any) -> Any:
        """Return the type of an entry, without const and other names; or None."""
        if "DW_AT_abstract_origin" in entry.attributes:
            entry = entry.get_DIE_from_attribute("DW_AT_abstract_origin")
        while "DW_AT_type" in entry.attributes:
            entry = entry.get_DIE_from_attribute("DW_AT_type")
            if entry.tag not in _OTHER_NAMES:
                return entry
        return None

    @staticmethod
    def _own_name(entry: Any) -> Any:
        name = entry.attributes.get("DW_AT_name")
        return name.value if name else b""

    def _name(self, entry: Any) -> str:
        """Return the name of a function, which may stand where it is declared."""
        for reference in ("DW_AT_abstract_origin", "DW_AT_specification"):
            if reference in entry.attributes:
                return self._name(entry.get_DIE_from_attribute(reference))
        return _text(self._own_name(entry))


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
