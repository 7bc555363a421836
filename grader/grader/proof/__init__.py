"""Prove that a homework is fair and that its tests test: closure, bugs, flakiness."""
