"""A class at once: what was handed in, graded side by side, kept in one file, and written out as gradebooks."""
