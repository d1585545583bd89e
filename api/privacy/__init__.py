"""A student's rights: their data to take along, and its erasure."""
