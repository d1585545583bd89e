"""Reads of catalog and roster (OneRoster 1.2 Rostering Service)."""
