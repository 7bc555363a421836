"""What to do about each kind of finding, in a sentence or two."""

from __future__ import annotations

from cuda_emulator.findings import Finding

_ADVICE = {
    "absent lane": "A shuffle reads only from lanes that take part: look at the mask,"
    " the distance, and at threads that have returned before.",
    "assertion failed": "What the kernel asserts is not so: print or compute by hand"
    " what goes in.",
    "bad free": "Free each pointer that cudaMalloc gave once, and no other.",
    "crash": "Follow the pointer of this line back to where it was made.",
    "device pointer on the host": "Copy to memory of the host with cudaMemcpy, then"
    " look at it there.",
    "divergent barrier": "Every thread of a block has to reach every __syncthreads():"
    " put it outside of the `if`, and let no thread return before it.",
    "divergent warp": "All threads that the mask names have to come to the same call:"
    " call it outside of the `if`, or name only those that come.",
    "division by zero": "Check the divisor: is it a size that may be 0?",
    "endless": "Look at the loop around this line: will its condition ever be false?"
    " A plain variable that another thread changes is read only once.",
    "endless wait": "Blocks run in any order, here one after the other: let none wait"
    " for another, but launch a second kernel. Within a block, __syncthreads() waits"
    " for all.",
    "exception": "Kernels cannot throw: write an error to memory instead.",
    "foreign local memory": "Local variables belong to one thread. Pass values through"
    " shared or global memory; check the indices of local arrays.",
    "host pointer on the device": "Allocate memory of the device with cudaMalloc, copy"
    " with cudaMemcpy, and hand that pointer to the kernel.",
    "interrupted": "If it had run too long, look at the loop around this line.",
    "launch in a kernel": "Launch from the host: the emulator has no nested launches.",
    "launch refused": "Choose a grid and a block that a device allows; after each"
    " launch, ask cudaGetLastError().",
    "misaligned": "Use a pointer that is a multiple of the access's size, or smaller"
    " accesses.",
    "null pointer": "Look at where the pointer comes from: was it allocated, or was"
    " dynamic shared memory used whose size the launch does not give?",
    "out of bounds": "Compare the index with the size before the access, as in"
    " `if (i < n)`.",
    "stack overflow": "A thread has little memory of its own: make local arrays"
    " smaller, and recursion a loop.",
    "too much shared memory": "Use smaller tiles: a block has 48 KB of shared memory.",
    "trap": "The kernel has stopped itself: see the condition before it.",
    "unchecked error": "Call cudaGetLastError() after each launch, and tell what it"
    " says.",
    "use after free": "Free memory after its last use; a launch uses it, too.",
    "write to constant memory": "Change it from the host, with cudaMemcpyToSymbol.",
    "wrong direction of a copy": "Name the direction that the two pointers have, or"
    " cudaMemcpyDefault.",
}

_NEVER_WRITTEN = {
    "shared": "Shared memory holds nothing when a block begins: write it first, and"
    " call __syncthreads() before a thread reads what others write.",
    "global": "cudaMalloc clears nothing: copy or set the memory before the launch, or"
    " let an earlier kernel write all of it.",
}
_RACES = {
    "blocks": "Threads of different blocks cannot wait for each other: let each element"
    " belong to one thread, use atomic operations, or launch two kernels.",
    "block": "Put __syncthreads() between the two, where all threads of the block come"
    " by, or let each element belong to one thread.",
    "element": "Several threads change one element: use an atomic operation, as"
    " atomicAdd, or let each element belong to one thread.",
}


def advice(finding: Finding) -> str:
    """Return what to do about a finding; empty if nothing can be said in general."""
    if finding.kind == "never written":
        shared = finding.array is not None and "shared" in finding.array.space
        return _NEVER_WRITTEN["shared" if shared else "global"]
    if finding.kind == "race":
        return _RACES[_race(finding)]
    return _ADVICE.get(finding.kind, "")


def kinds() -> set[str]:
    """Return the kinds of findings for which there is advice."""
    return {"never written", "race", *_ADVICE}


def _race(finding: Finding) -> str:
    """Return between whom a race is: blocks, threads of a block, or for one element."""
    now, before = finding.now, finding.before
    if before is None or before.block == now.block:
        same = before is not None and before.line == now.line
        return "element" if same else "block"
    return "blocks"
