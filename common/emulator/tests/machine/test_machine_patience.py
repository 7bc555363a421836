"""Who presses Ctrl-C gets out of a kernel that does not end, and hears where it was."""

from __future__ import annotations

import os
import signal
import threading

import pytest


@pytest.mark.parametrize("name", ["endless", "endless_barrier"])
def test_an_interruption_ends_the_kernel_and_is_passed_on(emulate, monkeypatch, name):
    emulated = emulate("planted_waits")
    monkeypatch.setenv("CUDA_EMULATOR_SECONDS", "20")  # should it not work
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    try:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        (finding,) = emulated.run(name)
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard
    assert finding["kind"] == "interrupted"
    assert finding["fatal"]
    assert finding["now"]["line"] in emulated.marks["now", name]
    assert {each["kind"] for each in emulated.run("trips")} == {"divergent barrier"}
