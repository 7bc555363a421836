"""``grader prove``: whether a homework is fair, and its tests strong and steady."""

from __future__ import annotations

from coursekit.lazygroup import LazyGroup

AT = "grader.commands"
PROOFS = {
    "closure": (
        f"{AT}.prove_closure:closure",
        "Each question passes with what comes before it, and fails with its stub.",
    ),
    "bugs": (
        f"{AT}.prove_bugs:bugs",
        "Planted bugs are found by the public tests and the hidden suite.",
    ),
    "flaky": (
        f"{AT}.prove_flaky:flaky",
        "The same work earns the same points, whatever the seed.",
    ),
}

prove = LazyGroup(
    name="prove",
    summary="Prove that a homework is fair, and its tests strong and steady.",
    lazy=PROOFS,
)
