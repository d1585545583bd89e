"""What became of each event."""
