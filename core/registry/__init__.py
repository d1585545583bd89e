"""Registry: catalog and roster records, who may see them, and how they look on the wire."""
