"""Show results: on a terminal, as one HTML file, as a table for a spreadsheet."""
