"""CUDA on a CPU: the parts that are Python."""

from cuda_emulator.building import BuildError, build

__all__ = ["BuildError", "build"]
