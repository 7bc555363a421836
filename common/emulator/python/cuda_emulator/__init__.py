"""CUDA on a CPU: the part that is Python."""
