"""The same kinds of mistakes, in many shapes: each is found in its line."""

from __future__ import annotations

import pytest

RACES = "alias atomic_plain bit_field by_union bytes_race copy_race count_from_zero"
RACES += " double_buffer flag_by_one in_place last_tile late_write overlap publish"
RACES += (
    " reuse split_k struct_race swap_in_place volatile_warp wide_writes wrong_pitch"
)
MEMORY = {
    "out of bounds": "row_past_end local_past_end table_past_end weights_past_end"
    " wrap_below wrap32 tail4 set_past_end fill_past_end",
    "write to constant memory": "write_weights",
    "host pointer on the device": "host_variable_read host_strides host_struct heap",
    "never written": "partly_written half_pair accumulate short_copy sum_unset"
    " second_block",
    "misaligned": "double_at_4 float2_at_4 shared4",
    "stack overflow": "huge_local",
    "use after free": "freed_between fill_of_freed",
    "crash": "null_function",
    "wrong direction of a copy": "swapped_copy address_of_pointer",
    "launch refused": "negative_blocks zero_blocks grid_y",
}
WAITS = {
    "divergent barrier": "trips trips_then short_circuit",
    "absent lane": "half_warp ragged_warp ended_lanes",
    "endless wait": "spin_for_later grid_barrier spin_past_barrier lost_lock",
    "endless": "endless endless_access endless_barrier plain_spin",
}


def _shapes(file: str, kinds: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(file, name, kind) for kind in kinds for name in kinds[kind].split()]


SHAPES = [
    *_shapes("planted_races", {"race": RACES}),
    *_shapes("planted_memory", MEMORY),
    *_shapes("planted_waits", WAITS),
]
# What comes too early or too late to happen, if the blocks or threads turn round.
FORWARD_ONLY = {"publish", "spin_for_later", "lost_lock", "plain_spin"}


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Let no kernel run for half a minute."""
    monkeypatch.setenv("CUDA_EMULATOR_SECONDS", "0.5")


@pytest.mark.parametrize(("file", "name", "kind"), SHAPES)
def test_a_mistake_is_found_in_its_line(emulate, file, name, kind):
    emulated = emulate(file)
    found = [each for each in emulated.run(name) if each["kind"] == kind]
    assert found
    assert {each["now"]["line"] for each in found} & emulated.marks["now", name]
    if ("before", name) in emulated.marks:
        lines = {each["before"]["line"] for each in found if "before" in each}
        assert lines & emulated.marks["before", name]


@pytest.mark.parametrize(
    ("file", "name", "kind"),
    [each for each in SHAPES if each[1] not in FORWARD_ONLY and each[2] != "endless"],
)
def test_it_is_found_in_any_order(emulate, file, name, kind):
    emulated = emulate(file)
    for order in ("reversed", "shuffled"):
        emulated.order(order, seed=3)
        assert kind in {each["kind"] for each in emulated.run(name)}


def test_the_lists_and_the_files_agree(emulate):
    for file in ("planted_races", "planted_memory", "planted_waits"):
        marked = {name for which, name in emulate(file).marks if which == "now"}
        assert marked == {name for each, name, _ in SHAPES if each == file}
