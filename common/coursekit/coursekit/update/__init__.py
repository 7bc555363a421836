"""Bring a newer release of a homework into a folder that is in use."""
