"""Results and line items in OneRoster's shapes."""
