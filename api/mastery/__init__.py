"""Lesson mastery with its evidence."""
