"""Charts as pure functions of polars frames."""
