"""Ways in which submissions arrive."""
