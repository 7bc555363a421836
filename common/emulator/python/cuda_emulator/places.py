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

# These contain functions; there is nothing of a student's in those of the library.
_SCOPES = ("DW_TAG_namespace", "DW_TAG_structure_type", "DW_TAG_class_type")
_LIBRARY = (b"std", b"__gnu_cxx", b"cuda_emulator")


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

    def _find(self, offset: int) -> tuple[Line, ...]:
        for unit in self._units:
            if unit.holds(offset + self._base):
                return unit.lines(offset + self._base)
        return ()

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

    def _functions(self, address: int) -> list[Any]:
        """Return the function at an address, then all that are inlined around it."""
        found = self._inside(self._top, address, ("DW_TAG_subprogram",))
        while found:
            kinds = ("DW_TAG_inlined_subroutine",)
            inner = self._inside(found[-1], address, kinds)
            if not inner:
                break
            found += inner
        return found

    def _inside(self, entry: Any, address: int, kinds: tuple[str, ...]) -> list[Any]:
        """Return the next entry of a kind that holds an address, as a list."""
        for child in entry.iter_children():
            if child.tag in kinds:
                if self.holds(address, child):
                    return [child]
            elif child.tag == "DW_TAG_lexical_block" or (
                child.tag in _SCOPES and self._own_name(child) not in _LIBRARY
            ):
                found = self._inside(child, address, kinds)
                if found:
                    return found
        return []

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
