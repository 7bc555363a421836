"""Every mistake is found, and named with its kind, line, block and thread."""

from __future__ import annotations

import pytest

# name: kind, and where it is known, the thread and the one before it.
PLANTED = {
    "past_end": ("out of bounds", (4, 3), None),
    "before_begin": ("out of bounds", (0, 0), None),
    "far": ("out of bounds", (3, 0), None),
    "shared_past_end": ("out of bounds", (63, 0), None),
    "dynamic_past_end": ("out of bounds", (7, 0), None),
    "misaligned": ("misaligned", (1, 0), None),
    "misaligned4": ("misaligned", (0, 0), None),
    "host_pointer": ("host pointer on the device", (0, 0), None),
    "host_target": ("host pointer on the device", (0, 0), None),
    "null_pointer": ("null pointer", (0, 0), None),
    "freed": ("use after free", (0, 0), None),
    "memcpy_past_end": ("out of bounds", (0, 0), None),
    "foreign_local": ("foreign local memory", (1, 0), None),
    "overflow": ("stack overflow", (0, 0), None),
    "divide": ("division by zero", (0, 0), None),
    "assertion": ("assertion failed", (5, 0), None),
    "trap": ("trap", (9, 0), None),
    "unwritten": ("never written", (0, 0), None),
    "unwritten_shared": ("never written", (60, 0), None),
    "unwritten_atomic": ("never written", (0, 0), None),
    "no_barrier": ("race", (32, 0), (31, 0)),
    "no_second_barrier": ("race", (32, 0), (31, 0)),
    "histogram": ("race", (1, 0), (0, 0)),
    "blocks_meet": ("race", (0, 1), (0, 0)),
    "no_syncwarp": ("race", (16, 0), (0, 0)),
    "mixed_atomic": ("race", (32, 0), (0, 0)),
    "no_fence": ("race", (0, 3), (0, 0)),
    "lock_no_fence": ("race", (32, 0), (0, 0)),
    "volatile_flag": ("race", (32, 0), (0, 0)),
    "early_return": ("divergent barrier", (0, 0), (60, 0)),
    "two_barriers": ("divergent barrier", (0, 0), (32, 0)),
    "divergent_warp": ("divergent warp", (0, 0), (16, 0)),
    "wrong_mask": ("divergent warp", (16, 0), None),
    "absent_lane": ("absent lane", (15, 0), None),
    "too_much_shared": ("too much shared memory", (0, 0), None),
    "refused": ("launch refused", None, None),
    "refused_grid": ("launch refused", None, None),
    "refused_empty": ("launch refused", None, None),
    "unchecked": ("unchecked error", None, None),
    "host_access": ("device pointer on the host", None, None),
    "host_variable": ("device pointer on the host", None, None),
    "double_free": ("bad free", None, None),
    "foreign_free": ("bad free", None, None),
    "host_free": ("bad free", None, None),
    "long_copy": ("out of bounds", None, None),
    "wrong_direction": ("wrong direction of a copy", None, None),
    "unwritten_copy": ("never written", None, None),
    "copy_of_freed": ("use after free", None, None),
    "long_fill": ("out of bounds", None, None),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found_where_it_is(emulate, name):
    kind, thread, before = PLANTED[name]
    emulated = emulate("planted")
    findings = emulated.run(name)
    found = [each for each in findings if each["kind"] == kind]
    assert found, findings
    assert {each["now"]["line"] for each in found} & emulated.marks["now", name]
    first = found[0]
    assert first["now"]["device"] == (thread is not None)
    if thread is not None:
        assert (first["now"]["thread"][0], first["now"]["block"][0]) == thread, first
    if before is not None:
        seen = (first["before"]["thread"][0], first["before"]["block"][0])
        assert seen == before, first
    if ("before", name) in emulated.marks:
        lines = {each["before"]["line"] for each in found if "before" in each}
        assert lines & emulated.marks["before", name]


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
@pytest.mark.parametrize("name", [n for n in PLANTED if PLANTED[n][1] is not None])
def test_it_is_found_in_any_order(emulate, name, order):
    emulated = emulate("planted")
    for seed in range(3):
        emulated.order(order, seed)
        assert PLANTED[name][0] in {each["kind"] for each in emulated.run(name)}


@pytest.mark.parametrize("name", ["no_barrier", "no_syncwarp"])
def test_who_reads_too_early_is_told_of_the_race_alone(emulate, name):
    assert {each["kind"] for each in emulate("planted").run(name)} == {"race"}


def test_the_list_and_the_file_agree(emulate):
    marked = {name for which, name in emulate("planted").marks if which == "now"}
    assert marked == set(PLANTED)
