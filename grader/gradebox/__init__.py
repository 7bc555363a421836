"""What enters the box: cases, answers, their encoding, the supervisor. Stdlib and NumPy only."""
