"""A student's activity by day, subject and app."""
