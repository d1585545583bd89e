"""SQL of the reports, on the marts of one published build."""
