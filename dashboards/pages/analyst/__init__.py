"""Pages of analysts."""
