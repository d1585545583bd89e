"""What makes a benchmark's figures worthless."""


class LostEventsError(RuntimeError):
    """A run whose events are not all stored; its speed means nothing."""
