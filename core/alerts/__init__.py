"""Alerts: digests that are written to people when their local day asks for it."""
