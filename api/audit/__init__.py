"""The access log: who read whose records, and who changed who may."""
