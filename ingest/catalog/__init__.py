"""Writes of catalog and roster (our extension of OneRoster 1.2, whose standard only reads)."""
