"""The gradebook's database: the only truth about what was submitted and graded."""
