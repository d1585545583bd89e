"""From any figure down to its rows, the raw events as sent and the rule that made it."""
