"""Students' rights over their data: erasure, export, and how long traces are kept."""
